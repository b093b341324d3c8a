"""Views told one by one and taken away, and tables synced with CSV."""

from collections.abc import Callable
from typing import Any

import pytest

from local_twins.airtable import ListedTokens, Store

BASE = "appTest0000000000"
LONGEST = "viwTaLongest00000"
VIEWS = f"meta/bases/{BASE}/views"
SYNC = f"{BASE}/Tasks/sync/snyc0001"


@pytest.fixture
def records() -> dict[str, list[dict[str, Any]]]:
    titles = {"recTask0000000001": ("T1", 1), "recTask0000000002": ("T2", 5), "recTask0000000003": ("T3", 3)}
    return {
        "Tasks": [{"id": key, "fields": {"Title": title, "Hours": n}} for key, (title, n) in titles.items()],
        "People": [{"id": "recPersonAda00001", "fields": {"Name": "Ada"}}],
    }


def test_views_are_told_with_the_fields_that_they_show_when_asked(http: Any) -> None:
    plain = http.call("GET", VIEWS).json()["views"]
    one = http.call("GET", f"{VIEWS}/{LONGEST}", params={"include[]": "visibleFieldIds"}).json()

    assert plain[1] == {"id": LONGEST, "name": "Longest first", "type": "grid"}
    assert len(plain) == 3
    assert one == plain[1] | {"visibleFieldIds": ["fldTaTitle0000000", "fldTaHours0000000"]}


def test_a_view_brings_its_order_and_hides_no_field_from_the_api(http: Any) -> None:
    """Docs: "Fields hidden in this view will be returned in the results."."""
    listed = http.call("GET", f"{BASE}/Tasks", params={"view": "Longest first"}).json()["records"]

    assert [record["fields"]["Title"] for record in listed] == ["T2", "T3", "T1"]
    assert listed[0]["fields"]["Number"] == 2


def test_a_view_is_taken_away_but_not_the_last_one(http: Any) -> None:
    gone = http.call("DELETE", f"{VIEWS}/{LONGEST}")
    last = http.call("DELETE", f"{VIEWS}/viwTaGrid00000000")

    assert gone.json() == {"id": LONGEST, "deleted": True}
    assert http.call("GET", f"{VIEWS}/{LONGEST}").status_code == 403
    assert last.status_code == 422


def test_views_need_a_scope_of_their_own(
    store: Store, serve: Callable[..., str], connect: Callable[[str], Any]
) -> None:
    grant = {"user": "usrAda00000000000", "scopes": ["workspacesAndBases:read"]}
    http = connect(serve(store, tokens=ListedTokens({"patTest": grant})))

    assert http.call("GET", VIEWS).status_code == 200
    assert http.call("DELETE", f"{VIEWS}/{LONGEST}").status_code == 403
    http.close()


def sync(http: Any, text: str, kind: str = "text/csv") -> Any:
    return http.call("POST", SYNC, data=text.encode(), headers={"Content-Type": kind})


def test_rows_change_the_records_of_their_names_and_make_the_others(http: Any) -> None:
    answer = sync(http, '\ufeffTitle,Hours,Status,Owner,Note\r\nT1,2.5,Doing,Ada,"a, ""b"""\r\nT9,,,,\r\n')

    assert answer.json() == {"success": True}
    listed = http.call("GET", f"{BASE}/Tasks").json()["records"]
    assert [record["fields"].get("Hours") for record in listed] == [2.5, 5, 3, None]
    assert listed[0]["fields"]["Status"] == "Doing"
    assert listed[0]["fields"]["Owner"] == ["recPersonAda00001"]
    assert listed[0]["fields"]["Note"] == 'a, "b"'
    assert listed[3]["fields"] == {"Title": "T9", "Number": 4}


def test_the_same_rows_again_change_nothing(http: Any) -> None:
    sync(http, "Title,Hours\nT1,2\nT9,9\n")
    before = http.call("GET", f"{BASE}/Tasks").json()

    sync(http, "Title,Hours\nT1,2\nT9,9\n")

    assert http.call("GET", f"{BASE}/Tasks").json() == before


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("Title\nx\n", "application/json", 422),
        ("", "text/csv", 422),
        ("Title,title\nx,y\n", "text/csv", 422),
        ("Title,\nx,y\n", "text/csv", 422),
        ("Title,Hours\nx\n", "text/csv", 422),
        ('Title\n"x\n', "text/csv", 422),
        ("Title,Number\nx,7\n", "text/csv", 422),
        ("Title\n" + "x\n" * 10_001, "text/csv", 422),
        ("Title\n" + "x" * 2_097_152, "text/csv", 413),
    ],
)
def test_rows_that_make_no_table_are_refused_as_a_whole(http: Any, text: str, kind: str, status: int) -> None:
    before = http.call("GET", f"{BASE}/Tasks").json()

    assert sync(http, text, kind).status_code == status

    assert http.call("GET", f"{BASE}/Tasks").json() == before
