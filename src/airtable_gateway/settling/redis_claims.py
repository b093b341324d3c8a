"""The `Claims` that processes share over Redis."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from airtable_gateway.redis_faults import redis_faults
from airtable_gateway.settling.claims import KEPT_SECONDS

if TYPE_CHECKING:
    from redis.asyncio import Redis
    from redis.asyncio.client import Pipeline

_MILLISECONDS = int(KEPT_SECONDS * 1000)

_CLAIM = """
for _, key in ipairs(KEYS) do if redis.call('EXISTS', key) == 1 then return 0 end end
for _, key in ipairs(KEYS) do redis.call('SET', key, '1', 'PX', ARGV[1]) end
return 1
"""


class RedisClaims:
    """A `Claims` over Redis; the connection is the caller's, who closes it."""

    def __init__(self, redis: "Redis", *, prefix: str = "airtable:claims:") -> None:
        self._redis = redis
        self._prefix = prefix
        self._claim = redis.register_script(_CLAIM)

    async def begin(self, kinds: Sequence[str], call: str) -> None:
        """See `Claims.begin`."""
        async with self._pipeline() as pipeline:
            for kind in set(kinds):
                pipeline.sadd(self._kind(kind), call)
                pipeline.pexpire(self._kind(kind), _MILLISECONDS)

    async def end(self, kinds: Sequence[str], call: str, record_ids: Sequence[str]) -> None:
        """See `Claims.end`."""
        # In one transaction: a look in between would see neither the call nor its records.
        async with self._pipeline() as pipeline:
            for record_id in record_ids:
                pipeline.set(self._record(record_id), "1", px=_MILLISECONDS)
            for kind in set(kinds):
                pipeline.srem(self._kind(kind), call)

    async def has_rivals(self, kinds: Sequence[str], call: str) -> bool:
        """See `Claims.has_rivals`."""
        for kind in set(kinds):
            with redis_faults():
                calls = await self._redis.smembers(self._kind(kind))
            if calls - {call.encode(), call}:
                return True
        return False

    async def claim(self, record_ids: Sequence[str]) -> bool:
        """See `Claims.claim`."""
        keys = [self._record(record_id) for record_id in record_ids]
        with redis_faults():
            return bool(await self._claim(keys=keys, args=[_MILLISECONDS]))

    async def unclaimed(self, record_ids: Sequence[str]) -> set[str]:
        """See `Claims.unclaimed`."""
        if not record_ids:
            return set()
        with redis_faults():
            owned = await self._redis.mget([self._record(record_id) for record_id in record_ids])
        return {record_id for record_id, owner in zip(record_ids, owned, strict=True) if owner is None}

    @asynccontextmanager
    async def _pipeline(self) -> "AsyncIterator[Pipeline]":
        """Commands that are sent together, and take effect together."""
        with redis_faults():
            async with self._redis.pipeline(transaction=True) as pipeline:
                yield pipeline
                await pipeline.execute()

    def _kind(self, kind: str) -> str:
        return f"{self._prefix}kind:{kind}"

    def _record(self, record_id: str) -> str:
        return f"{self._prefix}record:{record_id}"
