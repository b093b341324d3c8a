"""A question to the copy, from its text to its answer: checked, its tables loaded, run within its limits."""

import difflib
import json
import math
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airtable_gateway.mirror import sql
from airtable_gateway.mirror.documents import tables_from
from airtable_gateway.mirror.errors import MirrorNotReady, QueryRefused, QueryTooLarge, QueryTooSlow
from airtable_gateway.mirror.port import QueryAnswer, QueryLimits
from airtable_gateway.mirror.querying.columns import CREATED_TIME, RECORD_ID, columns_of, table_names
from airtable_gateway.mirror.querying.statement import Statement, checked, said
from airtable_gateway.mirror.querying.tables import LoadedTables
from airtable_gateway.mirror.store import reader
from airtable_gateway.schema import TableSchema

if TYPE_CHECKING:
    import duckdb

MEMORY = "512MB"
"""What DuckDB may use for tables and questions together; nothing is spilled to the disk."""

# See DuckDB's "Securing DuckDB". The last one makes the others final.
_SETTINGS = (
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET allow_persistent_secrets = false",
    "SET python_enable_replacements = false",
    f"SET memory_limit = '{MEMORY}'",
    "SET threads = 2",
    "SET max_expression_depth = 250",
    "SET TimeZone = 'UTC'",
    "SET enable_progress_bar = false",
    "SET lock_configuration = true",
)
_NAMES = 60
"""Columns that are listed when one is not found."""


def open_duckdb() -> "duckdb.DuckDBPyConnection":
    """An empty database in memory that reaches nothing outside of itself."""
    import duckdb

    connection = duckdb.connect(":memory:")
    for setting in _SETTINGS:
        connection.execute(setting)
    return connection


class Answering:
    """Answers questions to the copy in the file `path`."""

    def __init__(self, path: Path, connection: "duckdb.DuckDBPyConnection") -> None:
        self._path = path
        self._connection = connection
        self._loaded = LoadedTables(connection)
        self._tables: dict[str, TableSchema] = {}

    def prepare(self, text: str) -> Statement:
        """The statement, checked, with its tables loaded as they are in the copy. Raises QueryRefused."""
        statement = checked(self._connection, text)
        with closing(reader(self._path)) as source:
            source.execute(sql.BEGIN_READING)
            state = dict(source.execute(sql.STATE).fetchall())
            self._load(source, state, statement)
        return statement

    def answer(self, statement: Statement, limits: QueryLimits) -> QueryAnswer:
        """The answer to a statement that was prepared. Raises QueryRefused."""
        import duckdb

        try:
            with self._stopped_after(limits.seconds):
                return self._run(statement.text, limits)
        except duckdb.InterruptException as error:
            raise QueryTooSlow(f"The answer took longer than {limits.seconds:g} s.") from error
        except (duckdb.OutOfMemoryException, MemoryError) as error:
            raise QueryTooLarge(f"The answer needs more than {MEMORY} of memory.") from error
        except duckdb.Error as error:
            raise QueryRefused(said(error), hint=self._remedy(error, statement)) from error

    def _load(self, source: sqlite3.Connection, state: Mapping[str, str], statement: Statement) -> None:
        if "as_of" not in state:
            raise MirrorNotReady("The base is being copied.")
        self._tables = table_names(tables_from(state["tables"]))
        self._loaded.keep_only(self._tables)
        for name in sorted(self._named(statement)):
            version, floor = int(state.get("version", "0")), int(state.get("floor", "0"))
            self._loaded.load(source, self._tables[name], name, version, floor)

    def _named(self, statement: Statement) -> Iterator[str]:
        """The names of the tables as the base spells them. Raises QueryRefused for one that is not there."""
        folded = {name.casefold(): name for name in self._tables}
        for name in statement.tables:
            if name.casefold() not in folded:
                near = difflib.get_close_matches(name.casefold(), folded, n=3)
                shown = [folded[key] for key in near] or list(self._tables)
                listed = ", ".join(sql.quoted(known) for known in shown[:_NAMES])
                hint = f"Nearest: {listed}." if near else f"There are: {listed}."
                raise QueryRefused(f"There is no table {name[:100]!r} in the base.", hint=hint)
            yield folded[name.casefold()]

    def _run(self, text: str, limits: QueryLimits) -> QueryAnswer:
        # It can only read, whatever it is: a second lock behind the check.
        self._connection.execute("BEGIN TRANSACTION READ ONLY")
        try:
            cursor = self._connection.execute(text)
            columns = [(str(column[0]), str(column[1])) for column in cursor.description or ()]
            rows, is_cut = _within(_fetched(cursor), limits)
        finally:
            self._connection.execute("ROLLBACK")
        return QueryAnswer(columns, rows, is_cut)

    @contextmanager
    def _stopped_after(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _remedy(self, error: Exception, statement: Statement) -> str:
        """The columns of the tables that were named, when one was not found."""
        if "column" not in str(error).casefold() and "Binder" not in type(error).__name__:
            return ""
        lines = []
        for name in sorted(self._named(statement)):
            names = [RECORD_ID, CREATED_TIME, *(column.name for column in columns_of(self._tables[name]))]
            more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
            lines.append(f"{sql.quoted(name)} has {', '.join(map(sql.quoted, names[:_NAMES]))}{more}.")
        return " ".join(lines)


def _fetched(cursor: "duckdb.DuckDBPyConnection") -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(500):
        yield from rows


def _within(rows: Iterator[tuple[Any, ...]], limits: QueryLimits) -> tuple[list[list[Any]], bool]:
    """The rows as JSON values, and whether there are more than the limits let through."""
    kept: list[list[Any]] = []
    left = limits.characters
    for row in rows:
        plain = [_plain(value) for value in row]
        left -= len(json.dumps(plain))
        if len(kept) == limits.rows or left < 0:
            if not kept:
                raise QueryTooLarge(f"One row has more than {limits.characters:,} characters.")
            return kept, True
        kept.append(plain)
    return kept, False


def _plain(value: Any) -> Any:
    """The value as JSON has it."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Decimal():
            return float(value)
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return str(value)
