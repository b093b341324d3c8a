"""Plain JSON where the answer comes alone, a stream where anything comes before it."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import anyio
import httpx2
import pytest
from mcp.server import MCPServer, streamable_http
from mcp.server.elicitation import AcceptedElicitation
from mcp.server.mcpserver import Context
from mcp.server.streamable_http import EventStore, StreamableHTTPServerTransport
from mcp.shared.message import ServerMessageMetadata, SessionMessage
from mcp_types import ErrorData, JSONRPCError, JSONRPCNotification, JSONRPCRequest, JSONRPCResponse
from pydantic import BaseModel
from sse_starlette import EventSourceResponse
from sse_starlette.sse import AppStatus
from starlette.types import Message, Receive, Scope, Send
from tests.pyairtable_mcp.guarded import in_one_task, over_http, sole_answers
from tests.pyairtable_mcp.plain import SESSIONS, Plain, plainly

from pyairtable_mcp.sole_answers import SoleAnswer, send_sole_answers_as_json

ANSWER = JSONRPCResponse(jsonrpc="2.0", id=1, result={"text": 'a " ü'})
REFUSAL = JSONRPCError(jsonrpc="2.0", id=1, error=ErrorData(code=-32601, message="No"))
PROGRESS = JSONRPCNotification(jsonrpc="2.0", method="notifications/progress", params={})
QUESTION = JSONRPCRequest(jsonrpc="2.0", id=1, method="elicitation/create")


class Agreed(BaseModel):
    yes: bool


@pytest.fixture
def waits() -> asyncio.Event:
    """Set as soon as the call of `waiting` is under way."""
    return asyncio.Event()


@pytest.fixture
async def url(waits: asyncio.Event) -> AsyncIterator[str]:
    server: MCPServer[Any] = MCPServer("answers")

    @server.tool()
    async def plain(text: str) -> str:
        """Say it."""
        return text

    @server.tool()
    async def telling(ctx: Context[Any, Any]) -> str:
        """Say that it goes on, then that it is done."""
        await ctx.report_progress(1, 2)
        return "done"

    @server.tool()
    async def asking(ctx: Context[Any, Any]) -> str:
        """Ask first."""
        asked = await ctx.elicit("Really?", Agreed)
        return "agreed" if isinstance(asked, AcceptedElicitation) and asked.data.yes else "not agreed"

    @server.tool()
    async def waiting() -> str:
        """Never answer."""
        waits.set()
        await asyncio.Event().wait()
        return "never"

    app = server.streamable_http_app()
    async with sole_answers(), in_one_task(server.session_manager.run()), over_http(app) as address:
        yield f"{address}/mcp"


@pytest.fixture
async def session(url: str) -> AsyncIterator[Plain]:
    async with plainly(url, SESSIONS, elicitation={}) as session:
        yield session


def events(answer: httpx2.Response) -> list[dict[str, Any]]:
    assert answer.headers["content-type"].startswith("text/event-stream")
    return [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]


async def test_an_answer_that_comes_alone_is_json_with_a_length(session: Plain) -> None:
    answer = await session.call("plain", {"text": "line\nsecond \u2028 \x85 ü"})
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "mcp-session-id" in answer.headers
    assert answer.json()["result"]["content"][0]["text"] == "line\nsecond \u2028 \x85 ü"


async def test_nothing_of_it_is_left_until_python_looks_for_garbage(session: Plain) -> None:
    gc.collect()
    gc.disable()
    try:
        await session.call("plain", {"text": "Said and forgotten"})
        await session.call("plain", {"text": "The next one"})
        answers = [each for each in gc.get_objects() if isinstance(each, JSONRPCResponse)]
    finally:
        gc.enable()

    assert not [answer for answer in answers if "Said and forgotten" in str(answer.result)]


async def test_so_is_a_refusal_by_the_protocol(session: Plain) -> None:
    answer = await session.post({"id": "a-7", "method": "no/such/method", "params": {}})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["error"]["code"] == -32601
    assert answer.json()["id"] == "a-7"


async def test_a_call_that_tells_of_its_progress_is_a_stream(session: Plain) -> None:
    told = events(await session.call("telling", {}, progressToken="p"))
    assert [event.get("method") for event in told] == ["notifications/progress", None]
    assert told[1]["result"]["content"][0]["text"] == "done"


async def test_the_same_call_without_a_token_is_json(session: Plain) -> None:
    assert (await session.call("telling", {})).json()["result"]["content"][0]["text"] == "done"


async def test_a_question_reaches_the_client_before_the_answer(session: Plain) -> None:
    answers: list[httpx2.Response] = []

    async def ask() -> None:
        answers.append(await session.call("asking", {}))

    async def agree() -> None:
        # The question's id is the server's own count of its requests to this client.
        reply = {"id": 1, "result": {"action": "accept", "content": {"yes": True}}}
        while not answers:
            await session.post(reply)
            await anyio.sleep(0.005)

    async with anyio.create_task_group() as group:
        group.start_soon(ask)
        group.start_soon(agree)
    asked, answered = events(answers[0])
    assert asked["method"] == "elicitation/create"
    assert answered["result"]["content"][0]["text"] == "agreed"


async def answered(
    session: Plain, waits: asyncio.Event, then: Callable[[], Awaitable[object]]
) -> httpx2.Response:
    """The answer to a call that waits while `then` happens."""
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(session.call("waiting", {}))
        await waits.wait()
        await then()
    return asked.result()


async def test_a_call_that_is_cancelled_is_answered_so(session: Plain, waits: asyncio.Event) -> None:
    cancelled = {"method": "notifications/cancelled", "params": {"requestId": 7}}

    answer = await answered(session, waits, lambda: session.post(cancelled))

    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "jsonrpc": "2.0",
        "id": 7,
        "error": {"code": streamable_http.REQUEST_CANCELLED, "message": "Request cancelled"},
    }


async def test_a_call_whose_session_is_ended_is_told_nothing(session: Plain, waits: asyncio.Event) -> None:
    answer = await answered(session, waits, lambda: session.http.delete(session.url, headers=session.headers))

    assert (answer.status_code, events(answer)) == (200, [])


async def test_a_call_that_lasts_is_given_a_sign_of_life(
    session: Plain, waits: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SoleAnswer, "quick_seconds", 0)
    monkeypatch.setattr(SoleAnswer, "ping_seconds", 0)
    request = session.http.build_request("POST", session.url, **session.request("waiting", {}))

    answer = await session.http.send(request, stream=True)

    async with asyncio.timeout(20):
        assert await anext(answer.aiter_lines()) == ": ping"
    await answer.aclose()


def without_its_class(patch: pytest.MonkeyPatch) -> None:
    patch.delattr(streamable_http, "EventSourceResponse")


def with_another_sender(patch: pytest.MonkeyPatch) -> None:
    async def _run_sse_writer(self: object, request_id: str, sse_stream_writer: object) -> None:
        """Have other arguments than ours has."""

    patch.setattr(StreamableHTTPServerTransport, "_run_sse_writer", _run_sse_writer)


def without_a_sender(patch: pytest.MonkeyPatch) -> None:
    patch.delattr(StreamableHTTPServerTransport, "_run_sse_writer")


def with_other_books(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(StreamableHTTPServerTransport, "__init__", lambda *_: None)


@pytest.mark.parametrize(
    "changed", [without_its_class, with_another_sender, without_a_sender, with_other_books]
)
async def test_the_sdk_streams_as_ever_where_it_would_do_so_in_another_way(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    changed: Callable[[pytest.MonkeyPatch], None],
) -> None:
    monkeypatch.setattr(streamable_http, "EventSourceResponse", EventSourceResponse)
    changed(monkeypatch)

    send_sole_answers_as_json()

    assert vars(streamable_http).get("EventSourceResponse") is not SoleAnswer
    assert "version of mcp" in caplog.text


async def test_the_sdk_that_is_installed_answers_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamable_http, "EventSourceResponse", EventSourceResponse)

    send_sole_answers_as_json()

    assert vars(streamable_http)["EventSourceResponse"] is SoleAnswer


class Remembered(EventStore):
    """Keeps nothing, and counts: what is told has an id, as where a client may come back for it."""

    def __init__(self) -> None:
        self._count = 0

    async def store_event(self, *_: object) -> str:
        """The next number."""
        self._count += 1
        return str(self._count)

    async def replay_events_after(self, *_: object) -> None:
        """Have nothing."""


@pytest.fixture
def looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the client is still there."""
    monkeypatch.setattr(SoleAnswer, "quick_seconds", 0)


