"""News of foreign changes told from process to process over Redis: one hears Airtable, all hear of it."""

import asyncio
import json
import logging
from contextlib import suppress
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from redis.exceptions import RedisError

from airtable_gateway.hearing import ForeignChanges, Hearer

if TYPE_CHECKING:
    from redis.asyncio import Redis

_PAUSE_SECONDS = 1.0

logger = logging.getLogger(__name__)


class RedisNews:
    """A channel; `tell` is a `Hearer` that tells the other processes, `listen` tells on what they tell."""

    def __init__(self, redis: "Redis", *, channel: str = "airtable:news") -> None:
        self._redis = redis
        self._channel = channel
        self._own = token_hex(8)
        self.is_listening = asyncio.Event()

    async def tell(self, changes: ForeignChanges) -> None:
        """Tell the other processes; where Redis is away they see it when what they keep grows old."""
        told = {
            "from": self._own,
            "base": changes.base_id,
            "tables": sorted(changes.table_ids),
            "reshapes": changes.reshapes,
            "whole": changes.is_whole,
        }
        with suppress(RedisError, OSError):
            await self._redis.publish(self._channel, json.dumps(told))

    async def listen(self, hearer: Hearer) -> None:
        """Tell on what others tell, until cancelled."""
        while True:
            try:
                await self._hear(hearer)
            except (RedisError, OSError) as error:
                logger.warning("News of other processes are not heard for a while: %s", error)
            self.is_listening.clear()
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _hear(self, hearer: Hearer) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(self._channel)
            self.is_listening.set()
            while True:
                message = await channel.get_message(timeout=_PAUSE_SECONDS)
                changes = self._changes(message["data"]) if message else None
                if changes:
                    await hearer(changes)

    def _changes(self, data: Any) -> ForeignChanges | None:
        """The news of a message, None for our own, and for what is none."""
        try:
            match json.loads(data):
                case {"from": str(sender), "base": str(base), "tables": list(tables), **more}:
                    if sender != self._own:
                        return ForeignChanges(
                            base,
                            frozenset(map(str, tables)),
                            reshapes=more.get("reshapes") is True,
                            is_whole=more.get("whole") is True,
                        )
        except ValueError:
            pass
        return None
