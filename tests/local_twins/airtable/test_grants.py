"""Tokens with scopes and with permission levels on bases."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from local_twins.airtable import ListedTokens, Store
from local_twins.airtable.web.endpoints import ENDPOINTS
from local_twins.airtable.web.grants import SCOPES

BASE = "appTest0000000000"
RECORD = "recTask0000000001"
NOT_FOUND = "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"
CASES = (Path(__file__).parent / "cases/grants.txt").read_text(encoding="utf-8").splitlines()


def cases() -> Iterator[Any]:
    for line in CASES:
        if line and not line.startswith("#"):
            yield pytest.param(*(part.strip() for part in line.split("|")), id=line.split("|", 2)[1][:60])


@pytest.fixture
def records() -> dict[str, list[dict[str, Any]]]:
    return {"Tasks": [{"id": RECORD, "fields": {"Title": "T1"}}]}


@pytest.fixture
def ask(store: Store, serve: Callable[..., str]) -> Iterator[Callable[..., requests.Response]]:
    """Asks with a token of that grant."""
    with ExitStack() as stack:

        def call(grant: Any, method: str, path: str, **options: Any) -> requests.Response:
            url = serve(store, tokens=ListedTokens({"patAda": grant}))
            session = stack.enter_context(requests.Session())
            headers = {"Authorization": "Bearer patAda"}
            return session.request(method, f"{url}/v0/{path}", headers=headers, timeout=10, **options)

        yield call


def ada(**limits: Any) -> dict[str, Any]:
    return {"user": "usrAda00000000000", **limits}


@pytest.mark.parametrize(("level", "request_line", "body", "answer"), list(cases()))
def test_a_level_that_is_too_low_is_refused_in_airtables_words(
    ask: Callable[..., requests.Response], level: str, request_line: str, body: str, answer: str
) -> None:
    method, path = request_line.replace("{b}", BASE).replace("{r}", RECORD).split(" ", 1)

    answered = ask(ada(bases={BASE: level}), method, path, data=body.encode())

    if answer == "200":
        assert answered.status_code == 200
    else:
        assert answered.status_code == 403
        type_, _, message = answer.partition(" ")
        assert answered.json()["error"]["type"] == type_
        assert not message or answered.json()["error"]["message"] == message


@pytest.mark.parametrize("missing", sorted(SCOPES - {"user.email:read"}))
def test_an_endpoint_is_closed_to_a_token_without_its_scope_and_open_to_one_with_it(
    ask: Callable[..., requests.Response], missing: str
) -> None:
    method, pattern = next((line[0], line[1]) for line in ENDPOINTS if line[3].scopes == {missing})
    path = pattern.format(base=BASE, table="Tasks", record=RECORD, view="viwTaGrid00000000")

    without = ask(ada(scopes=sorted(SCOPES - {missing})), method, path)
    with_it = ask(ada(scopes=[missing]), method, path)

    assert (without.status_code, without.json()["error"]["type"]) == (403, NOT_FOUND)
    assert with_it.status_code in (200, 422)


def test_whoami_tells_the_scopes_and_the_address_only_where_a_scope_says_so(
    ask: Callable[..., requests.Response],
) -> None:
    reader = ask(ada(scopes=["data.records:read"]), "GET", "meta/whoami").json()
    mail = ask(ada(scopes=["user.email:read"]), "GET", "meta/whoami").json()

    assert reader == {"id": "usrAda00000000000", "scopes": ["data.records:read"]}
    assert mail == {"id": "usrAda00000000000", "scopes": ["user.email:read"], "email": "ada@example.com"}


def test_only_the_tokens_bases_are_listed_each_with_its_level(ask: Callable[..., requests.Response]) -> None:
    seen = ask(ada(bases={BASE: "comment"}), "GET", "meta/bases").json()["bases"]
    unseen = ask(ada(bases={}), "GET", "meta/bases").json()["bases"]

    assert seen == [{"id": BASE, "name": "Work", "permissionLevel": "comment"}]
    assert unseen == []


def test_an_update_that_is_not_permitted_changes_nothing(
    ask: Callable[..., requests.Response], http: Any
) -> None:
    before = http.call("GET", f"{BASE}/Tasks").json()

    ask(ada(bases={BASE: "read"}), "PATCH", f"{BASE}/Tasks/{RECORD}", json={"fields": {"Title": "T2"}})

    assert http.call("GET", f"{BASE}/Tasks").json() == before


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ("", "user id"),
        ({"scopes": []}, "user id"),
        ({"user": "usrA", "scopes": ["data.records:write", "everything"]}, "no such scope: everything"),
        ({"user": "usrA", "scopes": "data.records:read"}, "list"),
        ({"user": "usrA", "bases": {BASE: "owner"}}, "no such permission level: owner"),
        ({"user": "usrA", "bases": [BASE]}, "levels by base id"),
        ({"user": "usrA", "base": {}}, "no base"),
    ],
)
def test_a_token_that_is_listed_wrongly_is_refused_at_once(told: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        ListedTokens({"patAda": told})
