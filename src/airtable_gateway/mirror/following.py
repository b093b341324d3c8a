"""A copy that another process keeps, read by this one."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from airtable_gateway.hearing import ForeignChanges
from airtable_gateway.mirror import sql
from airtable_gateway.mirror.errors import MirrorNotReady, MirrorUnusable
from airtable_gateway.mirror.freshness import Freshness
from airtable_gateway.mirror.state import State, changes_of, freshness_of
from airtable_gateway.mirror.store import changed_tables, reader

_PAUSE_SECONDS = 2.0


class FollowedMirror:
    """See `Mirror`, of which this is the reading half: `refresh` looks at what the other process has done."""

    def __init__(self, path: Path, base_id: str) -> None:
        self._path = path
        self._base_id = base_id
        self._state: State = {}

    @property
    def version(self) -> int:
        """See `Mirror.version`."""
        return int(self._state.get("version", "0"))

    @property
    def copied(self) -> int:
        """See `Mirror.copied`: it is the other process that reads."""
        return 0

    @property
    def pause_seconds(self) -> float:
        """How long to wait before the next look, which costs Airtable nothing."""
        return _PAUSE_SECONDS

    async def freshness(self) -> Freshness:
        """How fresh the copy is. Raises MirrorNotReady before it is there."""
        return await self.refresh()

    async def refresh(self) -> Freshness:
        """How fresh the copy is by now. Raises MirrorNotReady before it is there."""
        self._state, records, _ = await self._look(self.version)
        if "as_of" not in self._state:
            raise MirrorNotReady("Another process is copying the base.")
        return freshness_of(self._state, records, is_ours=False)

    async def changes_since(self, version: int) -> ForeignChanges:
        """See `Mirror.changes_since`."""
        self._state, _, table_ids = await self._look(version)
        return changes_of(self._state, self._base_id, table_ids, version)

    async def _look(self, since: int) -> tuple[State, int, frozenset[str]]:
        """What the file notes, how many records it has, and the tables that changed after that version."""
        try:
            return await asyncio.to_thread(self._read, since)
        except sqlite3.Error as error:
            if not self._path.exists():
                raise MirrorNotReady("Another process is copying the base.") from error
            raise MirrorUnusable(f"The local copy cannot be read: {error}.") from error

    def _read(self, since: int) -> tuple[State, int, frozenset[str]]:
        with closing(reader(self._path)) as connection:
            connection.execute(sql.BEGIN_READING)
            state = dict(connection.execute(sql.STATE).fetchall())
            (records,) = connection.execute(sql.COUNT).fetchone()
            return state, int(records), changed_tables(connection, since)
