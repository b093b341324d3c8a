"""What becomes of calls that have left, when their callers go away or all is closed."""

import asyncio
import gc
import weakref
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from airtable_gateway import Unreachable
from airtable_gateway.calls.call import Call, Repeat
from airtable_gateway.metrics.metrics import NoMetrics
from airtable_gateway.traffic.breaker import Breaker
from airtable_gateway.traffic.meter import MemoryMeter
from airtable_gateway.traffic.turns import Turns
from airtable_gateway.traffic.urgency import Urgency
from airtable_gateway.transport.translation import Subject

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime

T = TypeVar("T")


class Held:
    """A line on which nothing is answered before it is let through."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.begun: list[str] = []
        self.given_up: list[str] = []

    async def token_name(self) -> str:
        return "airtable:token"

    async def send(self, call: Call[T]) -> T:
        self.begun.append(call.subject.record)
        try:
            await self.opened.wait()
        except asyncio.CancelledError:
            self.given_up.append(call.subject.record)
            raise
        return call.read(call.subject.record)


@pytest.fixture
def line() -> Held:
    return Held()


@pytest.fixture
def turns(line: Held, time: "FakeTime") -> Turns:
    return Turns(line, MemoryMeter(None, time.clock), Breaker(time.clock), NoMetrics(), time.clock)


def _sent(turns: Turns, record: str) -> Coroutine[Any, Any, str]:
    call: Call[str] = Call(Subject("app1", "tbl1", record), Repeat.NEVER, send=lambda _: None, read=str)
    return turns.send(call, Urgency(), 2000.0)


async def _a_few_turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


class Answer:
    """What a test can tell the life of."""


async def test_what_a_call_was_answered_is_kept_by_nobody(turns: Turns, line: Held) -> None:
    line.opened.set()
    call = Call(Subject("app1"), Repeat.NEVER, send=lambda _: None, read=lambda _: Answer())
    gc.disable()
    try:
        kept = weakref.ref(await turns.send(call, Urgency(), 2000.0))
        await _a_few_turns()
        assert kept() is None
    finally:
        gc.enable()


async def test_a_call_does_not_wait_for_one_that_is_under_way(turns: Turns, line: Held) -> None:
    calls = []
    for record in ("a", "b", "c"):
        calls.append(asyncio.create_task(_sent(turns, record)))
        await _a_few_turns()
    begun = list(line.begun)
    line.opened.set()

    assert await asyncio.gather(*calls) == ["a", "b", "c"]
    assert begun == ["a", "b", "c"]


async def test_calls_at_once_are_all_under_way_at_once(turns: Turns, line: Held) -> None:
    calls = [asyncio.create_task(_sent(turns, record)) for record in ("a", "b", "c")]
    await _a_few_turns()
    begun = list(line.begun)
    line.opened.set()

    assert await asyncio.gather(*calls) == ["a", "b", "c"]
    assert begun == ["a", "b", "c"]


@pytest.mark.parametrize("gone", [0, 1, 2])
async def test_a_caller_that_goes_away_gives_up_its_own_call_alone(
    turns: Turns, line: Held, gone: int
) -> None:
    records = ["a", "b", "c"]
    calls = [asyncio.create_task(_sent(turns, record)) for record in records]
    await _a_few_turns()

    calls[gone].cancel()
    await _a_few_turns()
    later = asyncio.create_task(_sent(turns, "later"))
    await _a_few_turns()
    line.opened.set()
    answers = await asyncio.gather(*calls, later, return_exceptions=True)

    assert line.given_up == [records[gone]]
    assert isinstance(answers.pop(gone), asyncio.CancelledError)
    assert answers == [*(record for record in records if record != records[gone]), "later"]


async def test_whose_call_is_under_way_at_the_close_is_told_that_it_may_have_been_applied(
    turns: Turns, line: Held
) -> None:
    calls = [asyncio.create_task(_sent(turns, record)) for record in ("a", "b")]
    await _a_few_turns()

    await turns.close()
    answers = await asyncio.gather(*calls, return_exceptions=True)

    assert sorted(line.given_up) == ["a", "b"]
    assert all(isinstance(answer, Unreachable) and answer.may_be_applied for answer in answers)
