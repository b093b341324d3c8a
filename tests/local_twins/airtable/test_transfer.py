"""Whole bases in and out."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from local_twins.airtable import SAMPLES, ImportRefused, Store, export_document, import_document, load_samples
from local_twins.airtable.computing import loaded, whole
from local_twins.airtable.transfer.shipped import sample

BASE = "appTest0000000000"
LINKED: dict[str, list[dict[str, Any]]] = {
    "Tasks": [
        {"id": "recTask0000000001", "fields": {"Title": "Write", "Status": "Doing", "Number": 7}},
        {
            "id": "recTask0000000002",
            "createdTime": "2026-01-02T03:04:05.006Z",
            "fields": {
                "fldTaTitle0000000": "Read",
                "Owner": ["recPerson00000001"],
                "Lead": {"email": "ada@example.com"},
            },
        },
    ],
    "tblPeople00000000": [
        {
            "id": "recPerson00000001",
            "fields": {"Name": "Ada", "Tasks": ["recTask0000000001", "recTask0000000002"]},
        }
    ],
}


@pytest.fixture
def records() -> dict[str, list[dict[str, Any]]]:
    return LINKED


def test_links_given_on_one_side_or_both_are_there_once_on_each(http: Any) -> None:
    ada = http.call("GET", f"{BASE}/People/recPerson00000001").json()["fields"]
    write, read = http.call("GET", f"{BASE}/Tasks").json()["records"]

    assert ada["Tasks"] == ["recTask0000000001", "recTask0000000002"]
    assert write["fields"]["Owner"] == ["recPerson00000001"]
    assert read["fields"]["Owner"] == ["recPerson00000001"]


def test_given_ids_times_and_numbers_are_kept_and_go_on(http: Any) -> None:
    write, read = http.call("GET", f"{BASE}/Tasks").json()["records"]
    made = http.call("POST", f"{BASE}/Tasks", json={"fields": {"Title": "next"}}).json()

    assert write["fields"]["Number"] == 7
    assert read["createdTime"] == "2026-01-02T03:04:05.006Z"
    assert read["fields"]["Lead"]["name"] == "Ada"
    assert made["fields"]["Number"] == 9


def test_an_export_of_an_import_of_an_export_is_that_export(store: Store, http: Any) -> None:
    http.call("PATCH", f"{BASE}/Tasks/recTask0000000001", json={"fields": {"Title": "Write more"}})
    http.call("PATCH", f"{BASE}/People/recPerson00000001", json={"fields": {"Tasks": ["recTask0000000002"]}})
    http.call("POST", f"{BASE}/Tasks", json={"fields": {"Title": "new"}})
    http.call("DELETE", f"{BASE}/Tasks/recTask0000000002")
    exported = export_document(store)

    with Store.open(":memory:") as other:
        import_document(other, exported)

        assert export_document(other) == exported


def test_an_import_names_the_ids_that_exist_and_changes_nothing(
    store: Store, document: dict[str, Any]
) -> None:
    before = export_document(store)
    another = copy.deepcopy(document)
    another["bases"][0]["id"] = "appOther000000000"
    another["users"].append({"id": "usrGrace000000000", "email": "grace@example.com", "name": "Grace"})

    with pytest.raises(ImportRefused, match="tblTasks000000000") as refused:
        import_document(store, another)

    assert "fldTaTitle0000000" in refused.value.ids
    assert export_document(store) == before


def test_a_record_id_that_exists_is_refused(store: Store) -> None:
    twice = {
        "bases": [
            {
                "name": "Other",
                "tables": [{"name": "T", "fields": [{"name": "N", "type": "singleLineText"}]}],
                "records": {"T": [{"id": "recTask0000000001", "fields": {"N": "x"}}]},
            }
        ]
    }

    with pytest.raises(ImportRefused, match="recTask0000000001"):
        import_document(store, twice)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"records": {"Nope": []}}, "Nope"),
        ({"records": {"T": [{"fields": {"Nope": 1}}]}}, "Nope"),
        ({"records": {"T": [{"fields": {"N": 1}}]}}, "'N'"),
        ({"records": {"T": [{"fields": {"S": "blue"}}]}}, "blue"),
        ({"tables": [{"name": "T", "fields": []}]}, "no field"),
        ({"tables": [{"name": "T", "fields": [{"name": "N", "type": "text"}]}]}, "unknown type"),
        ({"tables": [{"fields": [{"name": "N", "type": "singleLineText"}]}]}, "import format"),
        (
            {
                "tables": [
                    {"name": "T", "fields": [{"name": "N", "type": "formula", "options": {"formula": "{N}"}}]}
                ]
            },
            "circle",
        ),
    ],
)
def test_a_document_that_is_not_sound_is_refused_with_the_reason(
    store: Store, part: dict[str, Any], said: str
) -> None:
    select = {"name": "S", "type": "singleSelect", "options": {"choices": [{"name": "red"}]}}
    tables = [{"name": "T", "fields": [{"name": "N", "type": "singleLineText"}, select]}]
    before = export_document(store)

    with pytest.raises(ImportRefused, match=said):
        import_document(store, {"bases": [{"name": "Other", "tables": tables, **part}]})

    assert export_document(store) == before


def test_what_a_document_leaves_out_is_made(store: Store) -> None:
    document = {
        "bases": [
            {
                "id": "appOther000000000",
                "name": "Other",
                "tables": [
                    {
                        "name": "A",
                        "fields": [
                            {"name": "Name", "type": "singleLineText"},
                            {"name": "Bs", "type": "multipleRecordLinks", "options": {"linkedTableId": "B"}},
                        ],
                    },
                    {"name": "B", "fields": [{"name": "Name", "type": "singleLineText"}]},
                ],
            }
        ]
    }

    import_document(store, document)

    base = export_document(store)["bases"][-1]
    a, b = base["tables"]
    assert base["workspaceId"].startswith("wsp")
    assert a["views"][0]["name"] == "Grid view"
    assert a["primaryFieldId"] == a["fields"][0]["id"]
    assert b["fields"][1]["name"] == "A"
    assert b["fields"][1]["options"]["inverseLinkFieldId"] == a["fields"][1]["id"]


def test_the_samples_come_in_whole_and_go_out_again(tmp_path: Any) -> None:
    with Store.open(tmp_path / "one.db") as store, Store.open(":memory:") as other:
        counts = load_samples(store)
        exported = export_document(store)
        import_document(other, exported)

        assert counts["bases"] == len(SAMPLES) == 2
        assert counts["records"] == sum(
            len(r) for base in exported["bases"] for r in base["records"].values()
        )
        assert export_document(other) == exported


def computed_cells(now: datetime) -> list[Any]:
    """All computed cells of a sample with every type of field, imported at that instant."""
    with Store.open(":memory:", clock=lambda: now) as store:
        import_document(store, sample("studio"))
        return store.connection.execute("SELECT id, computed FROM records ORDER BY id").fetchall()


def test_cells_are_computed_the_same_whether_others_are_sought_walked_past_or_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    expected = computed_cells(now)

    monkeypatch.setattr(loaded, "_MANY", 0)
    walked_past = computed_cells(now)
    monkeypatch.setattr(loaded, "_MANY", 10**9)
    monkeypatch.setattr(whole, "_KNOWN_AT_MOST", 0)
    monkeypatch.setattr(whole, "_AT_ONCE", 7)
    sought = computed_cells(now)

    assert walked_past == expected
    assert sought == expected


def test_comments_and_the_bytes_of_files_go_out_and_come_in(
    store: Store, http: Any, serve: Any, connect: Any
) -> None:
    record = f"{BASE}/Tasks/recTask0000000001"
    first = http.call("POST", f"{record}/comments", json={"text": "@[ada@example.com] look"}).json()
    answer = {"text": "yes", "parentCommentId": first["id"]}
    http.call("POST", f"{record}/comments", json=answer)
    http.call("PATCH", f"{record}/comments/{first['id']}", json={"text": "look"})
    file = {"contentType": "text/plain", "filename": "x.txt", "file": "aGVsbG8="}
    http.call("POST", f"{BASE}/recTask0000000001/Files/uploadAttachment", json=file)

    with Store.open(":memory:") as other:
        import_document(other, json.loads(json.dumps(export_document(store))))
        copied = connect(serve(other))

        assert (
            copied.call("GET", f"{record}/comments").json() == http.call("GET", f"{record}/comments").json()
        )
        (item,) = copied.call("GET", record).json()["fields"]["Files"]
        assert requests.get(item["url"], timeout=10).content == b"hello"
        assert export_document(other) == export_document(store)
        copied.close()


@pytest.mark.parametrize(
    "beside",
    [
        {"files": [{"id": "att00000000000001", "content": "no base64!"}]},
        {"files": [{"id": "att00000000000001", "content": ""}] * 2},
        {"records": {"Tasks": [{"comments": [{"text": 7}]}]}},
        {"records": {"Tasks": [{"comments": [{"id": "com00000000000001", "text": "x"}] * 2}]}},
    ],
)
def test_comments_and_files_that_make_no_sense_are_refused(document: Any, beside: Any) -> None:
    document["bases"][0] |= beside

    with Store.open(":memory:") as other:
        with pytest.raises(ImportRefused):
            import_document(other, document)
        assert other.bases() == []
