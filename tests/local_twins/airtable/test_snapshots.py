"""Snapshots of the whole store: kept, brought back, emptied; as functions and over HTTP."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from local_twins.airtable import (
    ListedTokens,
    NoSnapshot,
    Store,
    export_document,
    reset,
    restore_snapshot,
    save_snapshot,
)

BASE = "appTest0000000000"
RECORD = "recTask0000000001"


@pytest.fixture
def records() -> dict[str, list[dict[str, Any]]]:
    return {"Tasks": [{"id": RECORD, "fields": {"Title": "T1"}}]}


@pytest.fixture(params=["memory", "file"])
def kept(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Any:
    """The store with the base, in memory and in a file."""
    if request.param == "memory":
        yield store
        return
    save_snapshot(store, tmp_path / "first.db")
    with Store.open(tmp_path / "bases.db") as in_file:
        restore_snapshot(in_file, tmp_path / "first.db")
        yield in_file


def test_what_was_kept_comes_back_with_comments_and_files(
    kept: Store, serve: Callable[..., str], connect: Callable[[str], Any], tmp_path: Path
) -> None:
    http = connect(serve(kept))
    http.call("POST", f"{BASE}/Tasks/{RECORD}/comments", json={"text": "x"})
    file = {"contentType": "text/plain", "filename": "x", "file": "eA=="}
    http.call("POST", f"{BASE}/{RECORD}/Files/uploadAttachment", json=file)
    before = http.call("GET", f"{BASE}/Tasks/{RECORD}").json()
    save_snapshot(kept, tmp_path / "snapshot.db")

    http.call("DELETE", f"{BASE}/Tasks/{RECORD}")
    http.call("PATCH", f"meta/bases/{BASE}/tables/Tasks", json={"name": "Jobs"})
    restore_snapshot(kept, tmp_path / "snapshot.db")

    assert http.call("GET", f"{BASE}/Tasks/{RECORD}").json() == before
    assert len(http.call("GET", f"{BASE}/Tasks/{RECORD}/comments").json()["comments"]) == 1
    assert requests.get(before["fields"]["Files"][0]["url"], timeout=10).content == b"x"
    http.close()


def test_what_was_brought_back_is_still_there_when_the_file_is_opened_again(
    store: Store, tmp_path: Path
) -> None:
    save_snapshot(store, tmp_path / "snapshot.db")
    with Store.open(tmp_path / "bases.db") as other:
        restore_snapshot(other, tmp_path / "snapshot.db")

    with Store.open(tmp_path / "bases.db") as again:
        assert export_document(again) == export_document(store)


def test_an_emptied_store_holds_nothing_and_takes_new_bases(kept: Store) -> None:
    reset(kept)

    assert kept.bases() == []
    assert list(kept.users) == ["usrLocalDeveloper"]


def test_a_snapshot_replaces_no_file(store: Store, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(FileExistsError):
        save_snapshot(store, tmp_path / "mine.txt")

    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "script",
    [
        None,
        "CREATE TABLE notes (text)",
        "CREATE TRIGGER spy AFTER INSERT ON records BEGIN DELETE FROM users; END",
        "PRAGMA user_version = 99",
    ],
)
def test_a_file_that_is_no_snapshot_changes_nothing(store: Store, tmp_path: Path, script: str | None) -> None:
    path = tmp_path / "other.db"
    if script is None:
        path.write_bytes(b"no database" * 100)
    else:
        save_snapshot(store, path)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)
    before = export_document(store)

    with pytest.raises(NoSnapshot):
        restore_snapshot(store, path)

    assert export_document(store) == before


def test_a_file_that_is_missing_is_no_snapshot_and_is_not_made(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot):
        restore_snapshot(store, tmp_path / "nowhere.db")

    assert not (tmp_path / "nowhere.db").exists()


def test_a_snapshot_goes_out_and_comes_back_over_http(http: Any) -> None:
    before = http.call("GET", f"{BASE}/Tasks").json()
    snapshot = http.call("GET", "../_twin/snapshot").content
    http.call("DELETE", f"{BASE}/Tasks/{RECORD}")

    answer = http.call("POST", "../_twin/restore", data=snapshot)

    assert answer.json() == {"bases": [BASE]}
    assert http.call("GET", f"{BASE}/Tasks").json() == before


def test_a_restore_of_something_else_is_refused(http: Any) -> None:
    answer = http.call("POST", "../_twin/restore", data=b"no database")

    assert answer.status_code == 422
    assert answer.json()["error"]["type"] == "INVALID_SNAPSHOT"
    assert http.call("GET", f"{BASE}/Tasks").json()["records"]


def test_a_reset_empties_the_twin_or_fills_it_with_a_document(http: Any, document: dict[str, Any]) -> None:
    emptied = http.call("POST", "../_twin/reset").json()
    bases = http.call("GET", "meta/bases").json()["bases"]
    filled = http.call("POST", "../_twin/reset", json=document).json()

    assert (emptied["bases"], bases, filled["bases"]) == (0, [], 1)
    assert http.call("GET", f"{BASE}/Tasks/{RECORD}").json()["fields"]["Title"] == "T1"


def test_a_reset_to_a_document_that_is_not_sound_changes_nothing(http: Any) -> None:
    answer = http.call("POST", "../_twin/reset", json={"bases": [{"tables": [{}]}]})

    assert answer.json()["error"]["type"] == "INVALID_DOCUMENT"
    assert http.call("GET", f"{BASE}/Tasks/{RECORD}").json()["fields"]["Title"] == "T1"


@pytest.mark.parametrize(
    ("method", "name"), [("GET", "snapshot"), ("POST", "restore"), ("POST", "reset"), ("GET", "changes")]
)
@pytest.mark.parametrize("limits", [None, {"scopes": []}, {"bases": {BASE: "create"}}])
def test_only_a_token_without_limits_gets_behind_the_api(
    store: Store, serve: Callable[..., str], method: str, name: str, limits: Any
) -> None:
    url = serve(store, tokens=ListedTokens({"patAda": {"user": "usrAda00000000000", **(limits or {})}}))
    headers = {"Authorization": "Bearer patAda"} if limits else {}

    answer = requests.request(method, f"{url}/_twin/{name}", headers=headers, timeout=10)

    assert answer.status_code == (403 if limits else 401)
    assert store.bases()


@pytest.mark.parametrize(("method", "name"), [("GET", "reset"), ("POST", "nothing")])
def test_there_is_nothing_else_behind_the_api(http: Any, method: str, name: str) -> None:
    assert http.call(method, f"../_twin/{name}").status_code == 404
