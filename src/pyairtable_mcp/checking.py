"""Values checked against a table's schema before Airtable is asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import Gateway, Refused, TableSchema

_ALWAYS = frozenset({"unknown_field", "computed"})
"""The problems that typecasting does not mend."""


async def require_valid(
    gateway: Gateway, base: str, table: str, rows: Sequence[Mapping[str, Any]], *, typecast: bool
) -> None:
    """Refuse rows that Airtable would refuse, with every problem at once.

    Raises ToolError. A token that may not read schemas leaves the judgement to Airtable.
    """
    try:
        schema = (await gateway.schema(base)).table(table)
    except Refused:
        return
    problems = [
        f"Record {index + 1}: {message}" if len(rows) > 1 else message
        for index, row in enumerate(rows)
        for message in problems_of(schema, row, typecast=typecast)
    ]
    if problems:
        raise ToolError("Nothing was written. " + " ".join(problems[:20]) + _more(len(problems) - 20))


def problems_of(table: TableSchema, row: Mapping[str, Any], *, typecast: bool) -> list[str]:
    """What Airtable would refuse in these values."""
    import fields

    checked = fields.check_record(as_model(table), row, mode="airtable", partial=True)
    return [problem.message for problem in checked.problems if not typecast or problem.code in _ALWAYS]


def as_model(table: TableSchema) -> dict[str, Any]:
    """The table as the meta API gives it, which is how `fields` takes it."""
    return {
        "id": table.id,
        "name": table.name,
        "primaryFieldId": table.primary_field_id,
        "fields": [
            {"id": field.id, "name": field.name, "type": field.type, "options": field.options}
            for field in table.fields
        ],
    }


def _more(count: int) -> str:
    return f" And {count} more." if count > 0 else ""