class Served:
    """A session of the SDK, in which nobody answers but the test."""

    def __init__(self, *, remembers: bool) -> None:
        self._transport = StreamableHTTPServerTransport("s", event_store=Remembered() if remembers else None)
        self._say: Any = None
        self.asked = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Requests are taken inside."""
        async with self._transport.connect() as (requests, self._say), anyio.create_task_group() as group:
            group.start_soon(self._take, requests)
            yield self
            group.cancel_scope.cancel()

    async def _take(self, requests: Any) -> None:
        with suppress(anyio.ClosedResourceError):  # when the session is ended
            async for _ in requests:
                self.asked.set()

    async def say(self, message: Any) -> None:
        """Send what belongs to the request."""
        await self._say.send(SessionMessage(message, ServerMessageMetadata(related_request_id=1)))

    async def end(self) -> None:
        """End the session."""
        await self._transport.terminate()

    async def post(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._transport.handle_request(scope, receive, send)

    @property
    def kept(self) -> list[object]:
        """The requests of which anything is kept."""
        streams = self._transport._request_streams  # noqa: SLF001 - nobody else could tell
        return [*streams, *self._transport._sse_stream_writers]  # noqa: SLF001


class Exchange:
    """One request, and what is sent for an answer."""

    def __init__(self, served: Served, *, era: str = SESSIONS, method: str = "POST") -> None:
        self.sent: list[Message] = []
        self.leaves = asyncio.Event()
        self.began = asyncio.Event()
        self._served = served
        self._request = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}'
        headers = {
            "accept": "application/json, text/event-stream",
            "content-type": "application/json",
            "mcp-session-id": "s",
            "mcp-protocol-version": era,
        }
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.method = method
        self._scope = {"type": "http", "method": method, "headers": raw}

    async def run(self) -> list[Message]:
        """What is sent until the answer is over."""
        await self._served.post(self._scope, self._receive, self._send)
        return self.sent

    async def _receive(self) -> Message:
        if self._request:
            body, self._request = self._request, b""
            return {"type": "http.request", "body": body, "more_body": False}
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)
        if message.get("body") or self.method == "GET":
            self.began.set()


@asynccontextmanager
async def asked(
    *said: Any, remembers: bool = False, kind: Any = SoleAnswer, **options: Any
) -> AsyncIterator[tuple[Served, Exchange, asyncio.Task[list[Message]]]]:
    """A request that is under way, and `said` on the way to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streamable_http, "EventSourceResponse", kind)
        async with Served(remembers=remembers).running() as served, asyncio.timeout(20):
            exchange = Exchange(served, **options)
            running = asyncio.create_task(exchange.run())
            if exchange.method == "POST":
                await served.asked.wait()
            for message in said:
                await served.say(message)
            yield served, exchange, running


