"""The records of a base as one request sees them: loaded once, read by column."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic_core import from_json

import fields
from local_twins.airtable.model.cells import CODECS, DERIVED, LINK, SYSTEM, shower
from local_twins.airtable.model.lookups import link_path
from local_twins.airtable.model.rows import Row, row_from, rows_from, to_text
from local_twins.airtable.model.schema import Field, Table
from local_twins.airtable.storage import sql
from local_twins.airtable.storage.links import Targets
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.storage.store import Store

_MANY = 10_000
_SOUGHT_BY_WALKED = 2
"""Looking for one record costs as much as walking past so many."""


class Records:
    """Rows by id, and their cells in the REST form and in the form that a formula sees."""

    def __init__(self, store: Store, open_base: OpenBase) -> None:
        self.store = store
        self.open_base = open_base
        self.rows: dict[str, Row] = {}

    def find(self, record_id: str) -> Row | None:
        """The record of that id in any table, or None."""
        if record_id not in self.rows:
            line = self.store.connection.execute(sql.ROW, (record_id,)).fetchone()
            if line is None:
                return None
            self.rows[record_id] = row_from(line)
        return self.rows[record_id]

    def load(self, record_ids: Iterable[str]) -> list[Row]:
        """The records of those ids, in their order; ids that are gone are left out."""
        wanted = list(record_ids)
        missing = [record_id for record_id in dict.fromkeys(wanted) if record_id not in self.rows]
        if missing:
            self._keep(self.store.connection.execute(sql.ROWS, (to_text(missing),)).fetchall())
        return [self.rows[record_id] for record_id in wanted if record_id in self.rows]

    def page(self, table: Table, after: int, size: int) -> list[Row]:
        """Up to `size` records of a table, those made first coming first, after the one numbered `after`."""
        lines = self.store.connection.execute(sql.PAGE, (table.id, after, size)).fetchall()
        return rows_from(lines)

    def in_table(self, table: Table) -> list[Row]:
        """All records of a table, those made first coming first."""
        lines = self.store.connection.execute(sql.TABLE_ROWS, (table.id,)).fetchall()
        return self._keep(lines)

    def whole_columns(
        self, table: Table, wanted: Sequence[Field]
    ) -> tuple[list[str], list[list[Any]]] | None:
        """The ids of all records of a table, and their values in those fields, as formulas see them.

        Far cheaper than whole records, and lent until the next call. None where there is no field, or one
        that is kept elsewhere.
        """
        if not wanted or any(field.type in SYSTEM or self._leads_on(field) for field in wanted):
            return None
        return self.store.columns.of(self.open_base, table, wanted)

    def _leads_on(self, field: Field) -> bool:
        return bool(link_path(self.open_base.base, field))

    def links(self, field: Field, rows: Sequence[Row]) -> Targets:
        """The linked ids of those rows."""
        return self.store.links.of(field.id, [row.id for row in rows])

    def column(self, field: Field, rows: Sequence[Row]) -> list[Any]:
        """The REST values of one field, None where it is empty; links are record ids."""
        if field.type == LINK:
            targets = self.links(field, rows)
            return [targets.get(row.id) for row in rows]
        read = self.open_base.getter(field.id)
        return [read(row) for row in rows]

    def shown_column(self, field: Field, rows: Sequence[Row]) -> list[Any]:
        """The values as a formula sees them: of links, the names of the linked records."""
        column = self.column(field, rows)
        if not self._leads_on(field):
            return column
        names = self.names({target for targets in column for target in targets or ()})
        return [targets and [names.get(target, "") for target in targets] for targets in column]

    def names(self, record_ids: Iterable[str]) -> dict[str, str]:
        """What the records are called: the text of their primary cells."""
        rows = self.load(record_ids)
        return {row.id: name for row, name in zip(rows, self._names_of(rows), strict=True)}

    def values(self, field: Field, record_ids: Iterable[str], *, shown: bool) -> dict[str, Any]:
        """The values of one field of those records, as REST tells or a formula sees them, None where empty.

        Those of other records may be among them.
        What is not loaded is not loaded for it: of thousands that a rollup gathers, one cell counts.
        """
        wanted = list(dict.fromkeys(record_ids))
        if field.type == LINK or field.type in SYSTEM or (shown and self._leads_on(field)):
            rows = self.load(wanted)
            column = self.shown_column(field, rows) if shown else self.column(field, rows)
            return dict(zip((row.id for row in rows), column, strict=True))
        read = self.open_base.getter(field.id)
        found = {record_id: read(self.rows[record_id]) for record_id in wanted if record_id in self.rows}
        return self._stored_values(field, [key for key in wanted if key not in found]) | found

    def _stored_values(self, field: Field, record_ids: Sequence[str]) -> dict[str, Any]:
        """The values that are kept of those records' cells; perhaps those of others of the table as well."""
        lines = self._stored_texts(field, record_ids)
        texts = [text or "null" for _, text in lines]
        column = from_json(f"[{','.join(texts)}]")
        if field.type in CODECS:
            column = list(map(shower(field, self.open_base.users), column))
        return dict(zip((record_id for record_id, _ in lines), column, strict=True))

    def _stored_texts(self, field: Field, record_ids: Sequence[str]) -> list[tuple[str, str | None]]:
        """Record ids and JSON, None for an empty cell."""
        connection, path = self.store.connection, f"$.{field.id}"
        is_derived = field.type in DERIVED
        table_id = self.open_base.base.fields[field.id][0].id
        if len(record_ids) > _MANY:
            (number,) = connection.execute(sql.NEXT_NUMBER, (table_id,)).fetchone()
            if len(record_ids) * _SOUGHT_BY_WALKED > number:
                statement = sql.COMPUTED_IN if is_derived else sql.CELLS_IN
                return connection.execute(statement, (path, table_id)).fetchall()
        statement = sql.COMPUTED_OF if is_derived else sql.CELLS_OF
        return connection.execute(statement, (path, to_text(record_ids))).fetchall()

    def _names_of(self, rows: list[Row]) -> Iterator[str]:
        for row in rows:
            primary = self.open_base.base.by_key[row.table_id].primary
            value = self.open_base.getter(primary.id)(row)
            yield value if isinstance(value, str) else primary_text(primary, value)

    def _keep(self, lines: list[Any]) -> list[Row]:
        """The rows of those lines; a row that is here already is the one that counts."""
        return [self.rows.setdefault(row.id, row) for row in rows_from(lines)]


def primary_text(field: Field, value: Any) -> str:
    """The name that a primary cell's value gives its record; "" when it is empty."""
    return "" if value is None else fields.text(field.type, value, field.options)
