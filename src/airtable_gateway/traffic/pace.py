"""How many calls may go in which time, as a rule over moments; the adapters of `Meter` keep to it."""

from collections import deque
from dataclasses import dataclass

_TOKEN_FACTOR = 10
"""Airtable takes 5 calls a second for a base and 50 for a token (docs: "Rate limits")."""

_MARGIN = 1.02
"""Calls do not arrive as evenly as they leave, so a second is counted as slightly more."""

_AT_ONCE = 2
"""Calls that may go together after a rest.

Airtable would take all five, but then the next one has to arrive to the hundredth of a second: when the first
call was slow on its way (a new connection), the sixth would come too soon. Three in hand make up for that.
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `calls` in `window_seconds`, and after a burst of `at_once` one each `interval_seconds`."""

    calls: int
    window_seconds: float
    at_once: int
    interval_seconds: float

    @classmethod
    def of_base(cls, rate: float) -> "Pace":
        """So many calls a second; a rate below one is a call in so many seconds."""
        calls = max(1, int(rate))
        return cls(calls, calls / rate * _MARGIN, min(calls, _AT_ONCE), 1 / rate)

    @classmethod
    def of_token(cls, rate: float) -> "Pace":
        """What all bases of a token may have together, when one base may have `rate`."""
        calls = max(1, int(rate * _TOKEN_FACTOR))
        return cls(calls, calls / (rate * _TOKEN_FACTOR) * _MARGIN, calls, 0)


class Row:
    """The moments that were given to calls, and the next one by the pace."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._given: deque[float] = deque(maxlen=pace.calls)
        self._even = float("-inf")

    def next(self, now: float) -> float:
        """The moment at which one more call may go."""
        pace = self._pace
        full = len(self._given) == pace.calls
        return max(
            now,
            self._even - (pace.at_once - 1) * pace.interval_seconds,
            self._given[0] + pace.window_seconds if full else now,
        )

    def give(self, moment: float) -> None:
        """Let a call go at that moment."""
        self._given.append(moment)
        self._even = max(self._even, moment) + self._pace.interval_seconds
