"""The `Cache` that processes share over Redis; the server bounds its size (maxmemory, allkeys-lru)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airtable_gateway.caching.cache import Found
from airtable_gateway.redis_faults import redis_faults

if TYPE_CHECKING:
    from redis.asyncio import Redis

_LOOK = """
local spoils = redis.call('MGET', unpack(KEYS))
for index, spoil in ipairs(spoils) do spoils[index] = spoil or '0' end
local stamp = table.concat(spoils, '.')
local place = ARGV[1] .. stamp .. ':' .. ARGV[2]
return {stamp, redis.call('GET', place), redis.call('PTTL', place)}
"""

_SCOPE_SECONDS = 24 * 3600
"""How long it is remembered that a scope was spoiled: longer than any value is kept."""


class RedisCache:
    """A `Cache` over Redis; the connection is the caller's, who closes it."""

    def __init__(self, redis: "Redis", *, prefix: str = "airtable:cache:") -> None:
        self._redis = redis
        self._prefix = prefix
        self._look = redis.register_script(_LOOK)

    async def look(self, scopes: Sequence[str], key: str, *, ttl_seconds: float) -> Found:
        """See `Cache.look`."""
        keys = [f"{self._prefix}spoils:{scope}" for scope in scopes]
        with redis_faults():
            stamp, value, left = await self._look(keys=keys, args=[f"{self._prefix}value:", key])
        # Redis counts milliseconds: what was kept in this one is told as one old, and not as new.
        age = max(0.001, ttl_seconds - left / 1000)
        found = None if value is None or age >= ttl_seconds else bytes(value)
        return Found(stamp.decode(), found, age if found else 0.0)

    async def stamp(self, scope: str) -> str:
        """See `Cache.stamp`."""
        with redis_faults():
            spoils: Any = await self._redis.get(f"{self._prefix}spoils:{scope}")
        return spoils.decode() if spoils else "0"

    async def keep(self, stamp: str, key: str, value: bytes, *, ttl_seconds: float) -> None:
        """See `Cache.keep`."""
        with redis_faults():
            await self._redis.set(
                f"{self._prefix}value:{stamp}:{key}", value, px=max(1, int(ttl_seconds * 1000))
            )

    async def spoil(self, scope: str) -> None:
        """See `Cache.spoil`."""
        key = f"{self._prefix}spoils:{scope}"
        with redis_faults():
            async with self._redis.pipeline(transaction=False) as pipeline:
                pipeline.incr(key)
                pipeline.expire(key, _SCOPE_SECONDS)
                await pipeline.execute()
