"""Rows from elsewhere brought into a table: each changes the record of its name, or makes one."""

from collections.abc import Sequence

from local_twins.airtable.computing.draft import Draft
from local_twins.airtable.feed.announcing import announce_schema
from local_twins.airtable.model.schema import Table
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.storage.store import Store
from local_twins.airtable.writing.growing import ids_by_name
from local_twins.airtable.writing.incoming import CellWriter
from local_twins.airtable.writing.schema_changes import create_field


def sync_rows(
    store: Store,
    open_base: OpenBase,
    user_id: str,
    table: Table,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> None:
    """Write the rows, each with the text of its primary cell as its name; of two of one name the last counts.

    Columns that the table has no field for become fields of text. Values are brought into the types of the
    fields, as typecast does. Records that no row names stay. Raises Refusal.
    """
    before = open_base
    for name in header:
        if table.field(name) is None:
            create_field(store, open_base, table.id, {"name": name, "type": "singleLineText"})
            open_base = store.base(before.base.id) or before
    open_base = announce_schema(store, before, user_id)
    table = open_base.base.by_key[table.id]
    draft = Draft(store, open_base, user_id, source="sync")
    writer = CellWriter(draft, table, typecast=True)
    known = ids_by_name(draft, table)
    place = next((n for n, name in enumerate(header) if table.field(name) == table.primary), None)
    for cells in rows:
        name = cells[place] if place is not None else ""
        row = draft.records.find(known[name]) if name in known and name else None
        if row is None:
            row = draft.make(table)
            known[name] = row.id
        writer.write(row, {key: text or None for key, text in zip(header, cells, strict=True)})
    draft.finish()
