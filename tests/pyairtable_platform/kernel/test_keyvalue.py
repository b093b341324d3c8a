"""A key-value store holds its promises, whether it is memory or a server."""

import asyncio
import time

import pytest

from pyairtable_platform.kernel import MemoryKeyValue, Unavailable
from pyairtable_platform.kernel.keyvalue.redis import RedisKeyValue


async def test_a_value_is_kept_until_it_is_deleted(keyvalue):
    await keyvalue.set("a", b"\x00one", ttl_seconds=60)

    assert await keyvalue.get("a") == b"\x00one"
    await keyvalue.delete("a")
    assert await keyvalue.get("a") is None


async def test_a_value_that_was_never_set_is_none(keyvalue):
    assert await keyvalue.get("nothing") is None


async def test_additions_at_once_are_all_counted(keyvalue):
    sums = await asyncio.gather(*(keyvalue.add("n", 1, ttl_seconds=60) for _ in range(50)))

    assert sorted(sums) == list(range(1, 51))


async def test_a_message_reaches_everyone_who_listens(keyvalue):
    async with keyvalue.listening("news") as first, keyvalue.listening("news") as second:
        await keyvalue.publish("other", b"not this")
        await keyvalue.publish("news", b"hello")

        assert [await anext(first), await anext(second)] == [b"hello", b"hello"]


async def test_a_message_that_nobody_hears_is_gone(keyvalue):
    await keyvalue.publish("news", b"lost")

    async with keyvalue.listening("news") as messages:
        await keyvalue.publish("news", b"heard")
        assert await anext(messages) == b"heard"


async def test_a_value_in_memory_ends_with_its_time():
    now = [0.0]
    store = MemoryKeyValue(clock=lambda: now[0])
    await store.set("a", b"1", ttl_seconds=10)
    await store.add("n", 5, ttl_seconds=10)

    now[0] = 10.0

    assert await store.get("a") is None
    assert await store.add("n", 1, ttl_seconds=10) == 1


async def test_a_value_in_redis_ends_with_its_time(redis_server, redis_prefix):
    async with RedisKeyValue(redis_server, prefix=redis_prefix, timeout_seconds=5) as store:
        await store.set("a", b"1", ttl_seconds=0.001)
        while await store.get("a") is not None:
            await asyncio.sleep(0)
        assert await store.add("n", 1, ttl_seconds=60) == 1


@pytest.fixture
async def frozen_server():
    """A server that takes connections and never answers."""
    held = []
    server = await asyncio.start_server(lambda *streams: held.append(streams), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        for _, writer in held:
            writer.close()


async def test_a_frozen_redis_costs_a_tenth_of_a_second_and_then_nothing(frozen_server):
    async with RedisKeyValue(f"redis://127.0.0.1:{frozen_server}/0") as store:
        with pytest.raises(Unavailable, match="does not answer"):
            await store.get("a")
        began = time.perf_counter()
        with pytest.raises(Unavailable, match="asked again in a moment"):
            await store.get("a")

        # While the breaker is open nothing is asked: far below the timeout of 0.1 s.
        assert time.perf_counter() - began < 0.1
