"""What one process hears, the others hear over Redis."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from airtable_gateway import ForeignChanges
from airtable_gateway.listening.redis_news import RedisNews

NEWS = [
    ForeignChanges("appTestTestTest01", frozenset({"tblA", "tblB"})),
    ForeignChanges("appTestTestTest01", reshapes=True, is_whole=True),
]


@pytest.fixture
async def redis(redis_server: str) -> AsyncIterator[Redis]:
    redis = Redis.from_url(redis_server)
    yield redis
    await redis.aclose()


async def test_others_hear_it_and_who_tells_does_not(redis: Redis, redis_prefix: str) -> None:
    processes = [RedisNews(redis, channel=redis_prefix) for _ in range(3)]
    heard: list[asyncio.Queue[ForeignChanges]] = [asyncio.Queue() for _ in processes]
    listening = [
        asyncio.create_task(news.listen(told.put)) for news, told in zip(processes, heard, strict=True)
    ]
    await asyncio.gather(*(news.is_listening.wait() for news in processes))

    await redis.publish(redis_prefix, "no JSON")
    for changes in NEWS:
        await processes[0].tell(changes)
    told = [[await asyncio.wait_for(queue.get(), 10) for _ in NEWS] for queue in heard[1:]]

    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    assert told == [NEWS, NEWS]
    assert heard[0].empty()


async def test_without_redis_nobody_is_told_and_nothing_fails() -> None:
    # Its own repeats take three seconds, and are none of ours.
    nowhere = Redis(host="127.0.0.1", port=1, retry=Retry(NoBackoff(), retries=1))

    await RedisNews(nowhere).tell(NEWS[0])

    await nowhere.aclose()
