"""Calls sent in their turn: paced, interactive before bulk, caller by caller, joined where that helps."""

import asyncio
from collections import defaultdict
from typing import Any, Protocol, TypeVar

from airtable_gateway.calls.call import Call, Line, Repeat
from airtable_gateway.clock import Clock
from airtable_gateway.errors import AirtableError, NoTurn, TooManyRequests, Unreachable
from airtable_gateway.joining.group import joined, shared
from airtable_gateway.joining.joint import Apart
from airtable_gateway.metrics.metrics import Metrics
from airtable_gateway.traffic.breaker import Breaker
from airtable_gateway.traffic.lane import Lane, Waiting
from airtable_gateway.traffic.meter import Meter
from airtable_gateway.traffic.urgency import Urgency

T = TypeVar("T")

_KINDS = {Repeat.ALWAYS: "read", Repeat.IDEMPOTENT: "write", Repeat.NEVER: "create"}

_LATE_SECONDS = 0.25
"""Who wakes up this late lets the moment pass and takes another: the calls behind it are on their way."""


_LAPSES = 3
"""So many moments pass in a row: on a machine that is always late, calls go all the same."""


class PacedLine(Line, Protocol):
    """A line that can name the token that it uses, without telling it."""

    async def token_name(self) -> str:
        """Airtable and token, as two texts with a colon between them that are the same in every process."""
        ...