async def answered_with(*said: Any, **options: Any) -> list[Message]:
    async with asked(*said, **options) as (served, _, running):
        sent = await running
        assert served.kept == []
        return sent


@pytest.mark.parametrize("answer", [ANSWER, REFUSAL])
async def test_an_answer_keeps_the_session_and_nothing_else(answer: JSONRPCResponse | JSONRPCError) -> None:
    start, body = await answered_with(answer)

    assert start["status"] == 200
    assert body["body"].decode() == answer.model_dump_json(by_alias=True, exclude_unset=True)
    assert dict(start["headers"]) == {
        b"mcp-session-id": b"s",
        b"content-length": b"%d" % len(body["body"]),
        b"content-type": b"application/json",
    }


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ([PROGRESS, ANSWER], {}),
        ([QUESTION, ANSWER], {}),
        ([PROGRESS] * 30 + [ANSWER], {}),
        ([ANSWER], {"remembers": True}),
        ([ANSWER], {"remembers": True, "era": "2025-06-18"}),
    ],
    ids=["progress", "question", "more than is buffered", "priming", "with an id"],
)
async def test_what_is_more_than_an_answer_is_streamed_as_ever(
    said: Sequence[Any], options: dict[str, Any]
) -> None:
    sent = await answered_with(*said, **options)

    assert sent == await answered_with(*said, kind=EventSourceResponse, **options)
    assert len(sent) > 2


