"""A line that keeps what it read, and forgets it when something is written."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from airtable_gateway.caching.cache import Cache
from airtable_gateway.caching.kept import Kept
from airtable_gateway.calls.call import Call, Repeat
from airtable_gateway.errors import AirtableError
from airtable_gateway.metrics.metrics import Metrics
from airtable_gateway.traffic.retries import Retries
from airtable_gateway.traffic.turns import PacedLine

T = TypeVar("T")


class CachedReads:
    """Sends reads once for all who ask meanwhile, and answers from the cache while nothing has changed.

    A write spoils what is kept of the whole base, for links, lookups and rollups show it in other tables, and
    for whatever token it was read, for all of them see the same base.
    """

    def __init__(
        self,
        line: Retries,
        token: PacedLine,
        cache: Cache,
        metrics: Metrics,
        *,
        ttl_seconds: float,
        keeps: Callable[[str], None],
    ) -> None:
        self._line = line
        self._token = token
        self._cache = cache
        self._metrics = metrics
        self._ttl_seconds = ttl_seconds
        self._keeps = keeps
        self._flights: dict[tuple[str, str], asyncio.Task[bytes]] = {}

    async def send(self, call: Call[T]) -> T:
        """What the call reads from Airtable's answer, or from one that is kept. Raises AirtableError."""
        if call.kept is not None and self._ttl_seconds > 0:
            return await self._read(call, call.kept)
        if call.repeat is Repeat.ALWAYS or not call.subject.base:
            return await self._line.send(call)
        try:
            return await self._line.send(call)
        finally:
            # Also after a failure, for the write may have been applied.
            await self.spoil(call.subject.base, reshapes=call.reshapes)

    async def spoil(self, base_id: str, table_id: str = "", *, reshapes: bool = False) -> None:
        """Forget what is kept of the table, or of the whole base, and of the schema if that has changed."""
        scopes = [f"{base_id}:{table_id}"] if self._ttl_seconds > 0 else []
        if reshapes:
            scopes.append(f"{base_id}:schema")
        if not scopes:
            return
        airtable = _airtable(await self._token.token_name())
        # The write is done: a store that cannot be told must not make a failure of it.
        with suppress(AirtableError):
            for scope in scopes:
                await self._cache.spoil(f"{airtable}:{scope}")

    async def schema_stamp(self, base_id: str) -> str:
        """A text that changes when any process has changed the schema."""
        airtable = _airtable(await self._token.token_name())
        return await self._cache.stamp(f"{airtable}:{base_id}:schema")

    async def close(self) -> None:
        """End the reads that are under way."""
        flights = list(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    async def _read(self, call: Call[T], kept: Kept[T]) -> T:
        base, token = call.subject.base, await self._token.token_name()
        self._keeps(base)
        airtable = _airtable(token)
        scopes = [f"{airtable}:{base}:", f"{airtable}:{base}:{kept.table}"]
        key = f"{token}:{base}:{kept.table}:{kept.key}"
        found = await self._cache.look(scopes, key, ttl_seconds=self._ttl_seconds)
        if found.value is not None and not kept.is_fresh:
            self._metrics.looked_up("records", is_hit=True)
            return kept.load(json.loads(found.value), found.age_seconds)
        self._metrics.looked_up("records", is_hit=False)
        if kept.is_fresh:
            return kept.load(json.loads(await self._fetch(call, kept, found.stamp, key)), 0.0)
        return kept.load(json.loads(await self._shared(call, kept, found.stamp, key)), 0.0)

    async def _shared(self, call: Call[T], kept: Kept[T], stamp: str, key: str) -> bytes:
        """The answer of the read that is under way, or of a new one. Raises AirtableError."""
        flight = self._flights.get((stamp, key))
        if flight is None:
            flight = asyncio.ensure_future(self._fetch(call, kept, stamp, key))
            self._flights[stamp, key] = flight
            flight.add_done_callback(lambda done: self._land(stamp, key, done))
        try:
            # A caller that is cancelled leaves the read to the others.
            return await asyncio.shield(flight)
        except AirtableError as error:
            raise error.again() from None

    def _land(self, stamp: str, key: str, flight: "asyncio.Task[bytes]") -> None:
        self._flights.pop((stamp, key), None)
        if not flight.cancelled():
            # All who waited may have been cancelled, and asyncio complains of errors that nobody saw.
            flight.exception()

    async def _fetch(self, call: Call[T], kept: Kept[T], stamp: str, key: str) -> bytes:
        value = json.dumps(kept.dump(await self._line.send(call)), separators=(",", ":")).encode()
        await self._cache.keep(stamp, key, value, ttl_seconds=self._ttl_seconds)
        return value


def _airtable(token_name: str) -> str:
    """The Airtable of a token's name; the token is the rest of it."""
    return token_name.partition(":")[0]
