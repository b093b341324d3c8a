"""Comments on records, as pyairtable reads and writes them."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from pyairtable import Api

from local_twins.airtable import ListedTokens, Store

BASE = "appTest0000000000"
RECORD = "recTask0000000001"
PATH = f"{BASE}/Tasks/{RECORD}/comments"


@pytest.fixture
def records() -> dict[str, list[dict[str, Any]]]:
    return {"Tasks": [{"id": RECORD, "fields": {"Title": "T1"}}, {"id": "recTask0000000002", "fields": {}}]}


def test_a_comment_is_written_changed_and_deleted_by_pyairtable(api: Api, clock: Any) -> None:
    table = api.table(BASE, "Tasks")

    comment = table.add_comment(RECORD, "First")
    comment.text = "Second"
    comment.save()

    (read,) = table.comments(RECORD)
    assert (read.text, read.author.id) == ("Second", "usrLocalDeveloper")
    assert read.created_time == read.last_updated_time == clock()
    read.delete()
    assert table.comments(RECORD) == []


def test_who_is_mentioned_by_address_or_id_is_told_by_id(api: Api) -> None:
    by_address = api.table(BASE, "Tasks").add_comment(RECORD, "Hi @[Ada@example.com], @[eve@example.com]")
    by_id = api.table(BASE, "Tasks").add_comment(RECORD, "@[usrAda00000000000]")

    assert by_address.text == "Hi @[usrAda00000000000], @[eve@example.com]"
    for comment in (by_address, by_id):
        (ada,) = comment.mentioned.values()
        assert (ada.id, ada.display_name, ada.email, ada.type) == (
            "usrAda00000000000",
            "Ada",
            "ada@example.com",
            "user",
        )


def test_a_mention_tells_the_name_under_both_keys(http: Any) -> None:
    comment = http.call("POST", PATH, json={"text": "@[usrAda00000000000]"}).json()

    assert comment["mentioned"]["usrAda00000000000"] == {
        "type": "user", "id": "usrAda00000000000", "name": "Ada", "displayName": "Ada",
        "email": "ada@example.com",
    }  # fmt: skip


def test_pages_of_comments_go_from_the_newest_to_the_oldest(http: Any) -> None:
    for number in range(5):
        http.call("POST", PATH, json={"text": str(number)})

    pages: list[list[str]] = []
    offset: str | None = ""
    while offset is not None:
        page = http.call("GET", PATH, params={"pageSize": 2, "offset": offset}).json()
        pages.append([comment["text"] for comment in page["comments"]])
        offset = page["offset"]

    assert pages == [["4", "3"], ["2", "1"], ["0"]]


def test_an_answer_names_the_comment_that_it_answers(http: Any) -> None:
    parent = http.call("POST", PATH, json={"text": "Why?"}).json()

    answer = http.call("POST", PATH, json={"text": "So.", "parentCommentId": parent["id"]}).json()

    assert "parentCommentId" not in parent
    assert answer["parentCommentId"] == parent["id"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", PATH, {}, 422),
        ("POST", PATH, {"text": "  "}, 422),
        ("POST", PATH, {"text": 7}, 422),
        ("POST", PATH, {"text": "x", "parentCommentId": "comNope0000000000"}, 403),
        ("POST", f"{BASE}/Tasks/recNope0000000000/comments", {"text": "x"}, 403),
        ("POST", f"{BASE}/People/{RECORD}/comments", {"text": "x"}, 403),
        ("POST", f"{BASE}/Tasks/nope/comments", {"text": "x"}, 404),
        ("PATCH", f"{PATH}/comNope0000000000", {"text": "x"}, 403),
        ("GET", f"{PATH}?pageSize=101", None, 422),
        ("GET", f"{PATH}?offset=nonsense", None, 422),
    ],
)
def test_a_comment_that_makes_no_sense_is_refused(
    http: Any, method: str, path: str, body: Any, status: int
) -> None:
    assert http.call(method, path, json=body).status_code == status


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_only_ones_own_comments_may_be_changed(store: Store, serve: Callable[..., str], method: str) -> None:
    url = serve(store, tokens=ListedTokens({"patAda": "usrAda00000000000", "patDev": "usrLocalDeveloper"}))
    ada, dev = ({"Authorization": f"Bearer {token}"} for token in ("patAda", "patDev"))
    made = requests.post(f"{url}/v0/{PATH}", json={"text": "mine"}, headers=ada, timeout=10).json()

    answer = requests.request(
        method, f"{url}/v0/{PATH}/{made['id']}", json={"text": "yours"}, headers=dev, timeout=10
    )

    assert answer.status_code == 403
    assert answer.json()["error"] == {
        "type": "INVALID_PERMISSIONS",
        "message": "You are not permitted to perform this operation",
    }
    assert requests.get(f"{url}/v0/{PATH}", headers=dev, timeout=10).json()["comments"] == [made]


def test_records_say_how_many_comments_they_have(http: Any) -> None:
    for text in "ab":
        http.call("POST", PATH, json={"text": text})

    listed = http.call("GET", f"{BASE}/Tasks?recordMetadata[]=commentCount").json()["records"]

    assert [record["commentCount"] for record in listed] == [2, 0]


def test_the_comments_of_a_record_go_with_it(http: Any, store: Store) -> None:
    http.call("POST", PATH, json={"text": "x"})

    http.call("DELETE", f"{BASE}/Tasks/{RECORD}")

    assert store.comments.counts([RECORD]) == {}
