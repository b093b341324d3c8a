"""Five calls a second and base and fifty a token, by moments that are the same in memory and over Redis."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from airtable_gateway.clock import Clock
from airtable_gateway.traffic.meter import MemoryMeter, Meter
from airtable_gateway.traffic.pace import Pace, Row
from airtable_gateway.traffic.redis_meter import RedisMeter

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime

PATIENCE = 600.0


def _moments(rate: float, calls: int, start: float = 1000.0) -> list[float]:
    """The moments that so many calls are given which all wait."""
    row, moments = Row(Pace.of_base(rate)), []
    for _ in range(calls):
        moment = row.next(start)
        row.give(moment)
        moments.append(moment)
    return moments


@pytest.mark.parametrize("rate", [1, 2, 5, 50, 0.5, 2.5])
def test_no_second_holds_more_calls_than_the_rate_allows(rate: float) -> None:
    moments = _moments(rate, 200)

    calls = max(1, int(rate))
    gaps = [later - sooner for sooner, later in zip(moments, moments[calls:], strict=False)]
    assert min(gaps) >= calls / rate
    assert len(moments) / (moments[-1] - moments[0] + 1 / rate) >= rate * 0.95


@pytest.mark.parametrize("slowness", [0.0, 0.3, 0.5])
def test_airtables_bucket_never_runs_dry_when_the_first_call_is_slow_and_the_others_are_not(
    slowness: float,
) -> None:
    first, *others = _moments(5, 300)
    tokens, filled_at = 5.0, first + slowness

    for arrival in sorted([first + slowness, *others]):
        arrival = max(arrival, filled_at)  # noqa: PLW2901 - a queue behind the slow one would only help
        tokens = min(5.0, tokens + (arrival - filled_at) * 5)
        filled_at = arrival
        tokens -= 1
        assert tokens >= 0


def test_time_without_calls_saves_up_no_more_than_the_first_burst() -> None:
    row = Row(Pace.of_base(5))
    for _ in range(20):
        row.give(row.next(1000.0))

    moments = []
    for _ in range(6):
        moments.append(row.next(2000.0))
        row.give(moments[-1])

    assert moments == pytest.approx([moment + 1000 for moment in _moments(5, 6)])


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    redis = Redis(host="127.0.0.1", port=6379)
    yield redis
    await redis.aclose()


@pytest.fixture(params=["memory", "redis"])
def meter(request: pytest.FixtureRequest, redis: Redis) -> Meter:
    """A meter for five calls a second, of which the moments count and not the time that passes."""
    if request.param == "redis":
        return RedisMeter(redis, 5, prefix=f"test:{uuid4()}:")
    return MemoryMeter(5, Clock())


async def test_the_moments_of_a_base_are_those_of_its_pace(meter: Meter) -> None:
    waits = [await meter.reserve("app1", patience_seconds=PATIENCE) for _ in range(12)]

    assert waits == pytest.approx([moment - 1000 for moment in _moments(5, 12)], abs=0.1)


async def test_bases_do_not_wait_for_each_other(meter: Meter) -> None:
    for _ in range(12):
        await meter.reserve("app1", patience_seconds=PATIENCE)

    assert await meter.reserve("app2", patience_seconds=PATIENCE) == 0


async def test_a_moment_beyond_the_patience_is_not_taken(meter: Meter) -> None:
    for _ in range(20):
        await meter.reserve("app1", patience_seconds=PATIENCE)

    refused = [await meter.reserve("app1", patience_seconds=1) for _ in range(5)]

    assert min(refused) > 1
    assert await meter.reserve("app1", patience_seconds=PATIENCE) == pytest.approx(refused[0], abs=0.1)


async def test_a_held_base_gives_moments_after_the_hold_and_lets_nobody_go(meter: Meter) -> None:
    await meter.hold("app1", 30)
    await meter.hold("app1", 2)

    assert await meter.held("app1") == pytest.approx(30, abs=0.5)
    assert await meter.depart("app1", "token") == pytest.approx(30, abs=0.5)
    assert await meter.reserve("app1", patience_seconds=PATIENCE) == pytest.approx(30, abs=0.5)
    assert await meter.depart("app2", "token") == 0


async def test_a_token_takes_ten_times_the_calls_of_a_base(meter: Meter) -> None:
    waits = [await meter.depart(f"app{number}", "token") for number in range(60)]

    assert waits[:50] == [0] * 50
    assert min(waits[50:]) > 0
    assert await meter.depart("app1", "another") == 0


async def test_two_processes_share_the_moments_of_a_base(redis: Redis) -> None:
    prefix = f"test:{uuid4()}:"
    meters = [RedisMeter(redis, 5, prefix=prefix) for _ in range(4)]

    waits = await asyncio.gather(
        *(meter.reserve("app1", patience_seconds=PATIENCE) for meter in meters for _ in range(5))
    )

    assert sorted(waits) == pytest.approx([moment - 1000 for moment in _moments(5, 20)], abs=0.2)


@pytest.mark.parametrize("kind", ["memory", "redis"])
async def test_without_a_rate_nobody_waits_but_for_a_hold(kind: str, redis: Redis, time: "FakeTime") -> None:
    meter: Meter = MemoryMeter(None, time.clock)
    if kind == "redis":
        meter = RedisMeter(redis, None, prefix=f"test:{uuid4()}:")

    waits = [await meter.reserve("app1", patience_seconds=PATIENCE) for _ in range(100)]
    await meter.hold("app1", 5)

    assert waits == [0] * 100
    assert await meter.reserve("app1", patience_seconds=PATIENCE) == pytest.approx(5, abs=0.5)
