"""Values that were fetched once and are kept for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from math import inf
from typing import Generic, TypeVar

from airtable_gateway.clock import Clock

T = TypeVar("T")


class _Flight(Generic[T]):
    """A fetch, under way or done, that began at some moment.

    `value` is what it fetched, None while it is under way or when it failed; it is kept for `seconds`.
    """

    def __init__(
        self, fetch: Callable[[], Awaitable[T]], began: float, ttl_seconds: Callable[[T], float]
    ) -> None:
        self.began = began
        self.value: T | None = None
        self.seconds = 0.0
        self.task = asyncio.ensure_future(self._land(fetch, ttl_seconds))

    async def _land(self, fetch: Callable[[], Awaitable[T]], ttl_seconds: Callable[[T], float]) -> T:
        value = await fetch()
        self.value, self.seconds = value, ttl_seconds(value)
        return value


class Shelf(Generic[T]):
    """Fetches a value when it is missing or old; many who ask at once cause one fetch.

    `ttl_seconds` tells for each value how long it is kept; failures are not kept.
    """

    def __init__(
        self, fetch: Callable[[str], Awaitable[T]], *, ttl_seconds: Callable[[T], float], clock: Clock
    ) -> None:
        self._fetch = fetch
        self._ttl_seconds = ttl_seconds
        self._clock = clock
        self._flights: dict[str, _Flight[T]] = {}
        self._under_way: set[asyncio.Future[T]] = set()

    async def get(self, key: str, *, instead_of: T | None = None, at_most_seconds: float = inf) -> T:
        """The value of `key`, another one than `instead_of`, which the caller found to be out of date.

        One that is older than `at_most_seconds` will not do, however long it is kept.
        """
        flight = self._flights.get(key)
        if flight is None or self._is_spent(flight, instead_of, at_most_seconds):
            flight = self._flights[key] = self._depart(key)
        if flight.value is not None:
            return flight.value
        # A caller that is cancelled leaves the fetch to the others.
        return await asyncio.shield(flight.task)

    def age_seconds(self, key: str) -> float:
        """How long ago its fetch began, 0 when there is none."""
        flight = self._flights.get(key)
        return self._clock.now() - flight.began if flight else 0.0

    def drop(self, key: str) -> None:
        """Forget the value; who waits for it still gets it."""
        self._flights.pop(key, None)

    async def close(self) -> None:
        """End the fetches that are under way."""
        self._flights.clear()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _depart(self, key: str) -> _Flight[T]:
        flight = _Flight(partial(self._fetch, key), self._clock.now(), self._ttl_seconds)
        self._under_way.add(flight.task)
        flight.task.add_done_callback(self._land)
        return flight

    def _land(self, task: asyncio.Future[T]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            # All who waited may have been cancelled, and asyncio complains of errors that nobody saw.
            task.exception()

    def _is_spent(self, flight: _Flight[T], instead_of: T | None, at_most_seconds: float) -> bool:
        if flight.value is None:
            return flight.task.done()
        if flight.value is instead_of:
            return True
        return self._clock.now() - flight.began >= min(flight.seconds, at_most_seconds)
