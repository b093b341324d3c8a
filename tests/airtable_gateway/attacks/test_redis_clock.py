"""The clock of the Redis server set back or forward, as its rows and holds then stand."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from airtable_gateway.traffic.redis_meter import RedisMeter

HOUR = 3600


@pytest.fixture
async def redis(redis_server: str) -> AsyncIterator[Redis]:
    redis = Redis.from_url(redis_server)
    yield redis
    await redis.aclose()


async def move(redis: Redis, prefix: str, seconds: float) -> None:
    """The row of the base `x` as it stands when the clock was moved by so much after it was written."""
    row, even = f"{prefix}base:x", f"{prefix}base:x:even"
    given = [float(moment) - seconds for moment in await redis.lrange(row, 0, -1)]
    paced = await redis.get(even)
    assert paced
    at, seen = (float(text) - seconds for text in paced.split())
    await redis.delete(row)
    await redis.rpush(row, *(f"{moment:.6f}" for moment in given))
    await redis.set(even, f"{at:.6f} {seen:.6f}")


@pytest.mark.parametrize("seconds", [-HOUR, -2, HOUR])
async def test_after_a_step_of_the_clock_calls_go_on_at_their_pace(
    redis: Redis, redis_prefix: str, seconds: float
) -> None:
    meter = RedisMeter(redis, 5, prefix=redis_prefix)
    for _ in range(5):
        await meter.reserve("x", patience_seconds=60)

    await move(redis, redis_prefix, seconds)
    waits = [await meter.reserve("x", patience_seconds=60) for _ in range(10)]

    # After a step back a whole window is waited for, since it may be full; and never six go in a second.
    assert max(waits) < 4
    assert seconds > 0 or waits[0] > 0.9
    assert all(late - early > 0.95 for early, late in zip(waits, waits[5:], strict=False))


async def test_a_hold_lasts_no_longer_when_the_clock_is_set_back(redis: Redis, redis_prefix: str) -> None:
    meter = RedisMeter(redis, 5, prefix=redis_prefix)
    await meter.hold("x", 30)
    await redis.pexpire(f"{redis_prefix}held:x", HOUR * 1000)

    held = await meter.held("x")
    again = await meter.held("x")

    assert held == pytest.approx(30, abs=1)
    assert again <= held
