"""Five calls a second and base, in the order in which they came, and none while Airtable asks for rest."""

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from airtable_gateway import TooManyRequests
from airtable_gateway.pacer import Pacer

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime


async def _moments(pacer: Pacer, time: "FakeTime", calls: int, base: str = "app1") -> list[float]:
    """When each of so many calls went, in seconds from now."""
    start, moments = time.now, []
    for _ in range(calls):
        await pacer.turn(base)
        moments.append(time.now - start)
    return moments


async def test_five_calls_go_at_once_and_the_sixth_a_second_later(time: "FakeTime") -> None:
    moments = await _moments(Pacer(5, clock=time.clock), time, 6)

    assert moments[:5] == [0] * 5
    assert 1 <= moments[5] <= 1.05


@pytest.mark.parametrize("rate", [1, 2, 5, 50, 0.5, 2.5])
async def test_no_window_holds_more_calls_than_the_rate_allows(time: "FakeTime", rate: float) -> None:
    moments = await _moments(Pacer(rate, clock=time.clock), time, 200)

    burst = max(1, int(rate))
    gaps = [later - sooner for sooner, later in zip(moments, moments[burst:], strict=False)]
    assert min(gaps) >= burst / rate
    assert len(moments) / (moments[-1] + burst / rate) >= rate * 0.95


async def test_time_without_calls_saves_up_no_more_than_one_burst(time: "FakeTime") -> None:
    pacer = Pacer(5, clock=time.clock)
    await _moments(pacer, time, 5)
    time.now += 100

    moments = await _moments(pacer, time, 6)

    assert moments[4] == 0
    assert moments[5] >= 1


async def test_bases_do_not_wait_for_each_other(time: "FakeTime") -> None:
    pacer = Pacer(5, clock=time.clock)
    await _moments(pacer, time, 5, "app1")

    assert await _moments(pacer, time, 5, "app2") == [0] * 5


async def test_without_a_rate_nobody_waits(time: "FakeTime") -> None:
    assert await _moments(Pacer(None, clock=time.clock), time, 100) == [0] * 100


async def test_first_come_is_first_served(time: "FakeTime") -> None:
    pacer, order = Pacer(1, clock=time.clock), []

    async def call(number: int) -> None:
        await pacer.turn("app1")
        order.append((number, time.now))

    await asyncio.gather(*(call(number) for number in range(10)))

    assert [number for number, _ in order] == list(range(10))
    assert all(later - sooner >= 1 for (_, sooner), (_, later) in pairwise(order))


@pytest.mark.parametrize("rate", [5, None])
async def test_a_held_base_waits_and_the_others_do_not(time: "FakeTime", rate: float | None) -> None:
    pacer = Pacer(rate, clock=time.clock)
    pacer.hold("app1", 30)
    pacer.hold("app1", 2)

    assert await _moments(pacer, time, 1, "app2") == [0]
    assert await _moments(pacer, time, 1, "app1") == [30]


async def test_a_hold_that_comes_while_a_call_waits_delays_it(time: "FakeTime") -> None:
    pacer = Pacer(1, clock=time.clock)
    await pacer.turn("app1")
    start = time.now
    waiting = asyncio.create_task(pacer.turn("app1"))
    await asyncio.sleep(0)
    pacer.hold("app1", 30)

    await waiting

    assert time.now - start >= 30


async def test_a_hold_longer_than_anyone_waits_is_an_error_at_once(time: "FakeTime") -> None:
    pacer = Pacer(5, patience_seconds=60, clock=time.clock)
    pacer.hold("app1", 61)

    with pytest.raises(TooManyRequests) as caught:
        await pacer.turn("app1")

    assert caught.value.retry_after_seconds == 61
    assert time.slept == []


async def test_who_stops_waiting_gives_the_turn_to_the_next(time: "FakeTime") -> None:
    pacer = Pacer(1, clock=time.clock)
    await pacer.turn("app1")
    impatient = asyncio.create_task(pacer.turn("app1"))
    patient = asyncio.create_task(pacer.turn("app1"))
    await asyncio.sleep(0)
    impatient.cancel()
    start = time.now

    await patient

    assert time.now - start <= 1.05
