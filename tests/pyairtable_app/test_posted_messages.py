"""What a client sends over HTTP that is no message, and what nobody keeps for it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from tests.pyairtable_mcp.guarded import in_one_task, over_http, sole_answers
from tests.pyairtable_mcp.plain import ERAS, SESSIONS, Plain, plainly

from pyairtable_app.posted_messages import PostedMessages

LARGEST = 10_000
HERE = TransportSecuritySettings(allowed_hosts=["127.0.0.1:*"], allowed_origins=["http://127.0.0.1:*"])


@pytest.fixture
async def url() -> AsyncIterator[str]:
    server: MCPServer[Any] = MCPServer("posted")

    @server.tool()
    async def say(text: str) -> str:
        """Say it."""
        return text

    served = server.streamable_http_app(max_request_body_size=LARGEST, transport_security=HERE)
    sessions = server.session_manager.asgi_app.app
    app = PostedMessages(served, largest_body=LARGEST, security=HERE, sessions=sessions)
    async with sole_answers(), in_one_task(server.session_manager.run()), over_http(app) as address:
        yield f"{address}/mcp"


@pytest.fixture(params=ERAS)
async def client(url: str, request: pytest.FixtureRequest) -> AsyncIterator[Plain]:
    async with plainly(url, request.param) as client:
        yield client


@pytest.mark.parametrize(
    ("body", "id", "code", "said"),
    [
        (b"", None, -32700, "no JSON"),
        (b'{"jsonrpc":', None, -32700, "no JSON"),
        (b"[" * 5_000, None, -32700, "nested too deeply"),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', None, -32600, "no batches"),
        (b"null", None, -32600, "A request has"),
        (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', None, -32600, "a whole number"),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', None, -32600, "a whole number"),
        (b'{"jsonrpc":"1.0","id":4,"method":"ping"}', 4, -32600, 'jsonrpc "2.0"'),
        (
            b'{"jsonrpc":"2.0","id":"a","method":"ping","params":[1]}',
            "a",
            -32600,
            "params that are an object",
        ),
    ],
)
async def test_what_is_no_message_is_refused_with_the_reason(client, body, id, code, said):
    answer = await client.http.post(
        client.url, content=body, headers={**client.headers, "content-type": "application/json"}
    )

    assert answer.status_code == 400
    assert (answer.json()["id"], answer.json()["error"]["code"]) == (id, code)
    assert said in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("header", "status"),
    [({"host": "elsewhere.example"}, 421), ({"origin": "http://elsewhere.example"}, 403)],
)
@pytest.mark.parametrize("body", [b"{", b'{"jsonrpc":"2.0","id":1,"method":"ping"}'])
async def test_who_comes_from_elsewhere_is_not_told_what_is_wrong(client, header, status, body):
    answer = await client.http.post(
        client.url, content=body, headers={**client.headers, "content-type": "application/json", **header}
    )

    assert answer.status_code == status
    assert answer.text.startswith("Invalid ")


async def test_half_of_a_character_becomes_the_sign_for_it(client):
    request = client.request("say", {"text": "cut HALF"})
    request["content"] = client.http.build_request("POST", client.url, json=request.pop("json")).content
    request["content"] = request["content"].replace(b"HALF", rb"\ud83d")
    request["headers"] = {**request["headers"], "content-type": "application/json"}

    answer = await client.http.post(client.url, **request)

    assert answer.json()["result"]["content"][0]["text"] == "cut \ufffd"


async def test_a_message_that_is_too_large_is_left_to_the_server(client):
    answer = await client.call("say", {"text": "a" * LARGEST})

    assert answer.status_code == 413


async def test_a_message_that_is_announced_as_too_large_is_not_waited_for(url):
    announced = b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    with closing(writer):
        writer.write(announced + b"Content-Length: %d\r\n\r\n{" % (LARGEST + 1))
        async with asyncio.timeout(20):
            assert (await reader.readline()).startswith(b"HTTP/1.1 413")


async def test_who_breaks_off_is_neither_answered_nor_passed_on():
    parts = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return parts.pop(0)

    async def nobody(*_):
        raise AssertionError("nobody is there to be answered")

    app = PostedMessages(nobody, largest_body=LARGEST, security=HERE, sessions=nobody)
    await app({"type": "http", "method": "POST", "headers": []}, receive, nobody)

    assert parts == []


async def test_who_wants_to_know_is_told_when_an_answer_has_been_sent():
    told = []

    async def answer(scope, receive, send):
        await send({"type": "http.response.body"})

    async def receive():
        return {"type": "http.request", "body": b'{"jsonrpc":"2.0","id":1,"method":"ping"}'}

    async def send(message):
        told.append(message["type"])

    app = PostedMessages(
        answer,
        largest_body=LARGEST,
        security=HERE,
        sessions=answer,
        answered=lambda: told.append("answered"),
    )
    await app({"type": "http", "method": "POST", "path": "/mcp", "headers": []}, receive, send)

    assert told == ["http.response.body", "answered"]


async def broken_off(*first):
    """What is sent when the server stops after an application has sent that, and goes on."""
    begun, sent = asyncio.Event(), list[dict[str, Any]]()

    async def goes_on(_scope, _receive, send):
        for message in first:
            await send(message)
        begun.set()
        await asyncio.Event().wait()

    async def receive():
        return {"type": "http.request", "body": b'{"jsonrpc":"2.0","id":"a","method":"tools/call"}'}

    async def send(message):
        if sent and message["type"] == "http.response.start":
            raise RuntimeError("as uvicorn refuses it")
        sent.append(message)

    app = PostedMessages(goes_on, largest_body=LARGEST, security=HERE, sessions=goes_on)
    scope = {"type": "http", "method": "POST", "path": "/mcp", "headers": []}
    serving = asyncio.create_task(app(scope, receive, send))
    await begun.wait()
    serving.cancel()
    await serving
    return sent


async def test_what_is_broken_off_is_answered_all_the_same():
    start, body = await broken_off()

    told = json.loads(body["body"])
    assert start["status"] == 503
    assert (told["id"], told["error"]["code"]) == ("a", -32603)
    assert "list_changes" in told["error"]["message"]


async def test_a_stream_that_is_broken_off_ends_with_the_answer():
    ping = {"type": "http.response.body", "body": b": ping\r\n\r\n", "more_body": True}

    *_, last = await broken_off({"type": "http.response.start", "status": 200, "headers": []}, ping)

    kind, data = last["body"].decode().splitlines()[:2]
    assert kind == "event: message"
    assert json.loads(data.removeprefix("data: "))["id"] == "a"
    assert not last.get("more_body")


@pytest.mark.parametrize(("path", "status"), [("/mcp/", 307), ("/mcp/more", 404)])
async def test_a_message_to_another_path_is_answered_as_by_the_application(client, path, status):
    answer = await client.http.post(
        client.url.replace("/mcp", path), json={"jsonrpc": "2.0", "method": "ping"}
    )

    assert answer.status_code == status


async def test_a_message_is_given_to_the_sessions_at_once():
    came = []

    async def receive():
        return {"type": "http.request", "body": b' {"jsonrpc":"2.0","id":1,"method":"ping"}\n'}

    async def sessions(_, receive, send):
        came.append(await receive())

    async def nobody(*_):
        raise AssertionError("a message goes past the application")

    app = PostedMessages(nobody, largest_body=LARGEST, security=HERE, sessions=sessions)
    await app({"type": "http", "method": "POST", "path": "/mcp", "headers": []}, receive, nobody)

    assert came == [
        {"type": "http.request", "body": b'{"jsonrpc":"2.0","id":1,"method":"ping"}', "more_body": False}
    ]


async def test_who_wants_to_go_on_with_a_stream_gets_one_that_begins_now(url):
    async with plainly(url, SESSIONS) as session:
        wanted = {**session.headers, "accept": "text/event-stream", "last-event-id": "1"}
        async with session.http.stream("GET", url, headers=wanted) as stream:
            assert stream.status_code == 200
            assert stream.headers["content-type"] == "text/event-stream"
