"""Lines of a client as the streams of messages that the SDK serves."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress

import anyio
import pytest
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCNotification, JSONRPCRequest, JSONRPCResponse
from pydantic import ValidationError

from pyairtable_app.line_streams import LinesAsked, LinesTold
from pyairtable_app.pipes import text_to

ANSWER = SessionMessage(JSONRPCResponse(jsonrpc="2.0", id=1, result={"text": "café"}))


async def said(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


@asynccontextmanager
async def told() -> AsyncIterator[tuple[int, LinesTold]]:
    """The end of a pipe to read from, and what goes into the other one."""
    reading, writing = os.pipe()
    with closing(await text_to(writing)) as text:
        yield reading, LinesTold(text)
    with suppress(OSError):
        os.close(reading)


async def test_each_line_is_a_message_and_an_error_stands_for_what_is_none():
    lines = said(
        '{"jsonrpc":"2.0","id":1,"method":"ping"}', "what?", '{"jsonrpc":"2.0","method":"notifications/x"}'
    )

    async with LinesAsked(lines) as asked:
        request, error, notification = [item async for item in asked]

    assert request == SessionMessage(JSONRPCRequest(jsonrpc="2.0", id=1, method="ping"))
    assert isinstance(error, ValidationError)
    assert notification == SessionMessage(JSONRPCNotification(jsonrpc="2.0", method="notifications/x"))


async def test_who_goes_on_after_some_hears_the_others_and_then_the_end():
    asked = LinesAsked(said('{"jsonrpc":"2.0","method":"a"}', '{"jsonrpc":"2.0","method":"b"}'))

    async for _ in asked:
        break

    assert await asked.receive() == SessionMessage(JSONRPCNotification(jsonrpc="2.0", method="b"))
    with pytest.raises(anyio.EndOfStream):
        await asked.receive()


async def test_a_message_is_a_line_that_the_reader_has_when_it_is_sent():
    async with told() as (reading, out), out:
        await out.send(ANSWER)

        line = os.read(reading, 1000).decode()

    assert line == '{"jsonrpc":"2.0","id":1,"result":{"text":"café"}}\n'


async def test_messages_of_several_that_wait_for_room_come_one_after_another():
    large = SessionMessage(JSONRPCResponse(jsonrpc="2.0", id=1, result={"text": "x" * 300_000}))
    async with told() as (reading, out):
        sending = asyncio.gather(*(out.send(large) for _ in range(3)))
        await asyncio.sleep(0)
        assert not sending.done()

        read = b""
        while read.count(b"\n") < 3:
            read += await asyncio.to_thread(os.read, reading, 100_000)
        await sending

    assert read == (large.message.model_dump_json(exclude_unset=True) + "\n").encode() * 3


async def test_that_nobody_reads_is_told_to_who_sends_and_to_who_waits_for_it():
    async with told() as (reading, out):
        waiting = asyncio.create_task(out.unheard())
        os.close(reading)

        with pytest.raises(anyio.BrokenResourceError):
            await _say_until_heard_of(out)
        with pytest.raises(ConnectionError):
            await waiting
        with pytest.raises(anyio.BrokenResourceError):
            await out.send(ANSWER)


async def _say_until_heard_of(out: LinesTold) -> None:
    """The loop learns of a closed pipe a moment later."""
    for _ in range(100):
        await out.send(ANSWER)
        await asyncio.sleep(0)
