"""Webhooks kept in Redis, for the processes that share it; when it forgets them, they are made anew."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from airtable_gateway.listening.hooks import Hook
from airtable_gateway.listening.sealing import Seal
from airtable_gateway.redis_faults import redis_faults

if TYPE_CHECKING:
    from redis.asyncio import Redis

_TURN_SECONDS = 60.0
"""How long a process may take to make a webhook; after that it counts as ended."""


class RedisHooks:
    """See `Hooks`; secrets are sealed with `key`, and the connection is the caller's, who closes it."""

    def __init__(self, redis: "Redis", key: bytes, *, prefix: str = "airtable:webhooks:") -> None:
        self._redis = redis
        self._prefix = prefix
        self._seal = Seal(key)

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """See `Hooks.changing`."""
        with redis_faults():
            turn = self._redis.lock(f"{self._prefix}changing", timeout=_TURN_SECONDS, sleep=0.05)
            await turn.acquire()
        try:
            yield
        finally:
            with redis_faults():
                if await turn.owned():
                    await turn.release()

    async def hook(self, base_id: str) -> Hook | None:
        """See `Hooks.hook`."""
        with redis_faults():
            text = await self._redis.get(self._prefix + base_id)
        return self._seal.hook(base_id, json.loads(text)) if text else None

    async def keep(self, hook: Hook) -> None:
        """See `Hooks.keep`."""
        with redis_faults():
            await self._redis.set(self._prefix + hook.base_id, json.dumps(self._seal.row(hook)))
