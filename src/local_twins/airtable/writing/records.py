"""Creating, changing and deleting records: all of a request's records, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_twins.airtable import errors
from local_twins.airtable.computing.draft import Draft
from local_twins.airtable.errors import Kind, Refusal
from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Table
from local_twins.airtable.writing.incoming import CellWriter


@dataclass(frozen=True, slots=True)
class Change:
    """New values for a record, by field name or id; `record_id` "" for one that is to be made."""

    values: Mapping[str, Any]
    record_id: str = ""


def create(draft: Draft, table: Table, changes: Sequence[Change], *, typecast: bool) -> list[Row]:
    """Make the records. Raises Refusal."""
    writer = CellWriter(draft, table, typecast=typecast)
    rows = []
    for change in changes:
        row = draft.make(table)
        writer.write(row, change.values)
        rows.append(row)
    draft.finish()
    return rows


def update(
    draft: Draft, table: Table, changes: Sequence[Change], *, typecast: bool, replace: bool, missing: Kind
) -> list[Row]:
    """Change the records; with `replace`, cells that are not named are emptied. `missing` is refused with."""
    writer = CellWriter(draft, table, typecast=typecast)
    rows = [row_of(draft, table, change.record_id, missing) for change in changes]
    refuse_twice(rows)
    for row, change in zip(rows, changes, strict=True):
        if replace:
            writer.clear_others(row, change.values)
        writer.write(row, change.values)
    draft.finish()
    return rows


def delete(draft: Draft, table: Table, record_ids: Sequence[str], *, missing: Kind) -> None:
    """Delete the records. Raises Refusal."""
    rows = [row_of(draft, table, record_id, missing) for record_id in record_ids]
    for row in {row.id: row for row in rows}.values():
        draft.drop(table, row)
    draft.finish()


def refuse_twice(rows: Sequence[Row]) -> None:
    """Raises Refusal when a record is among them twice."""
    if len({row.id for row in rows}) < len(rows):
        raise Refusal(errors.UPDATED_TWICE)


def row_of(draft: Draft, table: Table, record_id: str, missing: Kind) -> Row:
    """The record of that id in that table. Raises Refusal of the kind `missing`."""
    row = draft.records.find(record_id)
    if row is None or row.table_id != table.id:
        raise Refusal(missing, record=record_id)
    return row
