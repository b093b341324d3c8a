"""Every refusal in Airtable's own words, from a table of cases; and who is let in at all."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from local_twins.airtable import AnyToken, ListedTokens, Store, TwinServer, create_app, import_document

BASE = "appTest0000000000"
CASES = (Path(__file__).parent / "cases/refusals.txt").read_text(encoding="utf-8").splitlines()


def cases() -> Iterator[Any]:
    for line in CASES:
        if line and not line.startswith("#"):
            request, body, status, type_, message = (part.strip() for part in line.split("|"))
            yield pytest.param(request, body, int(status), type_, message, id=f"{request} {body}"[:90])


def expected(type_: str, message: str) -> dict[str, Any]:
    if message == "bare":
        return {"error": type_}
    told = {} if message == "-" else {"message": message.replace("\\n", "\n")}
    return {"error": {"type": type_, **told}}


def asked(http: Any, request: str, body: str) -> requests.Response:
    method, path = request.replace("{b}", BASE).split(" ", 1)
    data = body.removeprefix("raw:").encode() if body else None
    answer: requests.Response = http.call(method, path, data=data)
    return answer


RECORDS: dict[str, list[dict[str, Any]]] = {
    "Tasks": [{"id": f"recTask000000000{n}", "fields": {"Title": "same"}} for n in (1, 2)],
    "People": [{"id": "recPerson00000001", "fields": {"Name": "Ada"}}],
}


ODD: dict[str, Any] = {
    "name": "Odd",
    "fields": [
        {"name": "Name", "type": "singleLineText"},
        {"name": "Stars", "type": "rating", "options": {"icon": "star", "max": 5, "color": "redBright"}},
        {"name": "Price", "type": "currency", "options": {"precision": 2, "symbol": "$"}},
        {"name": "Mail", "type": "email"},
        {"name": "Site", "type": "url"},
        {"name": "Phone", "type": "phoneNumber"},
        {"name": "Share", "type": "percent", "options": {"precision": 1}},
        {"name": "Took", "type": "duration", "options": {"durationFormat": "h:mm"}},
        {"name": "Done", "type": "checkbox", "options": {"icon": "check", "color": "redBright"}},
        {"name": "Who", "type": "singleCollaborator"},
    ],
}
"""Fields that records cannot be merged on."""


@pytest.fixture(scope="module")
def refusing(a_document: Callable[..., dict[str, Any]], connect: Callable[[str], Any]) -> Iterator[Any]:
    """One base for all cases, since none of them may change it."""
    with Store.open(":memory:") as store:
        document = a_document(**RECORDS)
        document["bases"][0]["tables"] = [*document["bases"][0]["tables"], ODD]
        import_document(store, document)
        with TwinServer(create_app(store, tokens=AnyToken())) as url, closing(connect(url)) as client:
            yield client


@pytest.mark.parametrize(("request_line", "body", "status", "type_", "message"), list(cases()))
def test_a_refusal_has_airtables_status_type_and_words(
    refusing: Any, request_line: str, body: str, status: int, type_: str, message: str
) -> None:
    answer = asked(refusing, request_line, body)

    assert answer.json() == expected(type_, message)
    assert answer.status_code == status


def test_a_refused_write_leaves_no_trace(refusing: Any) -> None:
    before = refusing.call("GET", f"{BASE}/Tasks").json()

    for request_line, body, *_ in (case.values for case in cases()):
        asked(refusing, str(request_line), str(body))

    assert refusing.call("GET", f"{BASE}/Tasks").json() == before


@pytest.mark.parametrize("extra", [0, 1])
def test_a_url_of_16_000_signs_is_too_long_and_a_shorter_one_is_not(http: Any, extra: int) -> None:
    path = f"{BASE}/Tasks?filterByFormula=1"
    longest = 15_999 - len(f"{http.url}/v0/{path}")

    answer = http.call("GET", path + "+" * (longest + extra))

    assert answer.status_code == (414 if extra else 200)


@pytest.mark.parametrize("place", ["tables", "tables/Tasks/fields"])
@pytest.mark.parametrize(("length", "status"), [(20_000, 200), (20_001, 422)])
def test_a_description_has_20_000_signs_at_most(http: Any, place: str, length: int, status: int) -> None:
    field = {"name": "New", "type": "singleLineText", "description": "x" * length}
    body = {"name": "New", "fields": [field]} if place == "tables" else field

    answer = http.call("POST", f"meta/bases/{BASE}/{place}", json=body)
    renamed = http.call("PATCH", f"meta/bases/{BASE}/tables/People", json={"description": "x" * length})

    assert answer.status_code == renamed.status_code == status


@pytest.mark.parametrize("header", [{}, {"Authorization": "Basic patTest"}, {"Authorization": "Bearer "}])
def test_a_request_without_a_token_is_refused(url: str, header: dict[str, str]) -> None:
    answer = requests.get(f"{url}/v0/meta/whoami", headers=header, timeout=10)

    assert answer.status_code == 401
    assert answer.json() == {
        "error": {"type": "AUTHENTICATION_REQUIRED", "message": "Authentication required"}
    }


def test_only_listed_tokens_are_let_in_and_each_is_its_user(store: Store, serve: Callable[..., str]) -> None:
    url = serve(store, tokens=ListedTokens({"patAda": "usrAda00000000000"}))

    ada = requests.get(f"{url}/v0/meta/whoami", headers={"Authorization": "Bearer patAda"}, timeout=10)
    eve = requests.get(f"{url}/v0/meta/whoami", headers={"Authorization": "Bearer patAdb"}, timeout=10)

    assert ada.json() == {"id": "usrAda00000000000", "email": "ada@example.com"}
    assert eve.status_code == 401


def test_tokens_do_not_print() -> None:
    assert "patSecret" not in repr(ListedTokens({"patSecret": "usrAda00000000000"}))


@pytest.mark.parametrize("rate_limit", ["bucket", "strict"])
def test_the_sixth_request_of_a_second_on_one_base_is_refused(
    store: Store, serve: Callable[..., str], rate_limit: str
) -> None:
    url = serve(store, rate_limit=rate_limit)
    headers = {"Authorization": "Bearer patTest"}

    with requests.Session() as session:
        answers = [session.get(f"{url}/v0/{BASE}/Tasks", headers=headers, timeout=10) for _ in range(8)]
        elsewhere = session.get(f"{url}/v0/meta/whoami", headers=headers, timeout=10)

    assert [answer.status_code for answer in answers[:5]] == [200] * 5
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["error"] == {
        "type": "RATE_LIMIT_REACHED",
        "message": "Rate limit exceeded. Please try again later",
    }
    assert elsewhere.status_code == 200
