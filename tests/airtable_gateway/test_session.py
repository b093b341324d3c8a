"""What pyairtable sends through: the bytes that go out, and what comes back of an answer."""

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import requests
from tests.airtable_gateway.hosts import OK, Host
from urllib3.exceptions import ReadTimeoutError

from airtable_gateway.endpoint import Endpoint
from airtable_gateway.transport.connection import Connection
from airtable_gateway.transport.session import DirectSession, address


@pytest.fixture
def session() -> Iterator[DirectSession]:
    with DirectSession() as session:
        session.headers["Authorization"] = "Bearer patOne"
        yield session


def ask(session: DirectSession, host: Host, method: str = "GET", **options: object) -> requests.Response:
    return session.request(method, f"{host.url}/v0/app", timeout=(5, 5), **options)  # type: ignore[arg-type]


def test_a_connection_serves_one_request_after_the_other(session: DirectSession) -> None:
    with closing(Host(OK, OK, OK)) as host:
        answers = [ask(session, host).json() for _ in range(3)]

        assert answers == [{"records": 1}] * 3
        assert host.connections == 1
        assert all(sent.startswith(b"GET /v0/app HTTP/1.1\r\n") for sent in host.requests)
        assert all(b"Authorization: Bearer patOne\r\n" in sent for sent in host.requests)


def test_a_body_is_json_and_a_query_is_encoded(session: DirectSession) -> None:
    with closing(Host(OK)) as host:
        ask(session, host, "POST", params={"fields[]": ["Ä b", "c&d"]}, json={"text": "ü"})

        head, _, body = host.requests[0].partition(b"\r\n\r\n")
        assert head.startswith(b"POST /v0/app?fields%5B%5D=%C3%84+b&fields%5B%5D=c%26d HTTP/1.1\r\n")
        assert b"Content-Type: application/json" in head
        assert json.loads(body) == {"text": "ü"}


def test_what_json_does_not_know_is_not_sent(session: DirectSession) -> None:
    with closing(Host(OK)) as host:
        with pytest.raises(requests.exceptions.InvalidJSONError):
            ask(session, host, "POST", json={"number": float("nan")})

        assert not host.requests


def test_an_answer_may_take_its_own_time_and_not_that_of_the_connection(session: DirectSession) -> None:
    with closing(Host()) as silent, pytest.raises(ReadTimeoutError, match=r"read timeout=0\.01"):
        session.request("GET", f"{silent.url}/v0/app", timeout=(2, 0.01))


def test_a_packed_answer_is_unpacked(session: DirectSession) -> None:
    packed = gzip.compress('{"name":"ü"}'.encode())
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
    with closing(Host(head + b"Content-Length: %d\r\n\r\n" % len(packed) + packed)) as host:
        assert ask(session, host).json() == {"name": "ü"}


def test_a_redirect_to_another_host_is_followed_without_the_token(session: DirectSession) -> None:
    with closing(Host(OK)) as there:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {there.url}/v0/app\r\nContent-Length: 0\r\n\r\n".encode()
        with closing(Host(moved, moved)) as here:
            answer = ask(session, here, "PATCH", json={"a": 1})

        assert answer.json() == {"records": 1}
        assert there.requests[0].startswith(b"PATCH /v0/app HTTP/1.1\r\n")
        assert there.requests[0].endswith(b'{"a": 1}')
        assert b"patOne" not in there.requests[0]


def test_a_proxy_is_asked_for_the_whole_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Host(OK)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        connection = Connection(Endpoint("http://airtable.example", "patOne"), timeout=(5, 5), connections=1)

        assert connection.ask("GET", ["app"], params={"a": "b"}) == {"records": 1}
        assert proxy.requests[0].startswith(b"GET http://airtable.example/v0/app?a=b HTTP/1.1\r\n")


def test_an_address_has_the_length_that_is_sent() -> None:
    assert address("http://x/v0", {}) == "http://x/v0"
    assert address("http://x/v0", {"q": "a b"}) == "http://x/v0?q=a+b"


@pytest.mark.parametrize(
    "query",
    [
        {
            "fields[]": ["Ä b", "c&d", "~e-_."],
            "pageSize": 100,
            "filterByFormula": "OR({a}='%41', \"+#?/:@\")",
        },
        {"sort[0][field]": "a;b", "view": "\u2028\t\n", "records[]": ["rec1", "rec2"], "none[]": []},
        [("a", "1"), ("a", "2"), ("", ""), ("b", "=&")],
    ],
)
def test_a_query_is_written_as_requests_does(query: dict[str, Any] | list[tuple[str, str]]) -> None:
    prepared = requests.Request("GET", "http://x/v0/app%20/tbl", params=query).prepare()

    assert address("http://x/v0/app%20/tbl", query) == prepared.url
