"""Not more calls a second to a base than Airtable takes, first come, first served."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from airtable_gateway.clock import Clock
from airtable_gateway.errors import TooManyRequests

_WINDOW = 1.02
"""Calls do not arrive as evenly as they leave, so a second is counted as slightly more."""


@dataclass(slots=True)
class _Lane:
    """The calls of one base: who goes next, when the last ones went, and until when all have to wait."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    gone: deque[float] = field(default_factory=deque)
    held_until: float = float("-inf")


class Pacer:
    """At most `rate` calls in any second for each base; None sets no pace, and 429 is still heeded.

    Up to `rate` calls go at once after a rest: a person who waits for three calls does not wait for a clock.
    """

    def __init__(
        self, rate: float | None, *, patience_seconds: float = 60.0, clock: Clock | None = None
    ) -> None:
        self._burst = max(1, int(rate)) if rate else 0
        self._window = self._burst / rate * _WINDOW if rate else 0.0
        self._patience_seconds = patience_seconds
        self._clock = clock or Clock()
        self._lanes: dict[str, _Lane] = {}

    async def turn(self, base: str) -> None:
        """Wait until a call to `base` may go.

        Raises TooManyRequests at once when the base is held for longer than anyone should wait.
        """
        lane = self._lane(base)
        async with lane.turn:
            while (wait := self._wait(lane)) > 0:
                await self._clock.sleep(wait)
            if self._burst:
                lane.gone.append(self._clock.now())

    def hold(self, base: str, seconds: float) -> None:
        """Let no call to `base` go for so long, since Airtable said 429."""
        lane = self._lane(base)
        lane.held_until = max(lane.held_until, self._clock.now() + seconds)

    def _lane(self, base: str) -> _Lane:
        return self._lanes.setdefault(base, _Lane())

    def _wait(self, lane: _Lane) -> float:
        now = self._clock.now()
        held = lane.held_until - now
        if held > self._patience_seconds:
            raise TooManyRequests("Airtable asked us to leave this base alone.", retry_after_seconds=held)
        while lane.gone and lane.gone[0] <= now - self._window:
            lane.gone.popleft()
        full = self._burst and len(lane.gone) >= self._burst
        return max(held, lane.gone[0] + self._window - now if full else 0.0)
