"""The records of an imported base: read into rows and written, linked on both sides, computed once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import fields
from local_twins.airtable.computing.whole import compute_whole
from local_twins.airtable.model import times
from local_twins.airtable.model.cells import DERIVED, LINK, keep
from local_twins.airtable.model.ids import new_id
from local_twins.airtable.model.rows import Row, to_text
from local_twins.airtable.model.schema import Field, Table
from local_twins.airtable.storage import sql
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.storage.store import OWNER, Store
from local_twins.airtable.transfer.companions import import_comments
from local_twins.airtable.transfer.given_links import Given, GivenLinks
from local_twins.airtable.transfer.refusals import ImportRefused

_AT_ONCE = 1000
"""Records held in memory before they are written."""
_KNOWN_AT_MOST = 100_000
"""Values whose kept form is remembered."""
_CHECKED = frozenset(
    {
        "singleLineText",
        "multilineText",
        "email",
        "url",
        "phoneNumber",
        "number",
        "percent",
        "currency",
        "rating",
    }
    | {"duration", "checkbox", "date", "dateTime", "barcode", "richText"}
)
"""Types whose values are judged as a write through the API would be; the others come as they were read."""


class ImportedRecords:
    """The records of one base on their way in; `taken` are the ids among theirs that exist already."""

    def __init__(self, store: Store, open_base: OpenBase) -> None:
        self.count = 0
        self.taken: list[str] = []
        self._store = store
        self._open_base = open_base
        self._comments: list[tuple[str, Sequence[Mapping[str, Any]]]] = []
        self._rows: dict[str, Row] = {}
        self._given: list[Given] = []
        self._known: dict[tuple[str, type, Any], Any] = {}
        self._links = GivenLinks(store)
        self._now = times.to_text(store.clock())

    def read(self, table_key: str, models: Iterable[Mapping[str, Any]]) -> None:
        """Take in the records of one table, told by name or id. Raises ImportRefused."""
        table = self._open_base.table(table_key)
        if table is None:
            raise ImportRefused(f"there are records of a table {table_key!r}, which is not in the base")
        number = 0
        for model in models:
            row = self._row(table, model, number + 1)
            number = max(number, row.number)
            if row.id in self._rows:
                self.taken.append(row.id)
            self._rows[row.id] = row
            self.count += 1
            if model.get("comments"):
                self._comments.append((row.id, model["comments"]))
            if len(self._rows) >= _AT_ONCE:
                self._flush()
        self._flush()
        self._store.connection.execute(sql.SET_NEXT_NUMBER, (number + 1, table.id))

    def write(self) -> None:
        """Write the links and everything computed; the rows are written. Raises ImportRefused."""
        self._links.write(self._open_base.base)
        compute_whole(self._store, self._open_base)
        for record_id, models in self._comments:
            import_comments(self._store, record_id, models, self._now)

    def _flush(self) -> None:
        """Write the rows that were read, but for those whose id exists."""
        connection = self._store.connection
        stored = {key for key, _ in connection.execute(sql.TABLE_OF_ROWS, (to_text(list(self._rows)),))}
        self.taken += [key for key in self._rows if key in stored]
        connection.executemany(
            sql.ADD_ROW, [row.insertion() for row in self._rows.values() if row.id not in stored]
        )
        self._links.add(self._given)
        self._rows, self._given = {}, []

    def _row(self, table: Table, model: Mapping[str, Any], number: int) -> Row:
        created = model.get("createdTime") or self._now
        author = model.get("createdBy") or OWNER.id
        row = Row(
            0,
            model.get("id") or new_id("rec"),
            table.id,
            model.get("number") or number,
            created,
            author,
            model.get("modifiedTime") or created,
            model.get("modifiedBy") or author,
            {table.by_key[key].id: touch for key, touch in (model.get("touched") or {}).items()},
        )
        for key, value in (model.get("fields") or {}).items():
            self._read_cell(table, row, key, value)
        return row

    def _read_cell(self, table: Table, row: Row, key: str, value: Any) -> None:
        item = table.field(key)
        if item is None:
            raise ImportRefused(
                f"record {row.id} has a value for {key!r}, which is no field of {table.name!r}"
            )
        if value is None or item.type in DERIVED:
            return
        if item.type == LINK:
            targets = enumerate(dict.fromkeys(value))
            self._given += [(item.id, row.id, place, target) for place, target in targets]
        elif item.type in _SYSTEM_READERS:
            _SYSTEM_READERS[item.type](row, _user_id(value) if item.type.endswith("By") else value)
        elif (kept := self._kept(row, item, value)) is not None:
            row.cells[item.id] = kept

    def _kept(self, row: Row, item: Field, value: Any) -> Any:
        """The form in which the value is kept, None when it is empty. Raises ImportRefused."""
        if not isinstance(value, str | int | float):
            return self._judged(row, item, value)
        # Most values of a long column come again and again; 1, 1.0 and True are not one.
        key = (item.id, type(value), value)
        if key not in self._known:
            if len(self._known) >= _KNOWN_AT_MOST:
                self._known.clear()
            self._known[key] = self._judged(row, item, value)
        return self._known[key]

    def _judged(self, row: Row, item: Field, value: Any) -> Any:
        if item.type in _CHECKED:
            checked = fields.check(item.type, value, item.options, mode="airtable")
            if checked.problems:
                raise ImportRefused(f"record {row.id}, field {item.name!r}: {checked.problems[0].message}")
            value = checked.value
        if fields.FIELD_TYPES[item.type].is_empty(value):
            return None
        kept = keep(value, item, self._store.users)
        if kept is None or (isinstance(value, list) and len(kept) < len(value)):
            raise ImportRefused(f"record {row.id}, field {item.name!r}: {value!r} is not known")
        return kept


def _user_id(value: Any) -> str:
    return str(value.get("id")) if isinstance(value, Mapping) else str(value)


def _read_number(row: Row, value: Any) -> None:
    row.number = int(value)


def _read_author(row: Row, value: Any) -> None:
    row.created_by = value


def _read_modified(row: Row, value: Any) -> None:
    row.modified_time = value


def _read_modifier(row: Row, value: Any) -> None:
    row.modified_by = value


_SYSTEM_READERS: Mapping[str, Callable[[Row, Any], None]] = {
    "autoNumber": _read_number,
    "createdTime": lambda _row, _value: None,  # the record says it itself
    "createdBy": _read_author,
    "lastModifiedTime": _read_modified,
    "lastModifiedBy": _read_modifier,
}
