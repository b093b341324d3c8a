"""Messages between two tasks: ours pass as the SDK's own do."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import pytest
from anyio import BrokenResourceError, ClosedResourceError, EndOfStream
from mcp.server import streamable_http
from mcp.shared._context_streams import create_context_streams

from pyairtable_mcp.passages import Passages, send_by_passages

WHOSE = ContextVar("WHOSE", default="nobody")

Ends = tuple[Any, Any]


@pytest.fixture(params=[create_context_streams, Passages])
def ends(request: pytest.FixtureRequest) -> Ends:
    ends: Ends = request.param[str](0)
    return ends


async def turns() -> None:
    """Let the other tasks come as far as they can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def begun(waiting: Awaitable[Any]) -> "asyncio.Future[Any]":
    """What waits, when it does."""
    task = asyncio.ensure_future(waiting)
    await turns()
    assert not task.done()
    return task


def close_both(ends: Ends) -> None:
    for end in ends:
        end.close()


async def test_who_sends_waits_until_the_message_is_taken(ends: Ends) -> None:
    way_in, way_out = ends
    first = await begun(way_in.send("a"))
    second = await begun(way_in.send("b"))

    assert await way_out.receive() == "a"
    await first
    await turns()
    assert not second.done()
    assert await way_out.receive() == "b"
    await second
    close_both(ends)


async def test_who_takes_waits_until_a_message_is_sent(ends: Ends) -> None:
    way_in, way_out = ends
    taking = await begun(way_out.receive())

    await way_in.send("a")

    assert await taking == "a"
    close_both(ends)


async def test_a_message_comes_with_the_context_of_who_sent_it(ends: Ends) -> None:
    way_in, way_out = ends

    async def send(whose: str) -> None:
        WHOSE.set(whose)
        await way_in.send(whose)

    early = await begun(send("ada"))
    assert await way_out.receive() == way_out.last_context[WHOSE] == "ada"
    taking = await begun(way_out.receive())
    await asyncio.create_task(send("bob"))
    assert await taking == way_out.last_context[WHOSE] == "bob"

    await early
    assert WHOSE.get() == "nobody"
    close_both(ends)


async def test_all_messages_come_until_the_way_in_is_closed(ends: Ends) -> None:
    way_in, way_out = ends

    async def send() -> None:
        async with way_in:
            for message in "abc":
                await way_in.send(message)

    sending = asyncio.create_task(send())
    async with way_out:
        heard = [message async for message in way_out]
        with pytest.raises(EndOfStream):
            await way_out.receive()

    assert heard == ["a", "b", "c"]
    await sending


def close_in(ends: Ends) -> None:
    ends[0].close()


def close_out(ends: Ends) -> None:
    ends[1].close()


@pytest.mark.parametrize(
    ("close", "told"),
    [(close_in, EndOfStream), (close_out, ClosedResourceError), (close_both, ClosedResourceError)],
)
async def test_who_waits_for_a_message_is_told_that_none_will_come(
    ends: Ends, close: Callable[[Ends], None], told: type[Exception]
) -> None:
    taking = await begun(ends[1].receive())

    close(ends)

    with pytest.raises(told):
        await taking
    with pytest.raises(told):
        await ends[1].receive()
    close_both(ends)


@pytest.mark.parametrize(
    ("close", "told"), [(close_in, ClosedResourceError), (close_out, BrokenResourceError)]
)
async def test_who_sends_is_told_that_the_message_is_not_taken(
    ends: Ends, close: Callable[[Ends], None], told: type[Exception]
) -> None:
    sending = await begun(ends[0].send("a"))

    close(ends)

    with pytest.raises(told):
        await sending
    with pytest.raises(told):
        await ends[0].send("b")
    close_both(ends)


async def test_a_message_is_not_given_to_who_waits_no_longer(ends: Ends) -> None:
    way_in, way_out = ends
    gone = await begun(way_out.receive())
    taking = await begun(way_out.receive())
    gone.cancel()
    await turns()

    await way_in.send("a")

    assert await taking == "a"
    close_both(ends)


async def test_a_message_is_not_taken_from_who_gave_up_sending_it(ends: Ends) -> None:
    way_in, way_out = ends
    gone = await begun(way_in.send("a"))
    sending = await begun(way_in.send("b"))
    gone.cancel()
    await turns()

    assert await way_out.receive() == "b"

    await sending
    close_both(ends)


@pytest.mark.parametrize("wait", [lambda ends: ends[0].send("a"), lambda ends: ends[1].receive()])
async def test_who_gave_up_waiting_is_told_nothing_when_the_ends_are_closed(ends: Ends, wait: Any) -> None:
    gone = await begun(wait(ends))

    gone.cancel()
    await turns()
    close_both(ends)

    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_it_says_at_the_start_when_the_sdk_would_not_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(streamable_http, "create_context_streams")

    with pytest.raises(RuntimeError, match="version of mcp"):
        send_by_passages()
