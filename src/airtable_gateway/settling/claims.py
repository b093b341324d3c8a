"""The port that knows which creates are under way and which records are theirs; and its form in memory."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from airtable_gateway.clock import Clock

KEPT_SECONDS = 3600.0
"""How long claims are remembered: far longer than a call and its looking take."""


class Claims(Protocol):
    """Creates by what they make (`kind` is a digest of place and values) and by whom (`call`, unique)."""

    async def begin(self, kinds: Sequence[str], call: str) -> None:
        """The call is about to create a record of each kind; until `end` nobody knows which are its own."""
        ...

    async def end(self, kinds: Sequence[str], call: str, record_ids: Sequence[str]) -> None:
        """The call is answered, and these records are its own."""
        ...

    async def has_rivals(self, kinds: Sequence[str], call: str) -> bool:
        """Whether another call creates, or may have created, a record of these kinds."""
        ...

    async def claim(self, record_ids: Sequence[str]) -> bool:
        """Make all of the records one's own; False, and none, when one is another's."""
        ...

    async def unclaimed(self, record_ids: Sequence[str]) -> set[str]:
        """Those of the records that are nobody's own."""
        ...


class MemoryClaims:
    """The claims of one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self._owned: dict[str, float] = {}

    async def begin(self, kinds: Sequence[str], call: str) -> None:
        """See `Claims.begin`."""
        for kind in kinds:
            self._calls[kind][call] = self._clock.now() + KEPT_SECONDS

    async def end(self, kinds: Sequence[str], call: str, record_ids: Sequence[str]) -> None:
        """See `Claims.end`."""
        for kind in kinds:
            self._calls[kind].pop(call, None)
            if not self._calls[kind]:
                del self._calls[kind]
        self._own(record_ids)

    async def has_rivals(self, kinds: Sequence[str], call: str) -> bool:
        """See `Claims.has_rivals`."""
        now = self._clock.now()
        return any(
            until > now
            for kind in kinds
            for other, until in self._calls.get(kind, {}).items()
            if other != call
        )

    async def claim(self, record_ids: Sequence[str]) -> bool:
        """See `Claims.claim`."""
        if len(await self.unclaimed(record_ids)) < len(set(record_ids)):
            return False
        self._own(record_ids)
        return True

    async def unclaimed(self, record_ids: Sequence[str]) -> set[str]:
        """See `Claims.unclaimed`."""
        now = self._clock.now()
        return {record_id for record_id in record_ids if self._owned.get(record_id, now) <= now}

    def _own(self, record_ids: Sequence[str]) -> None:
        now = self._clock.now()
        # The oldest stand first, so that what is over is found without a look at the rest.
        while self._owned and next(iter(self._owned.values())) <= now:
            del self._owned[next(iter(self._owned))]
        for record_id in record_ids:
            self._owned[record_id] = now + KEPT_SECONDS
