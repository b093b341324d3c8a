"""A table as a formula sees it: types by field name, and links as the names of their records."""

from collections.abc import Iterable, Sequence
from typing import Any

from airtable_gateway import BaseSchema, FieldSchema, Record, RecordQuery, TableSchema
from pyairtable_mcp.reading.windows import all_records, by_ids
from pyairtable_mcp.tool import ToolContext

_RESULT_DECIDES = frozenset({"formula", "rollup"})
_IDS_A_FILTER = 400
"""Record ids in one filter: about 10,000 characters."""


def field_types(table: TableSchema) -> dict[str, str]:
    """Each field's type for the formula engine; a formula field has the type of its result."""
    return {field.name: _type(field) for field in table.fields}


def field_names(table: TableSchema) -> dict[str, str]:
    """Each field's name by its id."""
    return {field.id: field.name for field in table.fields}


def _type(field: FieldSchema) -> str:
    result = field.options.get("result") or {}
    return str(result.get("type") or field.type) if field.type in _RESULT_DECIDES else field.type


async def with_link_names(
    ctx: ToolContext, schema: BaseSchema, table: TableSchema, records: Sequence[Record], names: Iterable[str]
) -> list[dict[str, Any]]:
    """The records' values, those of link fields among `names` as names.

    A formula sees a linked record as the text of its primary field; the API gives its id.
    """
    rows = [dict(record.fields) for record in records]
    for field in {table.field(name).id: table.field(name) for name in names}.values():
        # A table that this server may not see leaves the ids as they are.
        if field.type == "multipleRecordLinks" and (linked := linked_table(schema, field)):
            known = await _primary_texts(ctx, schema.id, linked, _linked_ids(rows, field.name))
            for row in rows:
                row[field.name] = [known.get(record_id, "") for record_id in row.get(field.name, ())]
    return rows


def linked_table(schema: BaseSchema, field: FieldSchema) -> TableSchema | None:
    """The table that a link field leads to, None if it cannot be seen."""
    wanted = field.options.get("linkedTableId")
    return next((table for table in schema.tables if table.id == wanted), None)


def _linked_ids(rows: Sequence[dict[str, Any]], name: str) -> list[str]:
    return list(dict.fromkeys(record_id for row in rows for record_id in row.get(name, ())))


async def _primary_texts(
    ctx: ToolContext, base: str, table: TableSchema, record_ids: Sequence[str]
) -> dict[str, Any]:
    primary = table.primary_field.name
    found: dict[str, Any] = {}
    for start in range(0, len(record_ids), _IDS_A_FILTER):
        some = record_ids[start : start + _IDS_A_FILTER]
        query = RecordQuery(fields=[primary], filter_by_formula=by_ids(some))
        records = await all_records(ctx, base, table.id, query)
        found |= {record.id: record.fields.get(primary, "") for record in records}
    return found
