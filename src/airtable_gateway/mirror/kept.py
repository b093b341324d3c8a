"""One base's copy while somebody uses it: opened when it is asked, kept fresh, and put to rest after."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from airtable_gateway.errors import TooManyRequests, Unreachable
from airtable_gateway.hearing import ForeignChanges, Hearer
from airtable_gateway.mirror.errors import MirrorNotReady, MirrorUnusable
from airtable_gateway.mirror.freshness import Freshness
from airtable_gateway.mirror.keeping import Keeping
from airtable_gateway.mirror.mirror import Mirror
from airtable_gateway.mirror.opened import OpenMirror
from airtable_gateway.mirror.port import QueryAnswer, QueryLimits
from airtable_gateway.mirror.source import MirrorSource


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
        self._open: OpenMirror | None = None

    @property
    def base_id(self) -> str:
        """See `BaseMirror.base_id`."""
        return self._base_id

    @property
    def copied(self) -> int:
        """See `BaseMirror.copied`."""
        return self._open.copy.copied if self._open is not None else 0

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
            self._open.hurry()

    async def rest(self) -> None:
        """Let go of the file; whoever asks next opens it again."""
        async with self._changing:
            opened, self._open = self._open, None
            if opened is not None:
                await opened.close()

    @asynccontextmanager
    async def _used(self) -> AsyncIterator[OpenMirror]:
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

    async def _opened(self) -> OpenMirror:
        async with self._changing:
            if self._open is None:
                await self._make_room(self)
                self._open = await self._made()
            return self._open

    async def _reopen(self, broken: OpenMirror) -> None:
        """Open it again, which makes a file that is broken anew."""
        async with self._changing:
            if self._open is broken:
                self._open = None
                await broken.close()
                self._open = await self._made()

    async def _made(self) -> OpenMirror:
        opened = OpenMirror(
            self.path, self._base_id, self._made_copy, self._tell, pause_seconds=self._keeping.pause_seconds
        )
        await opened.open()
        return opened

    def _made_copy(self) -> Mirror:
        """The copy, for the process that keeps it."""
        return Mirror(
            self.source,
            self._base_id,
            self.path,
            tables=self._tables,
            sweep_seconds=self._keeping.sweep_seconds,
        )

    async def _tell(self, changes: ForeignChanges) -> None:
        """Tell the hearers, the gateway's own caches first."""
        await self.source.heard(changes)
        for hear in list(self._hearers):
            await hear(changes)
