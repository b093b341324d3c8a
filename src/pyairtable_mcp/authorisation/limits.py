"""How much one principal may ask: requests a second, and requests at the same time."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

_REMEMBERED = 10_000
"""Principals that are remembered; the one that was idle longest is forgotten first."""


@dataclass(slots=True)
class _Use:
    left: float
    at: float
    running: int = 0


@dataclass(slots=True)
class Limits:
    """A bucket of `burst` requests that fills with `a_second`, None for no limit; `at_once` run together."""

    a_second: float | None = 50.0
    burst: int = 100
    at_once: int = 32
    seconds: Callable[[], float] = time.monotonic
    _uses: OrderedDict[Hashable, _Use] = field(default_factory=OrderedDict)

    def headers(self, principal: Hashable) -> dict[str, str]:
        """What is left to the principal, as the IETF draft "RateLimit header fields for HTTP" says it."""
        if self.a_second is None:
            return {}
        left = self._use(principal).left
        window, refill = self.burst / self.a_second, (self.burst - left) / self.a_second
        return {
            "RateLimit-Policy": f'"default";q={self.burst};w={math.ceil(window)}',
            "RateLimit": f'"default";r={int(left)};t={math.ceil(refill)}',
        }

    def enter(self, principal: Hashable) -> float:
        """Begin a request. The seconds after which to try again, 0 when it may run."""
        use = self._use(principal)
        if use.running >= self.at_once:
            return 1.0
        if self.a_second is not None:
            if use.left < 1:
                return (1 - use.left) / self.a_second
            use.left -= 1
        use.running += 1
        return 0.0

    def leave(self, principal: Hashable) -> None:
        """A request that began has ended."""
        if use := self._uses.get(principal):
            use.running = max(0, use.running - 1)

    def _use(self, principal: Hashable) -> _Use:
        now = self.seconds()
        use = self._uses.setdefault(principal, _Use(self.burst, now))
        self._uses.move_to_end(principal)
        use.left = min(self.burst, use.left + (now - use.at) * (self.a_second or 0))
        use.at = now
        if len(self._uses) > _REMEMBERED:
            idle = next((name for name, each in self._uses.items() if not each.running), None)
            if idle is not None:
                del self._uses[idle]
        return use
