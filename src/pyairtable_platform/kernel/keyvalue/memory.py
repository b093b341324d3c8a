"""The key-value store of one process."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self

_SWEEP_EVERY = 1000
"""Writes between two looks for values whose time is over."""

_WAITING = 1000
"""Messages kept for a listener that is slow; older ones are lost, as with Redis."""


class MemoryKeyValue:
    """See `KeyValue`; `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._values: dict[str, tuple[bytes, float]] = {}
        self._listeners: defaultdict[str, set[asyncio.Queue[bytes]]] = defaultdict(set)
        self._writes = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._values.clear()

    async def get(self, key: str) -> bytes | None:
        """See `KeyValue.get`."""
        value, until = self._values.get(key, (None, 0.0))
        return value if until > self._clock() else None

    async def set(self, key: str, value: bytes, *, ttl_seconds: float) -> None:
        """See `KeyValue.set`."""
        self._sweep()
        self._values[key] = (value, self._clock() + ttl_seconds)

    async def delete(self, key: str) -> None:
        """See `KeyValue.delete`."""
        self._values.pop(key, None)

    async def add(self, key: str, amount: int, *, ttl_seconds: float) -> int:
        """See `KeyValue.add`."""
        self._sweep()
        value, until = self._values.get(key, (b"0", 0.0))
        if until <= self._clock():
            value, until = b"0", self._clock() + ttl_seconds
        total = int(value) + amount
        self._values[key] = (str(total).encode(), until)
        return total

    async def publish(self, channel: str, message: bytes) -> None:
        """See `KeyValue.publish`."""
        for waiting in self._listeners.get(channel, ()):
            if waiting.full():
                waiting.get_nowait()
            waiting.put_nowait(message)

    @asynccontextmanager
    async def listening(self, channel: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """See `KeyValue.listening`."""
        waiting: asyncio.Queue[bytes] = asyncio.Queue(_WAITING)
        self._listeners[channel].add(waiting)
        try:
            yield _messages(waiting)
        finally:
            self._listeners[channel].discard(waiting)
            if not self._listeners[channel]:
                del self._listeners[channel]

    async def ping(self) -> None:
        """See `KeyValue.ping`."""

    def _sweep(self) -> None:
        self._writes += 1
        if self._writes % _SWEEP_EVERY == 0:
            now = self._clock()
            self._values = {key: kept for key, kept in self._values.items() if kept[1] > now}


async def _messages(waiting: "asyncio.Queue[bytes]") -> AsyncIterator[bytes]:
    while True:
        yield await waiting.get()
