"""Whole bases out: everything that an import needs to make the same bases again, computed values left out."""

from collections.abc import Container
from typing import Any

from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.model.cells import DERIVED, SYSTEM
from local_twins.airtable.model.json_forms import table_model
from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Table
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.storage.store import OWNER, Store
from local_twins.airtable.transfer.companions import exported_comments, exported_files

Json = dict[str, Any]


def export_document(store: Store, *, only: Container[str] | None = None) -> Json:
    """The bases and users of the store, in import format; links are given on both sides, each in its order.

    `only` are the ids of the bases that are wanted; None stands for all of them.
    Beside the format's own keys a record has, where an import would guess wrong: `number` (autoNumber),
    `createdBy`, `modifiedTime`, `modifiedBy`, and `touched` (when and by whom cells were changed last).
    """
    with store.lock:
        users = [user.to_json() for user in store.users.values() if user != OWNER]
        opened = [store.base(info.id) for info in store.bases() if only is None or info.id in only]
        return {"users": users, "bases": [_base(store, open_base) for open_base in opened if open_base]}


def _base(store: Store, open_base: OpenBase) -> Json:
    base = open_base.base
    files = exported_files(store, base)
    return {
        "id": base.id,
        "name": base.name,
        "workspaceId": base.workspace_id,
        "tables": [table_model(table) for table in base.tables],
        "records": {table.id: _records(Records(store, open_base), table) for table in base.tables},
    } | ({"files": files} if files else {})


def _records(records: Records, table: Table) -> list[Json]:
    rows = records.in_table(table)
    stored = [field for field in table.fields if field.type not in DERIVED | SYSTEM]
    columns = [(field.name, records.column(field, rows)) for field in stored]
    models: list[Json] = []
    expected = 1
    commented = records.store.comments.counts(row.id for row in rows)
    for place, row in enumerate(rows):
        cells = {name: column[place] for name, column in columns if column[place] is not None}
        models.append(
            {"id": row.id, "createdTime": row.created_time, "fields": cells} | _beside(row, expected)
        )
        if row.id in commented:
            models[-1]["comments"] = exported_comments(records.store, row.id)
        expected = row.number + 1
    return models


def _beside(row: Row, expected_number: int) -> Json:
    """What an import would not guess."""
    beside: Json = {
        "number": (row.number, expected_number),
        "createdBy": (row.created_by, OWNER.id),
        "modifiedTime": (row.modified_time, row.created_time),
        "modifiedBy": (row.modified_by, row.created_by),
        "touched": (row.touched, {}),
    }
    return {key: value for key, (value, guess) in beside.items() if value != guess}
