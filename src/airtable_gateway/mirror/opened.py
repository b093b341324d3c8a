"""A copy while it is open: its file, its lock, the task that keeps it fresh, and the process that answers."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from airtable_gateway.errors import AirtableError, NotFound, Refused
from airtable_gateway.hearing import Hearer
from airtable_gateway.mirror.errors import MirrorNotReady
from airtable_gateway.mirror.following import FollowedMirror
from airtable_gateway.mirror.mirror import Mirror
from airtable_gateway.mirror.querying.asking import Asking

logger = logging.getLogger(__name__)


class OpenMirror:
    """Keeps the copy in the file `path`, or follows the process that does.

    `make_copy` gives the copy to keep; `hear` is told of each change that a refresh has found. Between two
    refreshes are `pause_seconds`, the copy's own when that is None.
    """

    def __init__(
        self,
        path: Path,
        base_id: str,
        make_copy: Callable[[], Mirror],
        hear: Hearer,
        *,
        pause_seconds: float | None,
    ) -> None:
        self.copy: Mirror | FollowedMirror = FollowedMirror(path, base_id)
        self.asking = Asking(path)
        self.is_proven = False
        """Whether the last refresh showed that the credential may still see the base."""
        self._path = path
        self._make_copy = make_copy
        self._hear = hear
        self._pause_seconds = pause_seconds
        self._lock = FileLock(path.with_name(f"{path.name}.lock"))
        self._hurried = asyncio.Event()
        self._told: int | None = None
        self._flight: asyncio.Task[None] | None = None
        self._begun = 0
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Take the file, or follow who has it, and keep it fresh from now on."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        await self._take()
        # What was there before is nobody's news; before a first copy, all of it would be.
        self._told = self.copy.version or None
        self._task = asyncio.create_task(self._keep())

    async def close(self) -> None:
        """End the task and the process, and let others have the file."""
        tasks = [task for task in (self._task, self._flight) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.asking.close()
        if isinstance(self.copy, Mirror):
            await self.copy.__aexit__()
        self._lock.release()

    def hurry(self) -> None:
        """Refresh at once instead of after the pause."""
        self._hurried.set()

    async def refreshed(self) -> None:
        """Return after a refresh that began after this call, so that it sees what is there now.

        All who wait share one. Raises AirtableError.
        """
        wanted = self._begun + 1
        while True:
            if self._flight is None or self._flight.done():
                self._begun += 1
                self._flight = asyncio.create_task(self._refresh())
                self._flight.add_done_callback(_seen)
            number = self._begun
            try:
                # A caller that is cancelled leaves the refresh to the others.
                await asyncio.shield(self._flight)
            except AirtableError as error:
                if number >= wanted:
                    raise error.again() from None
            if number >= wanted:
                return

    async def _keep(self) -> None:
        # Who had it opened may have begun the first refresh already.
        if self._flight is None:
            await self._try_to_refresh()
        else:
            await asyncio.wait([self._flight])
        while True:
            pause = self.copy.pause_seconds if self._pause_seconds is None else self._pause_seconds
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._hurried.wait()
            self._hurried.clear()
            await self._try_to_refresh()

    async def _try_to_refresh(self) -> None:
        try:
            await self.refreshed()
        except AirtableError as error:
            logger.debug("The copy in %s grows old: %s", self._path.name, error)
        except Exception:
            logger.exception("The copy in %s cannot be kept fresh.", self._path.name)

    async def _refresh(self) -> None:
        if isinstance(self.copy, FollowedMirror):
            await self._take()
        try:
            await self.copy.refresh()
        except (Refused, NotFound, MirrorNotReady):
            self.is_proven = False
            raise
        self.is_proven = True
        told, self._told = self._told, self.copy.version
        if told is not None and (changes := await self.copy.changes_since(told)):
            await self._hear(changes)

    async def _take(self) -> None:
        """Keep the copy ourselves, if no other process does."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return
        copy = self._make_copy()
        try:
            await copy.__aenter__()
        except BaseException:
            self._lock.release()
            raise
        self.copy = copy


def _seen(flight: "asyncio.Task[None]") -> None:
    """All who waited may have been cancelled, and asyncio complains of errors that nobody saw."""
    if not flight.cancelled():
        flight.exception()
