"""The tool that judges a record's values before they are written."""

from collections.abc import Mapping
from typing import Any, TypedDict

from airtable_gateway import BaseSchema, FieldSchema, RecordQuery, TableSchema
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.naming import written_rows
from pyairtable_mcp.parameters import BaseId, CellValues, RecordId, TableId
from pyairtable_mcp.reading import formula_inputs
from pyairtable_mcp.reading.windows import all_records, by_ids
from pyairtable_mcp.tool import READS, ToolContext, tool
from pyairtable_mcp.writing.checking import rules_of

_LINKS = "multipleRecordLinks"
_LOOKED_UP = 100
"""Linked records of one field that are looked up: more are not worth the requests."""


class RecordValidated(TypedDict):
    """`problems` are what Airtable refuses; `warnings` what it takes but a careful person would not."""

    valid: bool
    problems: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    fields: dict[str, Any]


@tool(READS, narrower="The values were checked whole.")
async def validate_record(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    fields: CellValues,
    *,
    record_id: RecordId = "",
) -> RecordValidated:
    """Check values for a new record, or for record_id, without writing; gives every problem at once."""
    import fields as rules

    schema = await ctx.schema_with(base_id, table_id, tuple(fields))
    table = schema.table(table_id)
    if record_id:
        await ctx.gateway.record(base_id, table.id, record_id)
    [row] = written_rows(table, [fields])
    judged_by = rules_of(table)
    refused = rules.check_record(judged_by, row, mode="airtable", partial=bool(record_id))
    strict = rules.check_record(judged_by, row, mode="strict", partial=bool(record_id))
    absent, unchecked = await _links(ctx, schema, table, refused.value)
    problems = [*map(_row, refused.problems), *absent]
    return {
        "valid": not problems,
        "problems": problems,
        "warnings": [*(row for row in map(_row, strict.problems) if row not in problems), *unchecked],
        "fields": {} if problems else refused.value,
    }


async def _links(
    ctx: ToolContext, schema: BaseSchema, table: TableSchema, values: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A problem for each link field that leads to nothing, a warning for each that was not looked up."""
    problems: list[dict[str, Any]] = []
    warnings: list[dict[str, Any]] = []
    for field in table.fields:
        record_ids = values.get(field.name)
        if field.type != _LINKS or not record_ids:
            continue
        linked = formula_inputs.linked_table(schema, field)
        if linked is None or len(record_ids) > _LOOKED_UP:
            message = f"{field.name}: whether its {len(record_ids)} records exist was not looked up."
            warnings.append({"path": field.name, "code": "not_looked_up", "message": message})
            continue
        problems += await _absent(ctx, schema.id, (field, linked), record_ids)
    return problems, warnings


async def _absent(
    ctx: ToolContext, base: str, link: tuple[FieldSchema, TableSchema], record_ids: list[str]
) -> list[dict[str, Any]]:
    field, linked = link
    query = RecordQuery(fields=[linked.primary_field.name], filter_by_formula=by_ids(record_ids))
    found = {record.id for record in await all_records(ctx, base, linked.id, query)}
    missing = [record_id for record_id in record_ids if record_id not in found]
    if not missing:
        return []
    message = (
        f"{field.name}: {linked.name} has no record {shortened(missing)}. "
        "Call search_records on that table to find the id."
    )
    return [{"path": field.name, "code": "unknown_record", "message": message}]


def _row(problem: Any) -> dict[str, Any]:
    row = {
        "path": ".".join(str(part) for part in problem.path),
        "code": problem.code,
        "message": problem.message,
        "suggestion": problem.suggestion,
    }
    return {key: value for key, value in row.items() if value is not None}
