"""The tool that judges a record's values before they are written."""

from typing import Annotated, Any, TypedDict

from pydantic import Field

from pyairtable_mcp.checking import as_model
from pyairtable_mcp.parameters import BaseId, CellValues, TableId
from pyairtable_mcp.tool import READS, ToolContext, tool


class RecordValidated(TypedDict):
    """`problems` are what Airtable refuses; `warnings` what it takes but a careful person would not."""

    valid: bool
    problems: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    fields: dict[str, Any]


@tool(READS)
async def validate_record(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    fields: CellValues,
    *,
    record_id: Annotated[str, Field(description="The record to change; empty: a new one")] = "",
) -> RecordValidated:
    """Check values against the table's fields without writing; gives every problem at once."""
    import fields as rules

    table = (await ctx.gateway.schema(base_id)).table(table_id)
    if record_id:
        await ctx.gateway.record(base_id, table.id, record_id)
    model = as_model(table)
    refused = rules.check_record(model, fields, mode="airtable", partial=bool(record_id))
    strict = rules.check_record(model, fields, mode="strict", partial=bool(record_id))
    problems = [_row(problem) for problem in refused.problems]
    return {
        "valid": refused.ok,
        "problems": problems,
        "warnings": [row for row in map(_row, strict.problems) if row not in problems],
        "fields": refused.value if refused.ok else {},
    }


def _row(problem: Any) -> dict[str, Any]:
    row = {
        "path": ".".join(str(part) for part in problem.path),
        "code": problem.code,
        "message": problem.message,
        "suggestion": problem.suggestion,
    }
    return {key: value for key, value in row.items() if value is not None}
