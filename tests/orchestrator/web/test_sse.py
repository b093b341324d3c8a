"""Server-sent events: one line each, numbered, alive while nothing happens, small enough for every reader."""

import asyncio
import json
from typing import Any

import pytest

from orchestrator.web.sse import MOST_BYTES, frame, sse_response


def data_of(text):
    return json.loads(next(line for line in text.splitlines() if line.startswith("data: "))[6:])


def test_an_event_of_the_log_carries_its_number_and_its_kind():
    text = frame({"kind": "user_message", "text": "two\nlines"}, 7)

    assert text.startswith("id: 7\nevent: user_message\ndata: ")
    assert text.endswith("\n\n")
    assert data_of(text) == {"kind": "user_message", "text": "two\nlines"}


def test_a_moment_carries_no_number():
    assert not frame({"kind": "text_delta", "text": "x"}, None).startswith("id:")


@pytest.mark.parametrize("letter", ["x", "ü", "\U0001f600"])
def test_what_is_too_large_for_readers_is_named_instead(letter):
    text = frame({"kind": "tool_finished", "run": "r", "output": letter * MOST_BYTES}, 9)

    assert len(text.encode()) < 64_000
    assert data_of(text) == {"kind": "tool_finished", "run": "r", "number": 9, "is_cut": True}


async def test_a_silent_stream_shows_that_it_lives():
    talks = asyncio.Event()

    async def frames():
        yield {"kind": "first"}, 1
        await talks.wait()
        yield {"kind": "second"}, 2

    stream: Any = sse_response(frames(), heartbeat_seconds=0.001).body_iterator
    sent = [await anext(stream) for _ in range(3)]
    talks.set()
    rest = [part async for part in stream if not part.startswith(":")]

    assert sent[0].startswith("id: 1")
    assert sent[1:] == [": still here\n\n"] * 2
    assert [part.split("\n")[0] for part in rest] == ["id: 2"]


async def test_a_reader_that_leaves_ends_what_it_read():
    ended = asyncio.Event()

    async def frames():
        try:
            yield {"kind": "first"}, 1
            await asyncio.Event().wait()
        finally:
            ended.set()

    stream: Any = sse_response(frames()).body_iterator
    await anext(stream)
    await stream.aclose()

    assert ended.is_set()
