"""The mirror's file: records as JSON, and a view for each table of the base."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from airtable_gateway.mirror import sql
from airtable_gateway.mirror.documents import require_ids, row, tables_text
from airtable_gateway.mirror.errors import MirrorUnusable
from airtable_gateway.records import Record
from airtable_gateway.schema import TableSchema

T = TypeVar("T")

_MOST_DROPPED = 10_000
"""Records that are remembered to be gone; a reader that lacks more than those reads its table anew."""


class MirrorStore:
    """One SQLite file, written in one thread of its own. Every method raises MirrorUnusable."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mirror")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> dict[str, str]:
        """Make ready; what was noted the last time. A file that is broken or of another form is made anew."""
        return await self._do(self._open)

    async def close(self) -> None:
        """Close the file."""
        await self._do(self._close)
        self._thread.shutdown()

    def reader(self) -> sqlite3.Connection:
        """A connection that cannot write, for the thread that asks."""
        return reader(self._path)

    async def set_tables(self, tables: Sequence[TableSchema], version: int) -> None:
        """Let the views show these tables and fields, and drop the records of tables that are gone."""
        await self._write(lambda connection: _set_tables(connection, tables, version))

    async def put(self, table: TableSchema, records: Iterable[Record], *, sweep: int, version: int) -> None:
        """Write the records, new or changed."""
        rows = [row(table, record, sweep, version) for record in records]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(sql.PUT, rows)
            connection.executemany(sql.IS_BACK, [(written[0],) for written in rows])

        await self._write(write)

    async def drop(self, record_ids: Iterable[str], version: int) -> None:
        """Forget the records."""
        gone = list(record_ids)

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(sql.NOTE_DROP, [(version, record_id) for record_id in gone])
            connection.executemany(sql.DROP, [(record_id,) for record_id in gone])

        await self._write(write)

    async def drop_unswept(self, table_id: str, sweep: int, version: int) -> None:
        """Forget the records of the table that a whole sweep did not find."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(sql.NOTE_UNSWEPT, (version, table_id, sweep))
            connection.execute(sql.DROP_UNSWEPT, (table_id, sweep))

        await self._write(write)

    async def note(self, **state: str) -> None:
        """Note what the next start must know."""
        await self._write(lambda connection: connection.executemany(sql.SET_STATE, state.items()))

    async def count(self) -> int:
        """How many records there are."""
        return int(await self._do(lambda: self._opened.execute(sql.COUNT).fetchone()[0]))

    async def changed_tables(self, since: int) -> frozenset[str]:
        """The ids of the tables of which records changed after that version."""
        return await self._do(lambda: changed_tables(self._opened, since))

    async def forget_old_drops(self, version: int) -> None:
        """Keep the list of what is gone short; `floor` is the version from which on it is whole."""

        def write(connection: sqlite3.Connection) -> None:
            (count,) = connection.execute(sql.COUNT_DROPPED).fetchone()
            if count > _MOST_DROPPED:
                connection.execute(sql.FORGET_DROPPED)
                connection.execute(sql.SET_STATE, ("floor", str(version)))

        await self._write(write)

    async def _write(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """All of it, or nothing of it when it raises."""

        def write() -> None:
            connection = self._opened
            connection.execute(sql.BEGIN)
            try:
                work(connection)
                connection.execute(sql.COMMIT)
            except BaseException:
                connection.execute(sql.ROLLBACK)
                raise

        await self._do(write)

    async def _do(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except (sqlite3.Error, OSError) as error:
            raise MirrorUnusable(f"The local copy cannot be used: {error}.") from error

    def _open(self) -> dict[str, str]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._opened_state()
        except sqlite3.DatabaseError:
            self._close()
            for name in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + name).unlink(missing_ok=True)
            return self._opened_state()

    def _opened_state(self) -> dict[str, str]:
        # It holds contents of records; SQLite gives its side files the rights of the file.
        self._path.touch(mode=0o600)
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        self._connection.executescript(sql.PRAGMAS)
        if self._connection.execute(sql.ANY_TABLE).fetchone()[0]:
            (form,) = self._connection.execute(sql.GET_FORM).fetchone()
            if form != sql.FORM:
                raise sqlite3.DatabaseError(f"the file has the form {form}")
        self._connection.executescript(sql.TABLES)
        return dict(self._connection.execute(sql.STATE).fetchall())

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    @property
    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("The mirror is used outside of its `async with`.")
        return self._connection


def reader(path: Path) -> sqlite3.Connection:
    """A connection to a mirror's file that cannot write. Raises sqlite3.Error when there is none."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA busy_timeout = 10000")
    return connection


def changed_tables(connection: sqlite3.Connection, since: int) -> frozenset[str]:
    """The ids of the tables of which records changed after that version."""
    return frozenset(table_id for (table_id,) in connection.execute(sql.CHANGED_TABLES, (since, since)))


def _set_tables(connection: sqlite3.Connection, tables: Sequence[TableSchema], version: int) -> None:
    for (name,) in connection.execute(sql.VIEWS).fetchall():
        connection.execute(sql.drop_view(name))
    for table in tables:
        require_ids(table)
        connection.execute(sql.create_view(table))
    known = json.dumps([table.id for table in tables])
    connection.execute(sql.NOTE_STRANGE, (version, known))
    connection.execute(sql.DROP_STRANGE, (known,))
    connection.execute(sql.SET_STATE, ("tables", tables_text(tables)))
