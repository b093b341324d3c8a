"""Calls sent in their turn, and again when that is safe and may help."""

from random import SystemRandom
from typing import TypeVar

from airtable_gateway.calls.call import Call, Line, Repeat
from airtable_gateway.clock import Clock
from airtable_gateway.errors import AirtableError, TooManyRequests, Unreachable
from airtable_gateway.pacer import Pacer
from airtable_gateway.transport.translation import BILLING_LIMIT

T = TypeVar("T")

BUDGET_SECONDS = 60.0
"""No attempt begins later than this after the first one: whoever waits has given up by then."""

_LOST_READS = 3
"""How often a read is repeated after no answer came; a service that is down is not helped by more."""

_PASSING = frozenset({None, 502, 503, 504})
"""No answer at all, or that of a gateway whose server is away for a moment."""

_jitter = SystemRandom().uniform


class Retries:
    """A line that paces the calls of another one, and repeats those that may be repeated."""

    def __init__(self, line: Line, pacer: Pacer, clock: Clock) -> None:
        self._line = line
        self._pacer = pacer
        self._clock = clock

    async def send(self, call: Call[T]) -> T:
        """What the call reads, from its last attempt. Raises that attempt's AirtableError."""
        await self._pacer.turn(call.subject.base)
        deadline = self._clock.now() + BUDGET_SECONDS
        failures = 0
        while True:
            try:
                return await self._line.send(call)
            except (TooManyRequests, Unreachable) as error:
                self._heed(call, error)
                failures += 1
                pause = pause_before_repeat(call.repeat, error, failures)
                if pause is None or self._clock.now() + pause > deadline:
                    raise
            await self._clock.sleep(pause)
            await self._pacer.turn(call.subject.base)

    def _heed(self, call: Call[T], error: AirtableError) -> None:
        """Hold the base for everyone after a 429; a used up allowance is not a matter of pace."""
        if isinstance(error, TooManyRequests) and error.type != BILLING_LIMIT:
            self._pacer.hold(call.subject.base, error.retry_after_seconds)


def pause_before_repeat(repeat: Repeat, error: AirtableError, failures: int) -> float | None:
    """Seconds to wait before the call is sent again after so many failures, None when it must not be.

    429 means that nothing was done: all but creates go again. A lost answer tells nothing: only reads do.
    """
    match error:
        case TooManyRequests(type=type) if repeat is not Repeat.NEVER and type != BILLING_LIMIT:
            return max(error.retry_after_seconds, _backoff(failures))
        case Unreachable(status=status) if repeat is Repeat.ALWAYS and status in _PASSING:
            return _backoff(failures) if failures <= _LOST_READS else None
        case _:
            return None


def _backoff(failures: int) -> float:
    """About 0.2, 0.4, 0.8 ... seconds, and never the same for two callers."""
    return float(0.2 * 2 ** min(failures - 1, 6) * _jitter(0.5, 1.5))
