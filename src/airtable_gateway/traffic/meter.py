"""The port that counts calls, for one process or for all that share a store; and its form in memory."""

from collections import defaultdict
from typing import Protocol

from airtable_gateway.clock import Clock
from airtable_gateway.traffic.pace import Pace, Row


class Meter(Protocol):
    """Gives each call a moment. A base and a token are named by texts that are the same in all processes."""

    async def reserve(self, base: str, *, patience_seconds: float) -> float:
        """Seconds until the next call to the base may go; that moment is then taken.

        Nothing is taken when they are more than `patience_seconds`.
        """
        ...

    async def depart(self, base: str, token: str) -> float:
        """0 to go now, at the reserved moment; else the seconds to wait, after which one asks again.

        The base may be held meanwhile, or the token's calls of all bases be too many.
        """
        ...

    async def hold(self, base: str, seconds: float) -> None:
        """Let no call to the base go for so long, since Airtable said 429."""
        ...

    async def held(self, base: str) -> float:
        """Seconds for which the base is held, 0 when it is not."""
        ...


class MemoryMeter:
    """A `Meter` for one process; `rate` None sets no pace, and holds are still kept."""

    def __init__(self, rate: float | None, clock: Clock) -> None:
        self._clock = clock
        self._bases: defaultdict[str, Row] = defaultdict(lambda: Row(Pace.of_base(rate or 1)))
        self._tokens: defaultdict[str, Row] = defaultdict(lambda: Row(Pace.of_token(rate or 1)))
        self._held_until: dict[str, float] = {}
        self._is_paced = rate is not None

    async def reserve(self, base: str, *, patience_seconds: float) -> float:
        """See `Meter.reserve`."""
        now = self._clock.now()
        moment = max(now, self._held_until.get(base, now))
        if not self._is_paced:
            return moment - now
        row = self._bases[base]
        moment = max(moment, row.next(now))
        if moment - now <= patience_seconds:
            row.give(moment)
        return moment - now

    async def depart(self, base: str, token: str) -> float:
        """See `Meter.depart`."""
        if held := await self.held(base):
            return held
        if not self._is_paced:
            return 0.0
        now, row = self._clock.now(), self._tokens[token]
        if (moment := row.next(now)) > now:
            return moment - now
        row.give(now)
        return 0.0

    async def hold(self, base: str, seconds: float) -> None:
        """See `Meter.hold`."""
        until = self._clock.now() + seconds
        self._held_until[base] = max(self._held_until.get(base, until), until)

    async def held(self, base: str) -> float:
        """See `Meter.held`."""
        return max(0.0, self._held_until.get(base, 0.0) - self._clock.now())
