"""The mirror's file: records as JSON, and a view for each table of the base."""

import asyncio
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from airtable_gateway.mirror import sql
from airtable_gateway.records import Record
from airtable_gateway.schema import FieldSchema, TableSchema

T = TypeVar("T")

_ID = re.compile(r"[0-9A-Za-z]+")


class MirrorStore:
    """One SQLite file, written in one thread of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mirror")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> dict[str, str]:
        """Make ready; what was noted the last time."""
        return await self._do(self._open)

    async def close(self) -> None:
        """Close the file."""
        await self._do(self._close)
        self._thread.shutdown()

    def reader(self) -> sqlite3.Connection:
        """A connection that cannot write, for the thread that asks."""
        connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)
        connection.execute("PRAGMA query_only = ON")
        return connection

    async def set_tables(self, tables: Sequence[TableSchema]) -> None:
        """Let the views show these tables and fields, and drop the records of tables that are gone."""
        await self._write(lambda connection: _set_tables(connection, tables))

    async def put(self, table: TableSchema, records: Iterable[Record], *, sweep: int) -> None:
        """Write the records, new or changed."""
        rows = [_row(table, record, sweep) for record in records]
        await self._write(lambda connection: connection.executemany(sql.PUT, rows))

    async def drop(self, record_ids: Iterable[str]) -> None:
        """Forget the records."""
        gone = [(record_id,) for record_id in record_ids]
        await self._write(lambda connection: connection.executemany(sql.DROP, gone))

    async def drop_unswept(self, table_id: str, sweep: int) -> None:
        """Forget the records of the table that a whole sweep did not find."""
        await self._write(lambda connection: connection.execute(sql.DROP_UNSWEPT, (table_id, sweep)))

    async def note(self, **state: str) -> None:
        """Note what the next start must know."""
        await self._write(lambda connection: connection.executemany(sql.SET_STATE, state.items()))

    async def count(self) -> int:
        """How many records there are."""
        return int(await self._do(lambda: self._opened.execute(sql.COUNT).fetchone()[0]))

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
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open(self) -> dict[str, str]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # It holds contents of records; SQLite gives its side files the rights of the file.
        self._path.touch(mode=0o600)
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        self._connection.executescript(sql.PRAGMAS)
        self._connection.executescript(sql.TABLES)
        return dict(self._connection.execute(sql.STATE).fetchall())

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    @property
    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("The mirror is used outside of its `async with`.")
        return self._connection


def tables_text(tables: Sequence[TableSchema]) -> str:
    """The tables as the state keeps them."""
    return json.dumps([asdict(table) for table in tables])


def tables_from(text: str) -> tuple[TableSchema, ...]:
    """The tables that the state kept; views of tables are not needed here."""
    return tuple(
        TableSchema(
            id=model["id"],
            name=model["name"],
            primary_field_id=model["primary_field_id"],
            fields=tuple(FieldSchema(**field) for field in model["fields"]),
        )
        for model in json.loads(text)
    )


def _set_tables(connection: sqlite3.Connection, tables: Sequence[TableSchema]) -> None:
    for (name,) in connection.execute(sql.VIEWS).fetchall():
        connection.execute(sql.drop_view(name))
    for table in tables:
        _require_ids(table)
        connection.execute(sql.create_view(table))
    connection.execute(sql.DROP_TABLES, (json.dumps([table.id for table in tables]),))
    connection.execute(sql.SET_STATE, ("tables", tables_text(tables)))


def _require_ids(table: TableSchema) -> None:
    """Ids stand in SQL as they are, so that nothing else may."""
    for key in (table.id, *(field.id for field in table.fields)):
        if not _ID.fullmatch(key):
            raise ValueError(f"{key!r} is no id of Airtable's.")


def _row(table: TableSchema, record: Record, sweep: int) -> tuple[Any, ...]:
    ids = {field.name: field.id for field in table.fields}
    cells = {ids[name]: value for name, value in record.fields.items() if name in ids}
    return record.id, table.id, record.created_time, json.dumps(cells), sweep
