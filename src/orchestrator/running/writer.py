"""The pen of a run: adds to the log and to the story at once, and never twice."""

from orchestrator.events import Event, Logged
from orchestrator.running.patience import Patience
from orchestrator.running.story import Story
from orchestrator.sessions import EventLog, Lease, LogMoved
from pyairtable_platform.kernel import Unavailable


class Writer:
    """Writes while the lease is held."""

    def __init__(self, log: EventLog, lease: Lease, story: Story, patience: Patience) -> None:
        self._log = log
        self._lease = lease
        self._story = story
        self._patience = patience

    async def __call__(self, *events: Event) -> None:
        """Log the events together. Raises LeaseLost, and Unavailable after a long while."""
        for logged in await self._patience(lambda: self._write(events)):
            self._story.add(logged)

    async def _write(self, events: tuple[Event, ...]) -> list[Logged]:
        """What was logged; if an earlier attempt was and its answer was lost, that is it."""
        last = self._story.last
        try:
            return await self._log.append(self._lease.session, *events, lease=self._lease, after=last)
        except LogMoved:
            found = await self._log.read(self._lease.session, after=last)
            if [logged.event for logged in found] != list(events):
                raise Unavailable("The log could not be read after it was written.") from None
            return found
