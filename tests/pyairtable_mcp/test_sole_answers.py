"""Plain JSON where the answer comes alone, a stream where anything comes before it."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import anyio
import httpx2
import pytest
from mcp.server import MCPServer
from mcp.server.elicitation import AcceptedElicitation
from mcp.server.mcpserver import Context
from pydantic import BaseModel
from starlette.types import Message, Receive, Scope, Send
from tests.pyairtable_mcp.guarded import in_one_task, over_http
from tests.pyairtable_mcp.plain import SESSIONS, Plain, plainly

from pyairtable_mcp.sole_answers import SoleAnswers

ANSWER = b'event: message\r\ndata: {"jsonrpc":"2.0","id":1,"result":{"text":"a \\" b"}}\r\n\r\n'
PROGRESS = b'event: message\r\ndata: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\r\n\r\n'
QUESTION = b'event: message\r\ndata: {"jsonrpc":"2.0","id":1,"method":"elicitation/create"}\r\n\r\n'
PING = b": ping - 2026-11-25 10:00:00\r\n\r\n"


class Agreed(BaseModel):
    yes: bool


@pytest.fixture
async def url() -> AsyncIterator[str]:
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

    app = SoleAnswers(server.streamable_http_app())
    async with in_one_task(server.session_manager.run()), over_http(app) as address:
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


STREAM = {"type": "http.response.start", "status": 200, "headers": [(b"Content-Type", b"text/event-stream")]}
JSON = {"type": "http.response.start", "status": 400, "headers": [(b"content-type", b"application/json")]}


async def sent(*messages: Message, method: str = "POST") -> list[Message]:
    """What comes out when the application sends these."""
    out: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    async def send(message: Message) -> None:
        out.append(message)

    await SoleAnswers(app)({"type": "http", "method": method}, receive, send)
    return out


def part(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


@pytest.mark.parametrize(
    "bodies",
    [
        [PROGRESS, ANSWER],
        [QUESTION, ANSWER],
        [PING, ANSWER],
        [ANSWER, PING],
        [ANSWER, ANSWER],
        [b"id: 1\r\n" + ANSWER],
        [b""],
        [],
    ],
)
async def test_what_is_more_than_an_answer_passes_as_it_is(bodies: Sequence[bytes]) -> None:
    messages = [STREAM, *(part(body) for body in bodies), part(b"", more=False)]
    assert await sent(*messages) == messages


@pytest.mark.parametrize("first", [PROGRESS, QUESTION, PING])
async def test_what_comes_before_the_answer_does_not_wait_for_it(first: bytes) -> None:
    assert await sent(STREAM, part(first)) == [STREAM, part(first)]


async def test_other_answers_and_other_methods_are_not_touched() -> None:
    plain = [JSON, part(b'{"jsonrpc":"2.0"}', more=False)]
    assert await sent(*plain) == plain
    listening = [STREAM, part(ANSWER)]
    assert await sent(*listening, method="GET") == listening
