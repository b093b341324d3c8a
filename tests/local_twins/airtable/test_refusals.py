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
    return {"error": {"type": type_} if message == "-" else {"type": type_, "message": message}}


def asked(http: Any, request: str, body: str) -> requests.Response:
    method, path = request.replace("{b}", BASE).split(" ", 1)
    data = body.removeprefix("raw:").encode() if body else None
    answer: requests.Response = http.call(method, path, data=data)
    return answer


RECORDS: dict[str, list[dict[str, Any]]] = {
    "Tasks": [{"id": f"recTask000000000{n}", "fields": {"Title": "same"}} for n in (1, 2)],
    "People": [{"id": "recPerson00000001", "fields": {"Name": "Ada"}}],
}


@pytest.fixture(scope="module")
def refusing(a_document: Callable[..., dict[str, Any]], connect: Callable[[str], Any]) -> Iterator[Any]:
    """One base for all cases, since none of them may change it."""
    with Store.open(":memory:") as store:
        import_document(store, a_document(**RECORDS))
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
