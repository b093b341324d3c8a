"""One base's copy while somebody uses it: opened when it is asked, kept fresh, and put to rest after."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from airtable_gateway.clock import Clock
from airtable_gateway.errors import AirtableError, NotFound, Refused, TooManyRequests, Unreachable
from airtable_gateway.hearing import Hearer
from airtable_gateway.mirror.errors import MirrorNotReady, MirrorUnusable
from airtable_gateway.mirror.following import FollowedMirror
from airtable_gateway.mirror.freshness import Freshness
from airtable_gateway.mirror.mirror import Mirror
from airtable_gateway.mirror.port import QueryAnswer, QueryLimits
from airtable_gateway.mirror.querying.asking import Asking
from airtable_gateway.mirror.source import MirrorSource


@dataclass(frozen=True, slots=True)
class Keeping:
    """How copies are kept. `pause_seconds` between two refreshes is the copy's own when it is None.

    `patience_seconds` is how long a caller waits for a first copy.
    """

    pause_seconds: float | None = None
    sweep_seconds: float = 3600.0
    patience_seconds: float = 40.0
    clock: Clock = field(default_factory=Clock)


class KeptMirror:
    """See `BaseMirror`. Of all processes that share the file, the first one keeps it; others follow.

    `make_room` is awaited before the copy is opened.
    """

    def __init__(
        self,
        source: MirrorSource,
        base_id: str,
        path: Path,
        tables: Collection[str],
        keeping: Keeping,
        make_room: Callable[["KeptMirror"], Awaitable[None]],
    ) -> None:
        self.source = source
        self.path = path
        self.used_at = keeping.clock.now()
        self._base_id = base_id
        self._tables = tables
        self._keeping = keeping
        self._make_room = make_room
        self.users = 0
        """How many ask or listen now."""
        self._hearers: list[Hearer] = []
        self._changing = asyncio.Lock()
        self._open: _OpenMirror | None = None

    @property
    def base_id(self) -> str:
        """See `BaseMirror.base_id`."""
        return self._base_id

    @property
    def is_open(self) -> bool:
        """Whether it holds the file, and keeps the copy fresh."""
        return self._open is not None

    @property
    def is_used(self) -> bool:
        """Whether somebody asks or listens."""
        return self.users > 0

    async def refresh(self, *, max_age_seconds: float = 0.0) -> Freshness:
        """See `BaseMirror.refresh`."""
        async with self._used() as opened:
            if opened.is_proven:
                fresh = await opened.copy.freshness()
                if (datetime.now(UTC) - fresh.as_of).total_seconds() <= max_age_seconds:
                    return fresh
            try:
                async with asyncio.timeout(self._keeping.patience_seconds):
                    await opened.refreshed()
            except TimeoutError:
                return await opened.copy.freshness()
            except (TooManyRequests, Unreachable):
                # Airtable is away: what is there is better than nothing, and says how old it is.
                with suppress(MirrorNotReady):
                    return await opened.copy.freshness()
                raise
            return await opened.copy.freshness()

    async def query(self, statement: str, limits: QueryLimits) -> QueryAnswer:
        """See `BaseMirror.query`."""
        async with self._used() as opened:
            return await opened.asking.ask(statement, limits)

    @asynccontextmanager
    async def listening(self, hear: Hearer) -> AsyncIterator[None]:
        """See `BaseMirror.listening`."""
        async with self._used():
            self._hearers.append(hear)
            try:
                yield
            finally:
                self._hearers.remove(hear)

    def hurry(self) -> None:
        """Refresh at once instead of at the next time: somebody knows of a change."""
        if self._open is not None:
            self._open.hurried.set()

    async def rest(self) -> None:
        """Let go of the file; whoever asks next opens it again."""
        async with self._changing:
            opened, self._open = self._open, None
            if opened is not None:
                await opened.close()

    @asynccontextmanager
    async def _used(self) -> AsyncIterator["_OpenMirror"]:
        self.users += 1
        try:
            opened = await self._opened()
            try:
                yield opened
            except MirrorUnusable:
                await self._reopen(opened)
                raise
        finally:
            self.users -= 1
            self.used_at = self._keeping.clock.now()

    async def _opened(self) -> "_OpenMirror":
        async with self._changing:
            if self._open is None:
                await self._make_room(self)
                self._open = await self._made()
            return self._open

    async def _reopen(self, broken: "_OpenMirror") -> None:
        """Open it again, which makes a file that is broken anew."""
        async with self._changing:
            if self._open is broken:
                self._open = None
                await broken.close()
                self._open = await self._made()

    async def _made(self) -> "_OpenMirror":
        lock = FileLock(self.path.with_name(f"{self.path.name}.lock"))
        opened = _OpenMirror(self, self.path, lock)
        await opened.open()
        return opened

    def made_copy(self) -> Mirror:
        """The copy, for the process that keeps it."""
        return Mirror(
            self.source,
            self._base_id,
            self.path,
            tables=self._tables,
            sweep_seconds=self._keeping.sweep_seconds,
        )

    def pause_after(self, copy: Mirror | FollowedMirror) -> float:
        """Seconds until the next refresh."""
        pause = self._keeping.pause_seconds
        return copy.pause_seconds if pause is None else pause

    async def tell(self, copy: Mirror | FollowedMirror, since: int) -> None:
        """Tell the hearers what changed after that version, the gateway's own caches first."""
        changes = await copy.changes_since(since)
        if not changes:
            return
        await self.source.heard(changes)
        for hear in list(self._hearers):
            await hear(changes)


class _OpenMirror:
    """What is held while a copy is open: its file, its lock, its task, and the process that answers."""

    def __init__(self, kept: KeptMirror, path: Path, lock: FileLock) -> None:
        self._kept = kept
        self._path = path
        self._lock = lock
        self.asking = Asking(path)
        self.hurried = asyncio.Event()
        self.copy: Mirror | FollowedMirror = FollowedMirror(path, kept.base_id)
        self.is_proven = False
        """Whether the last refresh showed that the credential may still see the base."""
        self._told: int | None = None
        self._flight: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Take the file, or follow who has it, and keep it fresh from now on."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        await self._take()
        # What was there before is nobody's news; before a first copy, all of it would be.
        self._told = self.copy.version or None
        self._task = asyncio.create_task(self._keep())

    async def refreshed(self) -> None:
        """Return after a refresh that began by now, or was under way. Raises AirtableError."""
        if self._flight is None or self._flight.done():
            self._flight = asyncio.create_task(self._refresh())
            self._flight.add_done_callback(_seen)
        try:
            # A caller that is cancelled leaves the refresh to the others.
            await asyncio.shield(self._flight)
        except AirtableError as error:
            raise error.again() from None

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

    async def _keep(self) -> None:
        while True:
            with suppress(AirtableError):
                await self.refreshed()
            self.hurried.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._kept.pause_after(self.copy)):
                    await self.hurried.wait()

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
        if told is not None:
            await self._kept.tell(self.copy, told)

    async def _take(self) -> None:
        """Keep the copy ourselves, if no other process does."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return
        copy = self._kept.made_copy()
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
