"""What the page shows, as JSON: bases with their tables, a table's records page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import fields
from local_twins.airtable import errors
from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.computing.volatile import refresh
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.attachments import Addresses
from local_twins.airtable.model.cells import LINK
from local_twins.airtable.model.rows import Row, rows_from
from local_twins.airtable.model.schema import Base, Field, Table
from local_twins.airtable.reading.listing import order_of
from local_twins.airtable.reading.query import ListQuery
from local_twins.airtable.reading.shapes import Shape, to_json
from local_twins.airtable.storage import sql
from local_twins.airtable.storage.store import Store

Json = dict[str, Any]

ROWS = 50
"""Records on one page of a grid."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of which table, `view` and `filter` "" for all records; files are at `origin`."""

    base: str
    table: str
    view: str = ""
    filter: str = ""
    page: int = 1
    origin: str = ""


def bases(store: Store) -> Json:
    """Every base with its tables, and how many records they hold."""
    opened = [store.base(info.id) for info in store.bases()]
    return {"bases": [_base(store, open_base.base) for open_base in opened if open_base]}


def grid(store: Store, asked: Asked) -> Json:
    """A page of one table's records. Raises Refusal when something asked for is not there."""
    open_base = store.base(asked.base)
    table = open_base.table(asked.table) if open_base else None
    if open_base is None or table is None:
        raise Refusal(errors.MODEL_NOT_FOUND)
    refresh(store, open_base)
    records = Records(store, open_base)
    shape = Shape(Addresses(asked.origin, store.file_key, store.clock()), by_id=True)
    count, rows = _page(records, table, asked, shape)
    shown = to_json(records, table, rows, shape)
    return {
        "base": open_base.base.name,
        "table": {"id": table.id, "name": table.name, "description": table.description},
        "views": [{"id": view.id, "name": view.name} for view in table.views],
        "fields": [_field(field) for field in table.fields],
        "count": count,
        "pages": max(1, -(-count // ROWS)),
        "size": ROWS,
        "records": shown,
        "names": _linked_names(records, table, rows),
    }


def _base(store: Store, base: Base) -> Json:
    tables = [{"id": table.id, "name": table.name, "count": _count(store, table)} for table in base.tables]
    return {"id": base.id, "name": base.name, "tables": tables}


def _count(store: Store, table: Table) -> int:
    (count,) = store.connection.execute(sql.COUNT_ROWS, (table.id,)).fetchone()
    return int(count)


def _page(records: Records, table: Table, asked: Asked, shape: Shape) -> tuple[int, Sequence[Row]]:
    """How many records there are, and those of the page."""
    view = table.view(asked.view) if asked.view else None
    if asked.view and view is None:
        raise Refusal(errors.VIEW_ID_MISSING, view=asked.view)
    start = (asked.page - 1) * ROWS
    order = order_of(records, table, ListQuery(shape, filter=asked.filter, view=view))
    if order is not None:
        return len(order), records.load(order[start : start + ROWS])
    lines = records.store.connection.execute(sql.ROWS_FROM, (table.id, ROWS, start)).fetchall()
    return _count(records.store, table), rows_from(lines)


def _field(field: Field) -> Json:
    choices = {choice["name"]: choice.get("color", "") for choice in field.options.get("choices") or ()}
    return {
        "id": field.id,
        "name": field.name,
        "type": field.type,
        "description": field.description,
        "isComputed": fields.FIELD_TYPES[field.type].computed,
        "choices": choices,
        "most": field.options.get("max"),
    }


def _linked_names(records: Records, table: Table, rows: Sequence[Row]) -> dict[str, str]:
    """What the records that these link to are called, by id."""
    linked: set[str] = set()
    for field in table.fields:
        if field.type == LINK:
            linked.update(target for targets in records.links(field, rows).values() for target in targets)
    return records.names(linked)
