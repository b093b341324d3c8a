"""The change feed: every transaction as it was, in order."""

from typing import Any

import pytest

from local_twins.airtable import Store
from local_twins.airtable.storage.changes import KEPT

BASE = "appTest0000000000"
TASKS, PEOPLE = "tblTasks000000000", "tblPeople00000000"
TITLE, HOURS, OWNER, LINKED = (
    "fldTaTitle0000000", "fldTaHours0000000", "fldTaOwner0000000", "fldPeTasks0000000",
)  # fmt: skip
TASK, ADA, BOB = "recTask0000000001", "recPersonAda00001", "recPersonBob00001"


@pytest.fixture
def records() -> dict[str, list[dict[str, Any]]]:
    return {
        "Tasks": [{"id": TASK, "fields": {"Title": "T1", "Owner": [ADA]}}],
        "People": [{"id": ADA, "fields": {"Name": "Ada"}}, {"id": BOB, "fields": {"Name": "Bob"}}],
    }


@pytest.fixture
def feed(url: str, http: Any) -> Any:
    def ask(since: int = 0, **more: Any) -> Any:
        params = {"since": since, **more}
        return http.call("GET", "../_twin/changes", params=params).json()

    return ask


def cells(**values: Any) -> dict[str, Any]:
    return {"cellValuesByFieldId": values}


def test_a_base_that_was_imported_is_no_change(feed: Any) -> None:
    assert feed() == {"changes": [], "cursor": 0, "mightHaveMore": False, "missed": False}


def test_a_changed_cell_is_told_with_what_it_held(http: Any, feed: Any) -> None:
    http.call("PATCH", f"{BASE}/Tasks/{TASK}", json={"fields": {"Title": "T2", "Hours": 1, "Status": None}})

    (change,) = feed()["changes"]
    assert change == {
        "seq": 1,
        "baseId": BASE,
        "baseTransactionNumber": 1,
        "timestamp": "2026-11-23T12:00:00.000Z",
        "userId": "usrLocalDeveloper",
        "changedTablesById": {
            TASKS: {
                "changedRecordsById": {
                    TASK: {
                        "current": cells(**{TITLE: "T2", HOURS: 1}),
                        "previous": cells(**{TITLE: "T1", HOURS: None}),
                    }
                }
            }
        },
    }


def test_a_link_is_told_on_both_sides(http: Any, feed: Any) -> None:
    http.call("PATCH", f"{BASE}/Tasks/{TASK}", json={"fields": {"Owner": [BOB]}})

    told = feed()["changes"][0]["changedTablesById"]
    assert told[TASKS]["changedRecordsById"] == {
        TASK: {"current": cells(**{OWNER: [BOB]}), "previous": cells(**{OWNER: [ADA]})}
    }
    assert told[PEOPLE]["changedRecordsById"] == {
        ADA: {"current": cells(**{LINKED: None}), "previous": cells(**{LINKED: [TASK]})},
        BOB: {"current": cells(**{LINKED: [TASK]}), "previous": cells(**{LINKED: None})},
    }


def test_a_record_that_others_of_its_table_link_to_is_missed_there(http: Any, feed: Any) -> None:
    link = {"name": "Next", "type": "multipleRecordLinks", "options": {"linkedTableId": TASKS}}
    field = http.call("POST", f"meta/bases/{BASE}/tables/Tasks/fields", json=link).json()["id"]
    made = http.call("POST", f"{BASE}/Tasks", json={"fields": {"Next": [TASK]}}).json()["id"]
    start = feed()["cursor"]

    http.call("DELETE", f"{BASE}/Tasks/{TASK}")

    told = feed(start)["changes"][0]["changedTablesById"][TASKS]["changedRecordsById"]
    assert told == {made: {"current": cells(**{field: None}), "previous": cells(**{field: [TASK]})}}


def test_a_choice_that_typecast_adds_is_told_with_the_write(http: Any, feed: Any) -> None:
    http.call("PATCH", f"{BASE}/Tasks/{TASK}", json={"fields": {"Status": "New"}, "typecast": True})

    told = feed()["changes"][0]["changedTablesById"][TASKS]
    assert list(told["changedFieldsById"]) == ["fldTaStatus000000"]
    assert told["changedRecordsById"][TASK]["current"] == cells(fldTaStatus000000="New")


def test_after_a_restore_the_feed_begins_anew_and_tells_so(http: Any, feed: Any) -> None:
    snapshot = http.call("GET", "../_twin/snapshot").content
    http.call("POST", f"{BASE}/Tasks", json={"fields": {}})
    cursor = feed()["cursor"]

    http.call("POST", "../_twin/restore", data=snapshot)
    http.call("POST", f"{BASE}/Tasks", json={"fields": {}})

    page = feed(cursor)
    assert page["missed"]
    assert [change["seq"] > cursor for change in page["changes"]] == [True]