class Turns:
    """Holds the calls back until they may go."""

    def __init__(
        self, line: PacedLine, meter: Meter, breaker: Breaker, metrics: Metrics, clock: Clock
    ) -> None:
        self._line = line
        self._meter = meter
        self._breaker = breaker
        self._metrics = metrics
        self._clock = clock
        self._lanes: defaultdict[str, Lane] = defaultdict(Lane)
        self._under_way: set[asyncio.Task[None]] = set()

    async def send(self, call: Call[T], urgency: Urgency, deadline: float) -> T:
        """What the call reads from the answer to its one attempt.

        Raises AirtableError; NoTurn when the call could not go before its deadline. A caller that is
        cancelled while it waits leaves the lane; what is under way runs to its end.
        """
        base = call.subject.base
        self._breaker.check(base)
        # A connection is made before the first moment is taken: it takes longer than all the rest.
        await self._line.token_name()
        lane, waiting = self._lanes[base], Waiting(call, urgency, deadline, self._clock.now())
        if lane.moment > deadline:
            # Others have more time, and wait for it already.
            raise NoTurn(retry_after_seconds=lane.moment - self._clock.now())
        lane.add(waiting)
        if lane.pump is None:
            lane.pump = self._start(self._pump(base, lane))
        try:
            answer: T = await waiting.answer
        except asyncio.CancelledError:
            lane.remove(waiting)
            waiting.abandon()
            raise
        return answer

    async def hold(self, base: str, seconds: float) -> None:
        """Let no call to the base go for so long, since Airtable said 429."""
        await self._meter.hold(_place(await self._line.token_name(), base), seconds)

    async def close(self) -> None:
        """End what waits and what is under way."""
        for task in tuple(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _start(self, work: Any) -> "asyncio.Task[None]":
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _pump(self, base: str, lane: Lane) -> None:
        """Give the moments of the base to those who wait, until nobody does; and send one that was alone."""
        alone: list[Waiting] = []
        is_first = True
        try:
            while lane:
                if await self._moment(base, lane) and lane:
                    group = lane.take()
                    self._note_waits(group)
                    # Behind others the pump would overtake those whose tasks have not begun.
                    if is_first and not lane:
                        alone = group
                        _entrust(group, lane.pump)
                    else:
                        _entrust(group, self._start(self._deliver(base, lane, group)))
                    is_first = False
        except asyncio.CancelledError:
            _answer_all(lane.clear(), Unreachable("The gateway was closed.", may_be_applied=False))
            raise
        except Exception as error:  # noqa: BLE001 - whoever waits for a turn has to hear of the fault
            _answer_all(lane.clear(), error)
        finally:
            lane.pump, lane.moment = None, 0.0
        await self._deliver(base, lane, alone)

    def _note_waits(self, group: list[Waiting]) -> None:
        now = self._clock.now()
        for waiting in group:
            self._metrics.waited(now - waiting.since, is_bulk=waiting.urgency.is_bulk)

    async def _moment(self, base: str, lane: Lane) -> bool:
        """Wait for a moment at which a call may go; False when it passed, or nobody waits any more."""
        token = await self._line.token_name()
        place = _place(token, base)
        start = self._clock.now()
        patience = max([waiting.deadline for waiting in lane], default=start) - start
        wait = await self._meter.reserve(place, patience_seconds=patience) if base else 0.0
        _turn_away(lane, start + wait, wait)
        if not lane:
            return False
        if wait > 0:
            lane.moment = start + wait
            await self._clock.sleep(wait)
        if self._clock.now() - start > wait + _LATE_SECONDS and lane.lapses < _LAPSES:
            lane.lapses += 1
            return False
        lane.lapses = 0
        return await self._departs(place, token)

    async def _departs(self, place: str, token: str) -> bool:
        wait = await self._meter.depart(place, token)
        if wait > 0 and await self._meter.held(place) == 0:
            # Other bases of the token have used up its second: the moment of this base stays good.
            await self._clock.sleep(wait)
            wait = await self._meter.depart(place, token)
        return wait == 0

    async def _deliver(self, base: str, lane: Lane, group: list[Waiting]) -> None:
        """Send the group as one request, and give each of its calls what is its own."""
        group = [waiting for waiting in group if not waiting.answer.done()]
        if not group:
            return
        try:
            await self._answer_group(base, lane, group)
        except asyncio.CancelledError:
            _answer_all(group, Unreachable("The gateway was closed while the call was under way."))
            raise
        except Exception as error:  # noqa: BLE001 - whoever waits for the answer has to hear of the fault
            if len(group) > 1 and _says_no(error):
                self._send_apart(base, lane, group)
            else:
                _answer_all(group, error)

    async def _answer_group(self, base: str, lane: Lane, group: list[Waiting]) -> None:
        if len(group) == 1:
            _answer(group[0], await self._attempt(base, group[0].call))
            return
        joints = [waiting.joint for waiting in group if waiting.joint]
        shares = shared(joints, list(await self._attempt(base, joined(joints))))
        self._metrics.joined(len(group))
        apart = []
        for waiting, share in zip(group, shares, strict=True):
            if isinstance(share, Apart):
                apart.append(waiting)
            else:
                _answer(waiting, share)
        self._send_apart(base, lane, apart)

    async def _attempt(self, base: str, call: Call[T]) -> T:
        self._breaker.admit(base, call)
        start = self._clock.now()
        try:
            answer = await self._line.send(call)
        except BaseException as error:
            self._breaker.note(base, call, error)
            self._metrics.called(_KINDS[call.repeat], _outcome(error), self._clock.now() - start)
            raise
        self._breaker.note(base, call, None)
        self._metrics.called(_KINDS[call.repeat], "ok", self._clock.now() - start)
        return answer

    def _send_apart(self, base: str, lane: Lane, group: list[Waiting]) -> None:
        """Put each of them at the head of the lane again, to go alone."""
        for waiting in reversed(group):
            if not waiting.answer.done():
                waiting.goes_alone = True
                lane.add(waiting, first=True)
        if lane and lane.pump is None:
            lane.pump = self._start(self._pump(base, lane))


def _place(token: str, base: str) -> str:
    """The base as all processes name it that use the same Airtable."""
    return f"{token.partition(':')[0]}:{base}"


def _entrust(group: list[Waiting], delivery: "asyncio.Task[None] | None") -> None:
    for waiting in group:
        waiting.delivery, waiting.group = delivery, group


def _turn_away(lane: Lane, moment: float, wait: float) -> None:
    """Tell those whose time is over before that moment, at once."""
    for waiting in [waiting for waiting in lane if waiting.deadline < moment]:
        lane.remove(waiting)
        _answer(waiting, NoTurn(retry_after_seconds=wait))


def _says_no(error: Exception) -> bool:
    """Whether Airtable refused what was asked, so that one of the calls may be to blame for the others."""
    return isinstance(error, AirtableError) and not isinstance(error, TooManyRequests | Unreachable)


def _outcome(error: BaseException) -> str:
    return error.code if isinstance(error, AirtableError) else "cancelled"


def _answer_all(group: list[Waiting], error: Exception) -> None:
    for waiting in group:
        _answer(waiting, error.again() if isinstance(error, AirtableError) else error)


def _answer(waiting: Waiting, answer: Any) -> None:
    if waiting.answer.done():
        return
    if isinstance(answer, Exception):
        waiting.answer.set_exception(answer)
    else:
        waiting.answer.set_result(answer)
    # It is one of its group: what it was answered would be kept until Python looks for garbage.
    waiting.delivery, waiting.group = None, ()
