"""A filter and an upsert see every record as it is now, whatever happened since the last time."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local_twins.airtable import Store, reset, restore_snapshot, save_snapshot

BASE = "appTest0000000000"
ADA = "recPerson00000001"
DOUBLE = {"name": "Twice", "type": "formula", "options": {"formula": "{Hours} * 2"}}
TOTAL = {
    "name": "Total",
    "type": "rollup",
    "options": {
        "recordLinkFieldId": "fldPeTasks0000000",
        "fieldIdInLinkedTable": "fldTaHours0000000",
        "formula": "SUM(values)",
    },
}
FILTERS: dict[tuple[str, str], Callable[[dict[str, Any]], bool]] = {
    ("Tasks", "{Hours} > 2"): lambda cells: cells.get("Hours", 0) > 2,
    ("Tasks", "{Twice} >= 10"): lambda cells: cells.get("Twice", 0) >= 10,
    ("Tasks", '{Status} = "Done"'): lambda cells: cells.get("Status") == "Done",
    ("Tasks", 'AND({Title} != "", {Hours} < 6)'): lambda cells: (
        bool(cells.get("Title")) and cells.get("Hours", 0) < 6
    ),
    ("People", "{Total} > 3"): lambda cells: cells.get("Total", 0) > 3,
}
"""Filters, and the same rule in Python over the cells of an answer."""


@pytest.fixture
def records() -> dict[str, list[dict[str, Any]]]:
    tasks = [
        {"id": _task(n), "fields": {"Title": f"T{n}", "Hours": n, "Status": ("Todo", "Done")[n % 2]}}
        for n in range(8)
    ]
    return {
        "Tasks": tasks,
        "People": [{"id": ADA, "fields": {"Name": "Ada", "Tasks": [_task(1), _task(2)]}}],
    }


def _task(number: int) -> str:
    return f"recTask{number:010}"


@pytest.fixture
def kept(store: Store, tmp_path: Path) -> Iterator[Store]:
    """The base in a file, with a formula and a rollup to come."""
    save_snapshot(store, tmp_path / "first.db")
    with Store.open(tmp_path / "bases.db", clock=store.clock) as in_file:
        restore_snapshot(in_file, tmp_path / "first.db")
        yield in_file


@pytest.fixture
def warm(kept: Store, serve: Callable[..., str], connect: Callable[[str], Any]) -> Iterator[Any]:
    """A client of a twin whose filters were all asked for once."""
    http = connect(serve(kept))
    _good(http.call("POST", f"meta/bases/{BASE}/tables/tblTasks000000000/fields", json=DOUBLE))
    _good(http.call("POST", f"meta/bases/{BASE}/tables/tblPeople00000000/fields", json=TOTAL))
    _check(http)
    yield http
    http.close()


def _good(response: Any) -> Any:
    assert response.status_code == 200, response.text
    return response.json()


def _check(http: Any) -> None:
    """Every filter finds what the whole list says, in its order."""
    for (table, text), rule in FILTERS.items():
        whole = _good(http.call("GET", f"{BASE}/{table}"))["records"]
        found = _good(http.call("GET", f"{BASE}/{table}", params={"filterByFormula": text}))["records"]
        assert found == [record for record in whole if rule(record["fields"])], text


def _create(http: Any) -> Any:
    fields = {"Title": "new", "Hours": 9, "Status": "Done", "Owner": [ADA]}
    return http.call("POST", f"{BASE}/Tasks", json={"records": [{"fields": fields}, {"fields": {}}]})


def _update(http: Any) -> Any:
    return http.call("PATCH", f"{BASE}/Tasks/{_task(1)}", json={"fields": {"Hours": 7.5, "Status": "Todo"}})


def _empty(http: Any) -> Any:
    return http.call("PUT", f"{BASE}/Tasks/{_task(7)}", json={"fields": {}})


def _delete(http: Any) -> Any:
    params = {"records[]": [_task(0), _task(5), _task(7)]}
    return http.call("DELETE", f"{BASE}/Tasks", params=params)


def _link(http: Any) -> Any:
    return http.call("PATCH", f"{BASE}/People/{ADA}", json={"fields": {"Tasks": [_task(3), _task(6)]}})


def _grow(http: Any) -> Any:
    fields = {"Status": "Blocked", "Hours": "4"}
    return http.call("PATCH", f"{BASE}/Tasks/{_task(3)}", json={"fields": fields, "typecast": True})


def _add_field(http: Any) -> Any:
    field = {"name": "More", "type": "formula", "options": {"formula": "{Twice} + 1"}}
    return http.call("POST", f"meta/bases/{BASE}/tables/tblTasks000000000/fields", json=field)


@pytest.mark.parametrize("change", [_create, _update, _empty, _delete, _link, _grow, _add_field])
def test_a_filter_after_a_change_sees_it(warm: Any, change: Callable[[Any], Any]) -> None:
    _good(change(warm))

    _check(warm)


def test_a_filter_after_all_changes_together_sees_them(warm: Any) -> None:
    for change in (_create, _update, _delete, _link, _grow, _create):
        _good(change(warm))

    _check(warm)


def test_a_refused_batch_leaves_filters_and_upserts_as_they_were(warm: Any) -> None:
    batch = [{"fields": {"Title": "T1", "Hours": 50}}, {"fields": {"Title": "T2", "Hours": "no number"}}]
    body = {"records": batch, "performUpsert": {"fieldsToMergeOn": ["Title"]}}

    refused = warm.call("PATCH", f"{BASE}/Tasks", json=body)

    assert refused.status_code == 422
    _check(warm)
    done = _good(warm.call("PATCH", f"{BASE}/Tasks", json=body | {"records": batch[:1]}))
    assert done["updatedRecords"] == [_task(1)]


def test_a_filter_sees_what_another_process_wrote(warm: Any, tmp_path: Path) -> None:
    with Store.open(tmp_path / "bases.db") as other, other.transaction():
        other.connection.execute("DELETE FROM records WHERE id = ?", (_task(3),))

    _check(warm)


def test_a_filter_sees_what_a_restore_brought(warm: Any, kept: Store, tmp_path: Path) -> None:
    save_snapshot(kept, tmp_path / "second.db")
    for change in (_create, _update, _delete):
        _good(change(warm))
    _check(warm)

    restore_snapshot(kept, tmp_path / "second.db")

    _check(warm)
    _good(_update(warm))
    _check(warm)


def test_a_filter_after_a_fresh_start_finds_what_is_imported_then(
    warm: Any, kept: Store, a_document: Callable[..., dict[str, Any]]
) -> None:
    reset(kept)
    document = a_document(Tasks=[{"id": _task(1), "fields": {"Title": "other", "Hours": 3}}])
    _good(_twin(warm, "reset", document))

    found = warm.call("GET", f"{BASE}/Tasks", params={"filterByFormula": "{Hours} > 2"}).json()

    assert [record["fields"]["Title"] for record in found["records"]] == ["other"]


def _twin(http: Any, name: str, body: Any) -> Any:
    return http.call("POST", f"../_twin/{name}", json=body)


def test_an_upsert_finds_records_by_what_they_hold_now(warm: Any) -> None:
    def upserted(**cells: Any) -> Any:
        body = {"records": [{"fields": cells}], "performUpsert": {"fieldsToMergeOn": ["Title", "Status"]}}
        return warm.call("PATCH", f"{BASE}/Tasks", json=body)

    first = _good(upserted(Title="T1", Status="Done", Hours=30))
    assert first["updatedRecords"] == [_task(1)]
    made = _good(upserted(Title="T1", Status="Todo"))["createdRecords"]
    assert len(made) == 1
    assert _good(upserted(Title="T1", Status="Todo", Hours=1))["updatedRecords"] == made
    _good(warm.call("PATCH", f"{BASE}/Tasks/{_task(1)}", json={"fields": {"Status": "Todo"}}))
    assert upserted(Title="T1", Status="Todo").status_code == 422
    _good(warm.call("DELETE", f"{BASE}/Tasks/{made[0]}"))
    assert _good(upserted(Title="T1", Status="Todo", Hours=2))["updatedRecords"] == [_task(1)]
    assert len(_good(upserted(Title="T1", Status="Done"))["createdRecords"]) == 1
    _check(warm)
