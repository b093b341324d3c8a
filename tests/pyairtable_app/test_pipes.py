"""Lines out of a pipe and text into one, as the stdio server reads and writes them."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress

import pytest

from pyairtable_app.pipes import TextOut, lines_from, text_to


async def lines_of(*chunks: bytes) -> list[str]:
    """What comes out when the chunks go into a pipe, which then ends."""
    ending, beginning = os.pipe()
    lines = await lines_from(ending)

    async def say() -> None:
        for chunk in chunks:
            await asyncio.to_thread(os.write, beginning, chunk)
        os.close(beginning)

    saying = asyncio.create_task(say())
    heard = [line async for line in lines]
    await saying
    lines.close()
    return heard


async def test_lines_come_one_by_one_and_the_last_one_without_its_end():
    assert await lines_of(b"one\ntw", b"o\n", b"\nlast") == ["one\n", "two\n", "\n", "last"]


async def test_a_line_of_megabytes_comes_whole():
    long = b"x" * 3_000_000
    assert await lines_of(long + b"\nshort\n") == [long.decode() + "\n", "short\n"]


async def test_what_is_no_text_is_replaced_and_the_line_kept():
    assert await lines_of(b"caf\xc3\xa9 \xff\n") == ["caf\u00e9 \ufffd\n"]


@asynccontextmanager
async def pipe() -> AsyncIterator[tuple[int, TextOut]]:
    """The end to read from, and the text that goes into the other one."""
    reading, writing = os.pipe()
    out = await text_to(writing)
    try:
        yield reading, out
    finally:
        out.close()
        with suppress(OSError):
            os.close(reading)


async def test_text_is_with_the_reader_when_flush_returns():
    async with pipe() as (reading, out):
        await out.write("one\n")
        await out.write("caf\u00e9\n")
        await out.flush()

        assert os.read(reading, 100).decode() == "one\ncaf\u00e9\n"


async def test_who_wants_to_know_is_told_when_text_has_been_sent():
    reading, writing = os.pipe()
    found = []
    out = await text_to(writing, lambda: found.append(os.read(reading, 100)))
    with closing(out):
        await out.write("one\n")
        assert found == []
        await out.flush()
    os.close(reading)

    assert found == [b"one\n"]


async def test_flush_waits_until_a_slow_reader_has_made_room():
    async with pipe() as (reading, out):
        await out.write("x" * 1_000_000)
        flushing = asyncio.create_task(out.flush())

        await asyncio.sleep(0)
        assert not flushing.done()
        read = 0
        while read < 1_000_000:
            read += len(await asyncio.to_thread(os.read, reading, 100_000))
        await flushing


async def test_flush_says_that_nobody_reads():
    async with pipe() as (reading, out):
        os.close(reading)

        with pytest.raises(ConnectionError):
            await _say_until_heard_of(out)


async def _say_until_heard_of(out: TextOut) -> None:
    """The loop learns of a closed pipe a moment later."""
    for _ in range(100):
        await out.write("anybody?\n")
        await out.flush()
        await asyncio.sleep(0)
