"""Calls that are told of after their answers: in order, none lost, and in time where nobody asks for it."""

import asyncio
import json
import logging

import pytest
from mcp import Client

from pyairtable_mcp import build_server
from pyairtable_mcp.observing import CALLS, Afterwards, CallLines, JsonLines, Seen, observe


class Noted:
    def __init__(self):
        self.tools = []
        self.is_told = asyncio.Event()

    def saw(self, call):
        self.tools.append(call.tool)
        self.is_told.set()


class Failing:
    def saw(self, call):
        raise ValueError(call.base)


def seen(tool="list_bases", ended=0.0):
    return Seen("ada", tool, "Work", 0.2, 1_000, "ok", ended)


@pytest.fixture
def noted() -> Noted:
    return Noted()


async def test_what_is_kept_is_told_in_order_when_somebody_asks_for_it(noted):
    afterwards = Afterwards([noted])

    with afterwards.keeping():
        afterwards.saw(seen("first"))
        afterwards.saw(seen("second"))
        assert noted.tools == []
        afterwards.tell()
        assert noted.tools == ["first", "second"]
        afterwards.tell()

    assert noted.tools == ["first", "second"]


async def test_what_nobody_asked_for_is_told_at_the_end_and_what_is_seen_later_at_once(noted):
    afterwards = Afterwards([noted])

    with afterwards.keeping():
        afterwards.saw(seen("last"))
    assert noted.tools == ["last"]

    afterwards.saw(seen("later"))
    assert noted.tools == ["last", "later"]


@pytest.mark.parametrize("times", [1, 2])
async def test_where_nobody_asks_for_it_a_call_is_told_of_a_moment_later(noted, times):
    afterwards = Afterwards([noted])

    with afterwards.keeping():
        for _ in range(times):
            noted.is_told.clear()
            afterwards.saw(seen())
            assert not noted.is_told.is_set()
            async with asyncio.timeout(20):
                await noted.is_told.wait()


async def test_one_that_was_used_before_is_as_good_as_new(noted):
    afterwards = Afterwards([noted])
    with afterwards.keeping():
        afterwards.saw(seen())
    noted.is_told.clear()

    with afterwards.keeping():
        afterwards.saw(seen())
        async with asyncio.timeout(20):
            await noted.is_told.wait()


async def test_an_observer_that_fails_keeps_nothing_from_the_others(noted, caplog):
    afterwards = Afterwards([Failing(), noted])

    with afterwards.keeping():
        afterwards.saw(seen("first"))
        afterwards.saw(seen("second"))

    assert noted.tools == ["first", "second"]
    assert [record.getMessage() for record in caplog.records] == [
        "A call of first was not told of.",
        "A call of second was not told of.",
    ]


async def test_a_call_is_answered_before_it_is_told_of(context, noted):
    server, afterwards = build_server(context), Afterwards([noted])
    observe(server, [afterwards])

    async with Client(server) as client:
        with afterwards.keeping():
            assert not (await client.call_tool("list_bases", {})).is_error
            assert noted.tools == []

    assert noted.tools == ["list_bases"]


def test_a_line_tells_when_the_call_ended_and_not_when_it_was_told_of(caplog):
    with caplog.at_level(logging.INFO, logger=CALLS):
        CallLines().saw(seen(ended=1_790_000_000.1239))

    [record] = caplog.records
    assert json.loads(JsonLines().format(record)) == {
        "time": "2026-09-21T14:13:20.123+00:00",
        "level": "info",
        "event": "tool_call",
        "principal": "ada",
        "tool": "list_bases",
        "base": "Work",
        "seconds": 0.2,
        "bytes": 1_000,
        "outcome": "ok",
    }
    assert logging.Formatter("%(asctime)s").format(record).endswith("20,123")
