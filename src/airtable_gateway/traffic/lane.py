"""The calls that wait for one base: who goes next."""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from airtable_gateway.calls.call import Call
from airtable_gateway.joining.group import companions
from airtable_gateway.joining.joint import Joint
from airtable_gateway.traffic.urgency import Urgency

_BULK_TURN = 5
"""One turn in so many is for bulk work, so that it does not stand still for ever."""


@dataclass(slots=True, eq=False)
class Waiting:
    """A call in a lane since some moment, whose time is over at `deadline`.

    It `goes_alone` when Airtable refused a joined one.
    """

    call: Call[Any]
    urgency: Urgency
    deadline: float
    since: float
    answer: "asyncio.Future[Any]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    goes_alone: bool = False
    delivery: "asyncio.Task[None] | None" = None
    """Who sends it, None while it waits; and with which others."""
    group: "Sequence[Waiting]" = ()

    @property
    def joint(self) -> Joint[Any] | None:
        """Where others may join, None when it goes alone."""
        return None if self.goes_alone else self.call.joint

    def abandon(self) -> None:
        """End the delivery when nobody waits for it any more; what has a thread runs to its end."""
        if self.delivery and all(waiting.answer.done() for waiting in self.group):
            self.delivery.cancel()


class Lane:
    """Waiting calls: interactive ones before bulk, and within each the callers in turn."""

    def __init__(self) -> None:
        self.pump: asyncio.Task[None] | None = None
        self.lapses = 0
        self.moment = 0.0
        """When the next call may go, as far as it is known; nobody goes before."""
        self._urgent: dict[str, deque[Waiting]] = {}
        self._bulk: dict[str, deque[Waiting]] = {}
        self._turns_before_bulk = _BULK_TURN

    def __bool__(self) -> bool:
        return bool(self._urgent or self._bulk)

    def __iter__(self) -> Iterator[Waiting]:
        """All of them, the next callers' first."""
        for queues in (self._urgent, self._bulk):
            for queue in queues.values():
                yield from queue

    def add(self, waiting: Waiting, *, first: bool = False) -> None:
        """Put it at the end of its caller's calls, or before them."""
        queue = self._queues(waiting).setdefault(waiting.urgency.caller, deque())
        (queue.appendleft if first else queue.append)(waiting)

    def remove(self, waiting: Waiting) -> None:
        """Take it out, if it still waits."""
        queues, caller = self._queues(waiting), waiting.urgency.caller
        queue = queues.get(caller)
        if queue is None or waiting not in queue:
            return
        queue.remove(waiting)
        if not queue:
            del queues[caller]

    def clear(self) -> list[Waiting]:
        """All of them, out of the lane."""
        everybody = list(self)
        self._urgent.clear()
        self._bulk.clear()
        return everybody

    def take(self) -> list[Waiting]:
        """The next call and those that go along with it in one request, out of the lane."""
        first = self._next()
        joint = first.joint
        if joint is None or not self:
            return [first]
        along = companions(joint, [(waiting, waiting.joint) for waiting in self])
        for waiting in along:
            self.remove(waiting)
        return [first, *along]

    def _next(self) -> Waiting:
        """The next call, whose caller then stands at the end of the callers."""
        queues = self._whose_turn()
        caller = next(iter(queues))
        queue = queues.pop(caller)
        waiting = queue.popleft()
        if queue:
            queues[caller] = queue
        return waiting

    def _whose_turn(self) -> dict[str, deque[Waiting]]:
        if not self._bulk or not self._urgent:
            return self._urgent or self._bulk
        self._turns_before_bulk -= 1
        if self._turns_before_bulk > 0:
            return self._urgent
        self._turns_before_bulk = _BULK_TURN
        return self._bulk

    def _queues(self, waiting: Waiting) -> dict[str, deque[Waiting]]:
        return self._bulk if waiting.urgency.is_bulk else self._urgent