def test_a_new_and_a_deleted_record_are_told(http: Any, feed: Any) -> None:
    made = http.call("POST", f"{BASE}/Tasks", json={"fields": {"Title": "T2"}}).json()
    http.call("DELETE", f"{BASE}/Tasks/{TASK}")

    created, deleted = (change["changedTablesById"] for change in feed()["changes"])
    assert created[TASKS]["createdRecordsById"] == {
        made["id"]: {
            "createdTime": made["createdTime"],
            **cells(**{TITLE: "T2", "fldTaNumber000000": made["fields"]["Number"]}),
        }
    }
    assert deleted[TASKS] == {"destroyedRecordIds": [TASK]}
    assert deleted[PEOPLE]["changedRecordsById"][ADA]["previous"] == cells(**{LINKED: [TASK]})


def test_computed_cells_are_told_with_the_write_that_moved_them(http: Any, feed: Any) -> None:
    formula = {"name": "Twice", "type": "formula", "options": {"formula": "{Hours} * 2"}}
    field = http.call("POST", f"meta/bases/{BASE}/tables/Tasks/fields", json=formula).json()
    start = feed()["cursor"]

    http.call("PATCH", f"{BASE}/Tasks/{TASK}", json={"fields": {"Hours": 2}})

    (change,) = feed(start)["changes"]
    told = change["changedTablesById"][TASKS]["changedRecordsById"][TASK]
    assert told["current"] == cells(**{HOURS: 2, field["id"]: 4})


def test_a_changed_formula_tells_the_cells_that_differ_then(http: Any, feed: Any) -> None:
    fields = f"meta/bases/{BASE}/tables/Tasks/fields"
    one, two = (
        http.call(
            "POST", fields, json={"name": name, "type": "formula", "options": {"formula": text}}
        ).json()["id"]
        for name, text in (("One", "LEN({Title})"), ("Two", "{One} * 2"))
    )
    start = feed()["cursor"]

    http.call("PATCH", f"{fields}/{one}", json={"options": {"formula": "LEN({Title}) + 5"}})

    change, schema = feed(start)["changes"]
    assert change["userId"] == "usrLocalDeveloper"
    assert change["changedTablesById"][TASKS]["changedRecordsById"] == {
        TASK: {"current": cells(**{one: 7, two: 14}), "previous": cells(**{one: 2, two: 4})}
    }
    assert list(schema["changedTablesById"][TASKS]["changedFieldsById"]) == [one]


def test_changes_of_the_schema_are_told(http: Any, feed: Any) -> None:
    tables = f"meta/bases/{BASE}/tables"
    fields = [{"name": "Name", "type": "singleLineText"}]
    made = http.call("POST", tables, json={"name": "New", "fields": fields}).json()
    http.call("PATCH", f"{tables}/New", json={"name": "Newer"})
    http.call("PATCH", f"{tables}/Newer/fields/Name", json={"name": "Label"})

    created, renamed, field = feed()["changes"]
    (field_id,) = created["createdTablesById"][made["id"]]["fieldsById"]
    assert created["createdTablesById"][made["id"]]["metadata"] == {"name": "New", "description": None}
    assert renamed["changedTablesById"][made["id"]]["changedMetadata"]["current"]["name"] == "Newer"
    assert field["changedTablesById"][made["id"]]["changedFieldsById"][field_id] == {
        "current": {"name": "Label", "type": "singleLineText"},
        "previous": {"name": "Name", "type": "singleLineText"},
    }


def test_a_refused_or_empty_write_is_no_change(http: Any, feed: Any) -> None:
    http.call("PATCH", f"{BASE}/Tasks/{TASK}", json={"fields": {"Title": "T2", "Hours": "x"}})
    http.call("PATCH", f"{BASE}/Tasks/{TASK}", json={"fields": {"Title": "T1"}})

    assert feed()["changes"] == []


def test_the_feed_goes_on_where_it_was_left(http: Any, feed: Any) -> None:
    for number in range(3):
        http.call("POST", f"{BASE}/Tasks", json={"fields": {"Hours": number}})

    first = feed(limit=2)
    second = feed(first["cursor"])

    assert [change["baseTransactionNumber"] for change in first["changes"]] == [1, 2]
    assert first["mightHaveMore"]
    assert [change["baseTransactionNumber"] for change in second["changes"]] == [3]
    assert feed(second["cursor"])["changes"] == []
    assert feed(99)["missed"]


def test_the_oldest_changes_are_forgotten_and_that_is_told(store: Store, feed: Any) -> None:
    with store.transaction():
        for _ in range(KEPT + 2):
            store.changes.add(BASE, "2026-11-23T12:00:00.000Z", "usrLocalDeveloper", {})

    assert feed(1, limit=1)["missed"]
    assert not feed(2, limit=1)["missed"]
    assert feed(2, limit=1)["changes"][0]["baseTransactionNumber"] == 3


@pytest.mark.parametrize("since", ["x", "-1", "\u0661", "9" * 19])
def test_a_place_that_is_no_number_is_refused(http: Any, since: str) -> None:
    assert http.call("GET", "../_twin/changes", params={"since": since}).status_code == 422
