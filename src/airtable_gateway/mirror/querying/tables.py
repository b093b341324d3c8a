"""Tables of the copy, loaded into DuckDB when a question names them, and brought up to date before each."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airtable_gateway.mirror import sql
from airtable_gateway.mirror.querying.columns import CREATED_TIME, RECORD_ID, Column, columns_of
from airtable_gateway.schema import TableSchema

if TYPE_CHECKING:
    import duckdb

_AT_ONCE = 20_000
"""Records that are handed over together: their text is in memory twice meanwhile."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What of a table is in DuckDB: its columns, and the version of the copy that it shows."""

    name: str
    columns: tuple[Column, ...]
    version: int


class LoadedTables:
    """The tables that DuckDB holds; a record that did not change is not read again."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection") -> None:
        self._connection = connection
        self._loaded: dict[str, Loaded] = {}

    def keep_only(self, names: Mapping[str, TableSchema]) -> None:
        """Forget the tables that are no longer in the base, or are called otherwise."""
        for table_id, loaded in list(self._loaded.items()):
            if loaded.name not in names or names[loaded.name].id != table_id:
                self._connection.execute(f"DROP TABLE {sql.quoted(loaded.name)}")
                del self._loaded[table_id]

    def load(
        self, source: sqlite3.Connection, table: TableSchema, name: str, version: int, floor: int
    ) -> None:
        """Let DuckDB's table of that name show the copy as of `version`.

        What is gone is known since `floor`. The source is in a transaction, so that all tables of a question
        are of one moment.
        """
        columns = columns_of(table)
        known = self._loaded.get(table.id)
        is_anew = known is None or known.columns != columns or known.version < floor
        if is_anew:
            self._connection.execute(_create(name, columns))
        since = -1 if is_anew or known is None else known.version
        if not is_anew:
            self._remove(source, table.id, name, since)
        cursor = source.execute(sql.CHANGED_RECORDS, (table.id, since))
        while rows := cursor.fetchmany(_AT_ONCE):
            if not is_anew:
                self._delete(name, [record_id for record_id, _, _ in rows])
            self._connection.execute(_insert(name, columns), [list(part) for part in zip(*rows, strict=True)])
        self._loaded[table.id] = Loaded(name, columns, version)

    def _remove(self, source: sqlite3.Connection, table_id: str, name: str, since: int) -> None:
        gone = [record_id for (record_id,) in source.execute(sql.DROPPED_RECORDS, (table_id, since))]
        if gone:
            self._delete(name, gone)

    def _delete(self, name: str, record_ids: list[str]) -> None:
        self._connection.execute(
            f"DELETE FROM {sql.quoted(name)} WHERE {RECORD_ID} IN (SELECT unnest($1::VARCHAR[]))",  # noqa: S608
            [record_ids],
        )


def _create(name: str, columns: tuple[Column, ...]) -> str:
    declared = [f"{RECORD_ID} VARCHAR", f"{CREATED_TIME} TIMESTAMP"]
    declared += [f"{sql.quoted(column.name)} {_type(column.shape)}" for column in columns]
    return f"CREATE OR REPLACE TABLE {sql.quoted(name)} ({', '.join(declared)})"


def _insert(name: str, columns: tuple[Column, ...]) -> str:
    """Ids, times and cells as three lists; a value that its column cannot take, an error say, is NULL."""
    shapes = (
        json.dumps({column.field_id: column.shape for column in columns}) if columns else '{"-":"VARCHAR"}'
    )
    values = ["id", "TRY_CAST(made AS TIMESTAMP)", *(_value(column) for column in columns)]
    return (
        f"INSERT INTO {sql.quoted(name)} SELECT {', '.join(values)} FROM ("  # noqa: S608 - quoted names
        f"SELECT id, made, json_transform(cells, '{shapes}') AS cells FROM ("
        "SELECT unnest($1::VARCHAR[]) AS id, unnest($2::VARCHAR[]) AS made, unnest($3::VARCHAR[]) AS cells))"
    )


def _value(column: Column) -> str:
    # Field ids are letters and digits: the mirror's file takes no others.
    value = f"cells.{column.field_id}"
    return f"coalesce({value}, false)" if column.is_filled else value


def _type(shape: Any) -> str:
    match shape:
        case str():
            return shape
        case [inner]:
            return f"{_type(inner)}[]"
        case _:
            parts = ", ".join(f"{sql.quoted(key)} {_type(inner)}" for key, inner in shape.items())
            return f"STRUCT({parts})"
