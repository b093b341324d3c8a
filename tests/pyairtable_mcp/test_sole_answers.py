"""Plain JSON where the answer comes alone, a stream where anything comes before it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import anyio
import httpx2
import pytest
from mcp.server import MCPServer, streamable_http
from mcp.server.elicitation import AcceptedElicitation
from mcp.server.mcpserver import Context
from pydantic import BaseModel
from sse_starlette import EventSourceResponse
from sse_starlette.sse import AppStatus
from starlette.types import Message
from tests.pyairtable_mcp.guarded import in_one_task, over_http, sole_answers
from tests.pyairtable_mcp.plain import SESSIONS, Plain, plainly

from pyairtable_mcp.sole_answers import Event, SoleAnswer, send_sole_answers_as_json

ANSWER = {"event": "message", "data": '{"jsonrpc":"2.0","id":1,"result":{"text":"a \\" b"}}'}
REFUSAL = {"event": "message", "data": '{"jsonrpc":"2.0","id":"a","error":{"code":-32601,"message":"No"}}'}
PROGRESS = {"event": "message", "data": '{"jsonrpc":"2.0","method":"notifications/progress","params":{}}'}
QUESTION = {"event": "message", "data": '{"jsonrpc":"2.0","id":1,"method":"elicitation/create"}'}
PRIMING = {"id": "1", "data": ""}


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
    monkeypatch.setattr(SoleAnswer, "ping_seconds", 0)
    request = session.http.build_request("POST", session.url, **session.request("waiting", {}))

    answer = await session.http.send(request, stream=True)

    async with asyncio.timeout(20):
        assert await anext(answer.aiter_lines()) == ": ping"
    await answer.aclose()


async def test_it_says_at_the_start_when_the_sdk_would_not_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(streamable_http, "EventSourceResponse")

    with pytest.raises(RuntimeError, match="version of mcp"):
        send_sole_answers_as_json()


class Exchange:
    """One request without a server: what its answer's `sender` sends, and what is sent of that."""

    def __init__(self, *given: Event, ends: bool = True, fails: bool = False, method: str = "POST") -> None:
        self.sent: list[Message] = []
        self.is_over = asyncio.Event()
        self.leaves = asyncio.Event()
        self.began = asyncio.Event()
        self._given = given
        self._ends = ends
        self._fails = fails
        self._scope = {"type": "http", "method": method, "headers": []}

    async def run(self, kind: Callable[..., SoleAnswer | EventSourceResponse] = SoleAnswer) -> list[Message]:
        """What is sent until the answer is over."""
        writer, reader = anyio.create_memory_object_stream[Event](0)

        async def sender() -> None:
            try:
                if self._fails:
                    raise LookupError
                async with writer:
                    for event in self._given:
                        await writer.send(event)
                    if not self._ends:
                        await asyncio.Event().wait()
            finally:
                self.is_over.set()

        async with reader, writer:
            headers = {"Content-Type": "text/event-stream", "Mcp-Session-Id": "s"}
            await kind(content=reader, data_sender_callable=sender, headers=headers)(
                self._scope, self._receive, self._send
            )
        return self.sent

    async def _receive(self) -> Message:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)
        if message.get("body") or self._scope["method"] == "GET":
            self.began.set()


@pytest.mark.parametrize("event", [ANSWER, REFUSAL])
async def test_an_answer_keeps_the_session_and_leaves_the_sender_done(event: Event) -> None:
    exchange = Exchange(event)

    start, body = await exchange.run()

    assert dict(start["headers"]) == {
        b"mcp-session-id": b"s",
        b"content-length": b"%d" % len(event["data"]),
        b"content-type": b"application/json",
    }
    assert body["body"].decode() == event["data"]
    assert exchange.is_over.is_set()


@pytest.mark.parametrize(
    "given",
    [
        [PROGRESS, ANSWER],
        [QUESTION, ANSWER],
        [PRIMING, ANSWER],
        [PRIMING],
        [{"id": "1", **ANSWER}],
        [{"event": "message", "data": ""}],
        [],
    ],
)
async def test_what_is_more_than_an_answer_is_streamed_as_ever(given: Sequence[Event]) -> None:
    assert await Exchange(*given).run() == await Exchange(*given).run(EventSourceResponse)


@pytest.mark.parametrize(("first", "method"), [(PROGRESS, "POST"), (QUESTION, "POST"), (None, "GET")])
async def test_what_comes_before_the_answer_does_not_wait_for_it(first: Event | None, method: str) -> None:
    exchange = Exchange(*([first] if first else []), ends=False, method=method)
    running = asyncio.create_task(exchange.run())

    async with asyncio.timeout(20):
        await exchange.began.wait()
        exchange.leaves.set()
        await running

    assert exchange.sent[0]["type"] == "http.response.start"
    assert (b"content-type", b"text/event-stream") in exchange.sent[0]["headers"]
    assert exchange.is_over.is_set()


async def test_who_leaves_is_waited_for_no_longer() -> None:
    exchange = Exchange(ends=False)
    running = asyncio.create_task(exchange.run())
    await asyncio.sleep(0)

    exchange.leaves.set()

    async with asyncio.timeout(20):
        assert await running == []
    assert exchange.is_over.is_set()


async def test_a_server_that_stops_still_gives_the_answer_that_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppStatus, "should_exit", True)

    start, body = await Exchange(ANSWER).run()

    assert start["status"] == 200
    assert body["body"].decode() == ANSWER["data"]


async def test_a_request_that_is_broken_off_ends_its_sender() -> None:
    exchange = Exchange(ends=False)
    running = asyncio.create_task(exchange.run())
    await asyncio.sleep(0)

    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert exchange.sent == []
    assert exchange.is_over.is_set()


async def test_a_sender_that_fails_is_not_waited_for() -> None:
    exchange = Exchange(fails=True)

    with pytest.raises(ExceptionGroup) as failure:
        await exchange.run()

    assert failure.group_contains(LookupError)
    assert exchange.sent == []
