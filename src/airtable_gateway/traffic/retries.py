"""Calls sent again when that is safe and may help, for as long as their time allows."""

from contextlib import suppress
from dataclasses import dataclass
from random import SystemRandom
from typing import TypeVar

from airtable_gateway.calls.call import Call, Repeat
from airtable_gateway.clock import Clock
from airtable_gateway.errors import (
    AirtableError,
    NoTurn,
    OutcomeUnknown,
    OutOfOrder,
    TooManyRequests,
    Unreachable,
)
from airtable_gateway.traffic.turns import Turns
from airtable_gateway.traffic.urgency import urgency
from airtable_gateway.transport.translation import BILLING_LIMIT

T = TypeVar("T")

REPEATS = 4
"""How often a call is repeated after no answer came; a service that is down is not helped by more."""

_PASSING = frozenset({None, 502, 503, 504})
"""No answer at all, or that of a gateway whose server is away for a moment."""

_jitter = SystemRandom().uniform


@dataclass(slots=True)
class _History:
    """What came of the attempts of one call so far."""

    failures: int = 0
    lost: Unreachable | None = None
    """The failure of an attempt that may have been applied all the same."""
    last: AirtableError | None = None


class Retries:
    """A line that sends each call in its turn, and repeats those that may be repeated."""

    def __init__(self, turns: Turns, clock: Clock) -> None:
        self._turns = turns
        self._clock = clock

    async def send(self, call: Call[T]) -> T:
        """What the call reads from its last attempt.

        Raises that attempt's AirtableError, or OutcomeUnknown for a create that may have been applied. An
        error after an attempt that may have been applied says so in `follows_lost`.
        """
        work = urgency()
        deadline = self._clock.now() + work.budget_seconds
        history = _History()
        while True:
            try:
                return await self._turns.send(call, work, deadline)
            except AirtableError as error:
                pause = await self._pause(call, error, history, deadline)
            await self._clock.sleep(pause)

    async def _pause(self, call: Call[T], error: AirtableError, history: _History, deadline: float) -> float:
        """Seconds until the next attempt. Raises what is to be told when there is none."""
        if isinstance(error, NoTurn | OutOfOrder) and history.last:
            raise history.lost or history.last
        history.failures += 1
        history.last = error
        if call.repeat is not Repeat.ALWAYS and isinstance(error, Unreachable) and error.may_be_applied:
            history.lost = error
        await self._heed(call, error)
        pause = pause_before_repeat(call.repeat, error, history.failures)
        if pause is None or self._clock.now() + max(pause, _asked(error)) > deadline:
            raise _told(call, error, history)
        return pause

    async def _heed(self, call: Call[T], error: AirtableError) -> None:
        """Hold the base for everyone after a 429; a used up allowance is not a matter of pace."""
        if (
            isinstance(error, TooManyRequests)
            and not isinstance(error, NoTurn)
            and error.type != BILLING_LIMIT
        ):
            # Where the others cannot be told, this call knows it all the same.
            with suppress(Unreachable):
                await self._turns.hold(call.subject.base, error.retry_after_seconds)


def pause_before_repeat(repeat: Repeat, error: AirtableError, failures: int) -> float | None:
    """Seconds to wait before the call is sent again after so many failures, None when it must not be.

    After a 429 nothing was done, and the base is held anyway. A lost answer tells nothing: reads go again,
    and writes for which twice is as once; a create only when it surely was not applied.
    """
    match error:
        case NoTurn() | OutOfOrder() | TooManyRequests(type="PUBLIC_API_BILLING_LIMIT_EXCEEDED"):
            return None
        case TooManyRequests():
            return _backoff(failures)
        case Unreachable(status=status) if status in _PASSING and failures <= REPEATS:
            if repeat is Repeat.NEVER and error.may_be_applied:
                return None
            return max(error.retry_after_seconds, _backoff(failures))
        case _:
            return None


def _told(call: Call[T], error: AirtableError, history: _History) -> AirtableError:
    """The error for the caller, who must know when an earlier attempt may have been applied."""
    if history.lost is None:
        return error
    if call.repeat is Repeat.NEVER:
        return OutcomeUnknown(history.lost.message, status=history.lost.status)
    if isinstance(error, TooManyRequests | Unreachable):
        return history.lost
    error.follows_lost = True
    return error


def _asked(error: AirtableError) -> float:
    """The seconds for which Airtable asked to be left alone."""
    return error.retry_after_seconds if isinstance(error, TooManyRequests | Unreachable) else 0.0


def _backoff(failures: int) -> float:
    """About 0.2, 0.4, 0.8 ... seconds, and never the same for two callers."""
    return float(0.2 * 2 ** min(failures - 1, 6) * _jitter(0.5, 1.5))
