"""The port that keeps answers, for one process or for many; and its form in memory."""

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from airtable_gateway.clock import Clock

MOST_BYTES = 32 * 1024 * 1024
"""What the memory of one process keeps at most; the least recently used goes first."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found: `value` None for nothing, and the stamp under which a new value is to be kept.

    The stamp is that of the moment of the look, so that an answer which was on its way while something
    changed is kept where nobody looks.
    """

    stamp: str
    value: bytes | None = None
    age_seconds: float = 0.0


class Cache(Protocol):
    """Values by key, each within scopes that can be spoiled as a whole."""

    async def look(self, scopes: Sequence[str], key: str, *, ttl_seconds: float) -> Found:
        """The value of the key, when it was kept so recently and nothing has spoiled a scope since."""
        ...

    async def stamp(self, scope: str) -> str:
        """A text that changes when something has spoiled the scope."""
        ...

    async def keep(self, stamp: str, key: str, value: bytes, *, ttl_seconds: float) -> None:
        """Keep the value that was looked for in vain."""
        ...

    async def spoil(self, scope: str) -> None:
        """Forget everything within the scope."""
        ...


class MemoryCache:
    """A `Cache` for one process."""

    def __init__(self, clock: Clock, *, most_bytes: int = MOST_BYTES) -> None:
        self._clock = clock
        self._most_bytes = most_bytes
        self._bytes = 0
        self._values: OrderedDict[tuple[str, str], tuple[bytes, float]] = OrderedDict()
        self._spoils: defaultdict[str, int] = defaultdict(int)

    async def look(self, scopes: Sequence[str], key: str, *, ttl_seconds: float) -> Found:
        """See `Cache.look`."""
        stamp = ".".join([str(self._spoils.get(scope, 0)) for scope in scopes])
        value, kept_at = self._values.get((stamp, key), (None, 0.0))
        age = self._clock.now() - kept_at
        if value is None or age >= ttl_seconds:
            return Found(stamp)
        self._values.move_to_end((stamp, key))
        return Found(stamp, value, age)

    async def stamp(self, scope: str) -> str:
        """See `Cache.stamp`."""
        return str(self._spoils.get(scope, 0))

    async def keep(self, stamp: str, key: str, value: bytes, *, ttl_seconds: float) -> None:  # noqa: ARG002 - age is looked at when it is asked for
        """See `Cache.keep`."""
        self._drop((stamp, key))
        if len(value) > self._most_bytes:
            return
        self._values[stamp, key] = value, self._clock.now()
        self._bytes += len(value)
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._values)))

    async def spoil(self, scope: str) -> None:
        """See `Cache.spoil`; what is spoilt goes when there is need of its place."""
        self._spoils[scope] += 1

    def _drop(self, place: tuple[str, str]) -> None:
        value, _ = self._values.pop(place, (b"", 0.0))
        self._bytes -= len(value)