async def test_a_session_that_ends_ends_the_stream_without_an_answer() -> None:
    async with asked() as (served, _, running):
        await served.end()

        start, end = await running

    assert (b"content-type", b"text/event-stream") in start["headers"]
    assert end == {"type": "http.response.body", "body": b"", "more_body": False}


@pytest.mark.parametrize(("said", "method"), [([PROGRESS], "POST"), ([QUESTION], "POST"), ([], "GET")])
async def test_what_comes_before_the_answer_does_not_wait_for_it(said: Sequence[Any], method: str) -> None:
    async with asked(*said, method=method) as (served, exchange, running):
        await exchange.began.wait()
        exchange.leaves.set()
        await running

        assert exchange.sent[0]["type"] == "http.response.start"
        assert (b"content-type", b"text/event-stream") in exchange.sent[0]["headers"]
        assert served.kept == []


@pytest.mark.usefixtures("looks_at_once")
async def test_an_answer_after_a_sign_of_life_follows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SoleAnswer, "ping_seconds", 0)
    async with asked() as (served, exchange, running):
        await exchange.began.wait()
        await served.say(ANSWER)

        _, ping, answer, _ = await running

        assert ping["body"] == b": ping\r\n\r\n"
        assert b'"result":{"text"' in answer["body"]
        assert served.kept == []


async def test_who_leaves_before_anybody_looks_is_answered_to_no_effect() -> None:
    async with asked() as (served, exchange, running):
        exchange.leaves.set()
        await asyncio.sleep(0)
        await served.say(ANSWER)

        assert [message["type"] for message in await running] == [
            "http.response.start",
            "http.response.body",
        ]
        assert served.kept == []


@pytest.mark.usefixtures("looks_at_once")
async def test_who_leaves_is_waited_for_no_longer() -> None:
    async with asked() as (served, exchange, running):
        exchange.leaves.set()

        assert await running == []
        assert served.kept == []


@pytest.mark.usefixtures("looks_at_once")
async def test_who_leaves_does_not_end_a_later_request_of_the_same_id() -> None:
    async with asked() as (served, exchange, running):
        later = Exchange(served)
        served.asked.clear()
        waiting = asyncio.create_task(later.run())
        await served.asked.wait()

        exchange.leaves.set()
        assert await running == []
        await served.say(ANSWER)

        assert (await waiting)[0]["status"] == 200
        assert served.kept == []


async def test_a_server_that_stops_still_gives_the_answer_that_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppStatus, "should_exit", True)

    start, body = await answered_with(ANSWER)

    assert start["status"] == 200
    assert b'"result":{"text"' in body["body"]


@pytest.mark.parametrize("quick_seconds", [0, 1])
async def test_a_request_that_is_broken_off_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, quick_seconds: int
) -> None:
    monkeypatch.setattr(SoleAnswer, "quick_seconds", quick_seconds)
    async with asked() as (served, exchange, running):
        running.cancel()

        with pytest.raises(asyncio.CancelledError):
            await running
        assert exchange.sent == []
        assert served.kept == []


async def test_an_answer_that_cannot_be_written_is_no_answer_without_anything(
    caplog: pytest.LogCaptureFixture,
) -> None:
    half = JSONRPCResponse(jsonrpc="2.0", id=1, result={"text": "\ud83d"})

    assert await answered_with(half) == []

    assert "SSE response error" in caplog.text
