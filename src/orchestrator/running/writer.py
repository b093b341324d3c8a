"""The pen of a run: adds to the log and to the story, with money in the same breath, and never twice."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from orchestrator.events import Event, Logged
from orchestrator.running.patience import Patience
from orchestrator.running.story import Story
from orchestrator.sessions import EventLog, Lease, LogMoved
from pyairtable_platform.kernel import Unavailable

T = TypeVar("T")


class Writer:
    """Writes while the lease is held."""

    def __init__(
        self, log: EventLog, lease: Lease, story: Story, patience: Patience, now: Callable[[], datetime]
    ) -> None:
        self._log = log
        self._lease = lease
        self._story = story
        self._patience = patience
        self._now = now
        self._written = story.last
        self._staged: list[Event] = []

    def stage(self, *events: Event) -> None:
        """Tell the story at once, and the log with what is written next: for what can be found out again."""
        for event in events:
            self._staged.append(event)
            self._story.add(Logged(self._lease.session, self._story.last + 1, self._now(), event))

    async def __call__(self, *events: Event) -> None:
        """Log the events together. Raises LeaseLost, and Unavailable after a long while."""
        await self.with_money(_nothing, lambda _: events)

    async def with_money(
        self,
        money: Callable[[], Awaitable[T]],
        events: Callable[[T], Sequence[Event]],
        *,
        waits_for_disk: bool = True,
    ) -> T:
        """What `money` gives; it is committed together with the events that follow from it.

        Without `waits_for_disk` a power cut may undo it: for what nothing outside is done upon.
        """
        result, logged = await self._patience(lambda: self._attempt(money, events, waits_for_disk))
        for place, one in enumerate(logged):
            if place >= len(self._staged):
                self._story.add(one)
        self._written += len(logged)
        self._staged.clear()
        await self._log.tell(logged)
        return result

    async def _attempt(
        self,
        money: Callable[[], Awaitable[T]],
        events: Callable[[T], Sequence[Event]],
        waits_for_disk: bool,  # noqa: FBT001 - passed on
    ) -> tuple[T, list[Logged]]:
        """If an earlier attempt was committed and its answer was lost, that is it."""
        try:
            async with self._log.together(waits_for_disk=waits_for_disk):
                result = await money()
                new = [*self._staged, *events(result)]
                return result, await self._add(new)
        except LogMoved:
            result = await money()
            found = await self._log.read(self._lease.session, after=self._written)
            if [type(logged.event) for logged in found] != [type(event) for event in new]:
                raise Unavailable("The log could not be read after it was written.") from None
            return result, found

    async def _add(self, events: list[Event]) -> list[Logged]:
        if not events:
            return []
        return await self._log.add(self._lease.session, *events, lease=self._lease, after=self._written)


async def _nothing() -> None:
    """Events that cost nothing."""
