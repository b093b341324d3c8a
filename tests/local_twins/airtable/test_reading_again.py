"""A request that is made again is answered as the first one, and as things are now."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.responses import Response

from local_twins.airtable import Store, reset, restore_snapshot, save_snapshot
from local_twins.airtable.web.remembering import Remembering

BASE = "appTest0000000000"
TASK, OTHER, ADA = "recTask0000000001", "recTask0000000002", "recAda00000000000"
TITLE, STATUS = "fldTaTitle0000000", "fldTaStatus000000"
FIELDS = f"meta/bases/{BASE}/tables/tblTasks000000000/fields"
FILE = {"contentType": "text/plain", "filename": "x", "file": "eA=="}


@pytest.fixture
def records() -> dict[str, list[dict[str, Any]]]:
    return {
        "Tasks": [
            {"id": TASK, "fields": {"Title": "T1", "Status": "Todo", "Owner": [ADA]}},
            {"id": OTHER, "fields": {"Title": "T2"}},
        ],
        "People": [{"id": ADA, "fields": {"Name": "Ada"}}],
    }


def told(answer: requests.Response) -> tuple[int, dict[str, str], bytes]:
    """All of an answer but the time at which it was given."""
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "date"}
    return answer.status_code, headers, answer.content


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{BASE}/Tasks/{TASK}"),
        ("GET", f"{BASE}/Tasks/{TASK}/"),
        ("GET", f"{BASE}/Tasks/{TASK}?"),
        ("GET", f"{BASE}/%54asks/{TASK}"),
        ("GET", f"{BASE}/People/{TASK}"),
        ("GET", f"{BASE}/Tasks/{TASK}?returnFieldsByFieldId=1"),
        ("GET", f"{BASE}/Tasks/{TASK}?fields[]=Title"),
        ("GET", f"{BASE}/Tasks/{TASK}?%FF"),
        ("GET", f"{BASE}/Tasks/recGone0000000000"),
        ("GET", f"{BASE}/Tasks/nonsense"),
        ("GET", f"{BASE}/Nothing/{TASK}"),
        ("GET", f"appGone0000000000/Tasks/{TASK}"),
        ("GET", f"{BASE}/Tasks/{TASK}/nothing"),
        ("GET", f"{BASE}/Tasks"),
        ("GET", f"{BASE}/Tasks/"),
        ("HEAD", f"{BASE}/Tasks/{TASK}"),
        ("OPTIONS", f"{BASE}/Tasks/{TASK}"),
        ("PUT", f"{BASE}/Tasks/{TASK}"),
        ("GET", "meta/whoami"),
        ("GET", f"meta/bases/{BASE}"),
    ],
)
def test_the_second_and_the_third_answer_are_the_first_byte_for_byte(
    http: Any, method: str, path: str
) -> None:
    first, *more = [told(http.call(method, path)) for _ in range(3)]

    assert more == [first, first]


@pytest.fixture
def look(http: Any) -> Callable[[], Any]:
    """The task, read three times: the last answer is a remembered one, where anything is remembered."""

    def read() -> Any:
        answers = [http.call("GET", f"{BASE}/Tasks/{TASK}") for _ in range(3)]
        assert len({answer.content for answer in answers}) == 1
        return answers[0].json()

    return read


@pytest.mark.parametrize(
    ("method", "path", "body", "field", "then"),
    [
        ("PATCH", f"{BASE}/People/{ADA}", {"fields": {"Tasks": [OTHER]}}, "Owner", None),
        ("DELETE", f"{BASE}/People/{ADA}", None, "Owner", None),
        ("PUT", f"{BASE}/Tasks/{TASK}", {"fields": {"Title": "T9"}}, "Status", None),
        ("PATCH", f"{BASE}/Tasks", {"records": [{"id": TASK, "fields": {"Title": "T9"}}]}, "Title", "T9"),
        ("PATCH", f"{FIELDS}/{TITLE}", {"name": "Heading"}, "Heading", "T1"),
        (
            "PATCH",
            f"{FIELDS}/{STATUS}",
            {"options": {"choices": [{"id": "selTodo0000000000", "name": "Open"}]}},
            "Status",
            "Open",
        ),
        (
            "POST",
            FIELDS,
            {"name": "Loud", "type": "formula", "options": {"formula": "{Title} & '!'"}},
            "Loud",
            "T1!",
        ),
    ],
)
def test_what_was_done_elsewhere_is_seen_at_once(
    http: Any, look: Any, method: str, path: str, body: Any, field: str, then: Any
) -> None:
    before = look()["fields"]

    done = http.call(method, path, json=body)

    assert done.status_code == 200, done.text
    assert look()["fields"].get(field) == then
    assert before.get(field) != then


def test_a_table_of_another_name_is_not_found_under_the_old_one(http: Any, look: Any) -> None:
    look()

    http.call("PATCH", f"meta/bases/{BASE}/tables/Tasks", json={"name": "Jobs"})

    assert http.call("GET", f"{BASE}/Tasks/{TASK}").status_code == 403
    assert http.call("GET", f"{BASE}/Jobs/{TASK}").status_code == 200


def test_a_restored_and_an_emptied_store_are_seen_at_once(
    http: Any, look: Any, store: Store, tmp_path: Path
) -> None:
    save_snapshot(store, tmp_path / "before.db")
    http.call("PATCH", f"{BASE}/Tasks/{TASK}", json={"fields": {"Title": "T9"}})
    assert look()["fields"]["Title"] == "T9"

    restore_snapshot(store, tmp_path / "before.db")
    assert look()["fields"]["Title"] == "T1"

    reset(store)
    assert http.call("GET", f"{BASE}/Tasks/{TASK}").status_code == 404


def test_a_comment_counts_at_once(http: Any) -> None:
    asked = f"{BASE}/Tasks?recordMetadata[]=commentCount&maxRecords=1"
    counts = []

    for _ in range(2):
        counts += [http.call("GET", asked).json()["records"][0]["commentCount"] for _ in range(2)]
        http.call("POST", f"{BASE}/Tasks/{TASK}/comments", json={"text": "x"})

    assert counts == [0, 0, 1, 1]


def test_a_view_shows_what_is_in_it_now(http: Any) -> None:
    asked = f"{BASE}/Tasks?view=Longest first"
    for _ in range(3):
        http.call("GET", asked)

    http.call("PATCH", f"{BASE}/Tasks/{OTHER}", json={"fields": {"Hours": 5}})

    assert http.call("GET", asked).json()["records"][0]["id"] == OTHER


def test_the_address_of_a_file_is_a_fresh_one_when_the_old_one_ends(http: Any, look: Any, clock: Any) -> None:
    http.call("POST", f"{BASE}/{TASK}/Files/uploadAttachment", json=FILE)
    (before,) = look()["fields"]["Files"]

    clock.instant += timedelta(hours=3)

    (after,) = look()["fields"]["Files"]
    assert requests.get(before["url"], timeout=10).status_code == 410
    assert requests.get(after["url"], timeout=10).content == b"x"


def test_a_rate_limit_counts_what_is_remembered_too(
    store: Store, serve: Callable[..., str], connect: Callable[[str], Any]
) -> None:
    http = connect(serve(store, rate_limit="strict"))

    statuses = [http.call("GET", f"{BASE}/Tasks/{TASK}").status_code for _ in range(7)]

    assert statuses == [200] * 5 + [429] * 2
    http.close()


def a_read(number: int) -> dict[str, Any]:
    """The scope of a request for one of many records."""
    path = f"/v0/{BASE}/Tasks/rec{number}".encode()
    return {"method": "GET", "query_string": b"", "raw_path": path, "headers": []}


def test_what_is_remembered_is_bounded_by_bytes(store: Store) -> None:
    remembering = Remembering(store, most_bytes=100_000)
    for number in range(100):
        assert remembering.question(a_read(number)) is None
        question = remembering.question(a_read(number))
        assert question is not None
        remembering.remember(question, BASE, "usr", Response(b"x" * 10_000))
        assert remembering.find(question) is not None

    held = [number for number in range(100) if is_known(remembering, number)]

    assert 0 < len(held) < 10


def test_an_answer_that_is_larger_than_all_that_may_be_remembered_is_not(store: Store) -> None:
    remembering = Remembering(store, most_bytes=5_000)
    remembering.question(a_read(1))
    question = remembering.question(a_read(1))
    assert question is not None

    remembering.remember(question, BASE, "usr", Response(b"x" * 10_000))

    assert remembering.find(question) is None


def is_known(remembering: Remembering, number: int) -> bool:
    question = remembering.question(a_read(number))
    return question is not None and remembering.find(question) is not None
