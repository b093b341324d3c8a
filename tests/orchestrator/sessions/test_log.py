"""The log of a session: numbered without gaps, whole or not at all, read back as it was written."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.events import (
    ApprovalDecided,
    ApprovalRequested,
    BudgetWarned,
    Compacted,
    CostCounted,
    ModelMessage,
    RunFinished,
    RunStarted,
    TextDelta,
    ToolFinished,
    ToolsListed,
    ToolStarted,
    UserMessage,
)
from orchestrator.sessions import Copies, EventLog, Feed, LeaseLost, SessionNotFound
from pyairtable_platform.kernel import MemoryKeyValue

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

EVERY_KIND = [
    RunStarted("run_1", "gemini-3.8-flash", {"effort": "low"}),
    UserMessage("run_1", 'What no database keeps as text: \x00 and \ud800, in "quotes" beside ü'),
    ToolsListed("run_1", {"get_records": "a1"}, ("get_records",), (), ("create_record",)),
    ModelMessage(
        "run_1",
        (
            {
                "functionCall": {"id": "c1", "name": "get_records", "args": {"a": [1, None]}},
                "thoughtSignature": "q+/=",
            },
        ),
        "STOP",
        {"prompt": 10, "output": 2},
        "gemini-3.8-flash",
    ),
    CostCounted("run_1", "req_1", 120, 240),
    BudgetWarned("run_1", "global", 800, 1000),
    ApprovalRequested(
        "run_1", "apr_1", "c1", "create_record", {"fields": {}}, "ab" * 32, "+ 1", "writes", "2026"
    ),
    ApprovalDecided("run_1", "apr_1", "c1", "edited", "ada", arguments={"fields": {"Name": "x"}}),
    ToolStarted("run_1", "c1", "create_record", {"fields": {}}, "ses:c1"),
    ToolFinished("run_1", "c1", "create_record", output={"id": "rec1"}, seconds=0.25),
    Compacted("run_1", 4, "They looked at flights."),
    RunFinished("run_1", "done", 240),
]


async def test_every_kind_of_event_comes_back_as_it_was(log, session):
    await log.append(session.id, *EVERY_KIND)

    assert [logged.event for logged in await log.read(session.id)] == EVERY_KIND


async def test_events_are_numbered_from_one_without_gaps(log, session):
    await asyncio.gather(
        *(log.append(session.id, UserMessage("r", f"{n}a"), UserMessage("r", f"{n}b")) for n in range(20))
    )

    logged = await log.read(session.id)
    texts = [one.event.text for one in logged]
    assert [one.number for one in logged] == list(range(1, 41))
    assert all(texts[place + 1] == texts[place][:-1] + "b" for place in range(0, 40, 2))


async def test_a_log_is_read_on_from_any_number(log, session):
    await log.append(session.id, *(UserMessage("r", str(number)) for number in range(1, 6)))

    assert [one.number for one in await log.read(session.id, after=3)] == [4, 5]
    assert [one.number for one in await log.read(session.id, after=1, limit=2)] == [2, 3]
    assert await log.read(session.id, after=5) == []


async def test_a_session_that_is_not_there_takes_no_event(log):
    with pytest.raises(SessionNotFound):
        await log.append("ses_none", UserMessage("r", "x"))


async def test_a_run_that_lost_its_lease_writes_nothing(log, leases, session):
    lease = await leases.take(session.id, at=NOW)
    taken_over = await leases.take(session.id, at=NOW + timedelta(minutes=1))

    with pytest.raises(LeaseLost):
        await log.append(session.id, UserMessage("r", "late"), lease=lease)
    await log.append(session.id, UserMessage("r", "new"), lease=taken_over)

    assert [one.event.text for one in await log.read(session.id)] == ["new"]


class Deaf(MemoryKeyValue):
    """Loses every word, as Redis does between two connections."""

    async def publish(self, channel, message):
        """Nobody hears it."""


async def test_a_word_that_is_lost_costs_no_event(log, database, session, monkeypatch):
    monkeypatch.setattr("orchestrator.sessions.feed._POLL_SECONDS", 0.01)
    deaf = Deaf()
    async with asyncio.timeout(10), aclosing(Feed(deaf).follow(session.id, log.read)) as watched:
        await log.append(session.id, UserMessage("r", "one"))
        first = await anext(watched)
        await EventLog(database, Copies(deaf), Feed(deaf)).append(session.id, UserMessage("r", "two"))
        second = await anext(watched)

    assert [getattr(one, "event", None) for one in (first, second)] == [
        UserMessage("r", "one"),
        UserMessage("r", "two"),
    ]


async def test_whoever_watches_sees_events_and_moments_in_order(log, feed, session):
    await log.append(session.id, UserMessage("r", "before"))
    seen = []

    async def watch():
        async for happening in feed.follow(session.id, log.read):
            seen.append(happening)
            if isinstance(getattr(happening, "event", None), RunFinished):
                return

    watching = asyncio.create_task(watch())
    while not seen:
        await asyncio.sleep(0)
    await feed.show(session.id, TextDelta("r", "Hel"), behind=1)
    await feed.show(session.id, TextDelta("r", "lo"), behind=1)
    await log.append(session.id, RunFinished("r", "done", 0))
    await asyncio.wait_for(watching, 10)

    assert [getattr(one, "text", None) or one.event.kind for one in seen] == [
        "user_message",
        "Hel",
        "lo",
        "run_finished",
    ]


async def test_a_moment_is_not_shown_once_the_log_tells_the_message_that_it_became(log, feed, session):
    question, answer = UserMessage("r", "Hi"), ModelMessage("r", ({"text": "Hello"},), "STOP", {}, "m")
    await log.append(session.id, question)

    async def slow_read(session_id, *, after):
        """The log of a busy server: before it is read for the first time, the model has answered."""
        if after == 0:
            await feed.show(session.id, TextDelta("r", "Hel"), behind=1)
            await feed.show(session.id, TextDelta("r", "lo"), behind=1)
            await log.append(session.id, answer)
            await feed.show(session.id, TextDelta("r", "And"), behind=2)
        return await log.read(session_id, after=after)

    async with asyncio.timeout(10), aclosing(feed.follow(session.id, slow_read)) as watched:
        seen = [await anext(watched) for _ in range(3)]

    assert [getattr(one, "event", one) for one in seen] == [question, answer, TextDelta("r", "And")]
