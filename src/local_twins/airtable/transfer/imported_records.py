"""The records of an imported base: read into rows, linked on both sides, computed once, written."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import fields
from local_twins.airtable.computing.draft import Draft
from local_twins.airtable.model import times
from local_twins.airtable.model.cells import DERIVED, LINK, keep
from local_twins.airtable.model.ids import new_id
from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Field, Table
from local_twins.airtable.storage import sql
from local_twins.airtable.storage.links import Targets
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.storage.store import OWNER, Store
from local_twins.airtable.transfer.companions import import_comments
from local_twins.airtable.transfer.refusals import ImportRefused

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
    """The records of one base on their way in; `ids` in the order of the document."""

    def __init__(self, store: Store, open_base: OpenBase) -> None:
        self.ids: list[str] = []
        self._store = store
        self._open_base = open_base
        self._rows: list[Row] = []
        self._comments: list[tuple[str, Sequence[Mapping[str, Any]]]] = []
        self._links: dict[str, Targets] = defaultdict(dict)
        self._now = times.to_text(store.clock())

    def read(self, table_key: str, models: Sequence[Mapping[str, Any]]) -> None:
        """Take in the records of one table, told by name or id. Raises ImportRefused."""
        table = self._open_base.table(table_key)
        if table is None:
            raise ImportRefused(f"there are records of a table {table_key!r}, which is not in the base")
        number = 0
        for model in models:
            row = self._row(table, model, number + 1)
            number = max(number, row.number)
            self._rows.append(row)
            self.ids.append(row.id)
            if model.get("comments"):
                self._comments.append((row.id, model["comments"]))
        self._store.connection.execute(sql.SET_NEXT_NUMBER, (number + 1, table.id))

    def write(self) -> None:
        """Write the rows and the links, with everything computed. Raises ImportRefused."""
        tables = {row.id: row.table_id for row in self._rows}
        order = {record_id: place for place, record_id in enumerate(self.ids)}
        written: set[str] = set()
        for _, item in self._open_base.base.fields.values():
            if item.type == LINK and item.id not in written:
                self._write_links(item, tables, order)
                written |= {item.id, item.reverse_key}
        draft = Draft(self._store, self._open_base, OWNER.id)
        draft.adopt(self._rows)
        draft.finish()
        for record_id, models in self._comments:
            import_comments(self._store, record_id, models, self._now)

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
            self._links[item.id][row.id] = list(dict.fromkeys(value))
        elif item.type in _SYSTEM_READERS:
            _SYSTEM_READERS[item.type](row, _user_id(value) if item.type.endswith("By") else value)
        elif (kept := self._kept(row, item, value)) is not None:
            row.cells[item.id] = kept

    def _kept(self, row: Row, item: Field, value: Any) -> Any:
        """The form in which the value is kept, None when it is empty. Raises ImportRefused."""
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

    def _write_links(self, item: Field, tables: Mapping[str, str], order: Mapping[str, int]) -> None:
        """Write one link field and its other side: what either gives, each link once."""
        there, back = self._links[item.id], self._links.get(item.reverse_key, {})
        for targets, linked in (
            (there, item.linked_table_id),
            (back, self._open_base.base.fields[item.id][0].id),
        ):
            self._check(targets, linked, tables)
        self._store.links.add_sides(item, _completed(there, back, order), _completed(back, there, order))

    def _check(self, targets: Targets, linked_table_id: str, tables: Mapping[str, str]) -> None:
        for record_id, linked in targets.items():
            for target in linked:
                if tables.get(target) != linked_table_id:
                    raise ImportRefused(
                        f"record {record_id} links to {target}, which is no record of that table"
                    )


def _completed(side: Targets, other: Targets, order: Mapping[str, int]) -> Targets:
    """The links that a side gives, then those that only the other side gives, in the document's order."""
    whole: Targets = defaultdict(list, {record_id: list(targets) for record_id, targets in side.items()})
    given = {record_id: set(targets) for record_id, targets in side.items()}
    for record_id in sorted(other, key=order.__getitem__):
        for target in other[record_id]:
            if record_id not in given.get(target, ()):
                whole[target].append(record_id)
    return dict(whole)


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
