"""The tool that shows what a field's values would become before its type is changed."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, NotRequired, TypedDict

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from airtable_gateway import FieldSchema, Record, RecordQuery
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.parameters import BaseId, TableId
from pyairtable_mcp.reading import formula_inputs
from pyairtable_mcp.reading.windows import first_records
from pyairtable_mcp.tool import READS, ToolContext, tool

if TYPE_CHECKING:
    from fields import ColumnPreview

_LINKS = "multipleRecordLinks"


class ConversionShown(TypedDict):
    """`counts` of lossless, lossy and impossible values; `losses` are those that lose something."""

    field: str
    from_type: str
    to_type: str
    records: int
    verdict: str
    counts: dict[str, int]
    new_choices: list[str]
    losses: list[dict[str, Any]]
    note: NotRequired[str]


@tool(READS, narrower="Lower sample_size.")
async def convert_field_preview(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    field: str,
    to_type: str,
    *,
    to_options: dict[str, Any] | None = None,
    sample_size: Annotated[int, Field(ge=1)] = 1000,
) -> ConversionShown:
    """Show what each value of a field would become under another type, and what would be lost."""
    import fields

    schema = await ctx.schema_with(base_id, table_id, [field])
    table = schema.table(table_id)
    source = table.field(field)
    if to_type not in fields.FIELD_TYPES:
        raise ToolError(f"There is no field type {to_type!r}. Types: {shortened(fields.FIELD_TYPES, 40)}.")
    _refuse_bad_options(to_type, to_options)
    query = RecordQuery(fields=[source.name])
    records, more = await first_records(ctx, base_id, table.id, query, limit=sample_size)
    named = await formula_inputs.with_link_names(ctx, schema, table, records, [source.name])
    values = [_value(source, record, row) for record, row in zip(records, named, strict=True)]
    preview = await asyncio.to_thread(
        fields.convert_column,
        values,
        source.type,
        to_type,
        from_options=source.options,
        to_options=to_options,
    )
    answer = ConversionShown(
        field=source.name,
        from_type=source.type,
        to_type=to_type,
        records=len(records),
        verdict=preview.loss,
        counts={str(loss): count for loss, count in preview.counts.items()},
        new_choices=list(preview.new_choices),
        losses=_losses(source, records, preview),
    )
    if more:
        answer["note"] = f"The first {sample_size} records were looked at; raise sample_size for more."
    return answer


def _refuse_bad_options(to_type: str, to_options: dict[str, Any] | None) -> None:
    """Raises ToolError for options that a field of the type cannot have; some may be left out."""
    import fields

    problems = fields.check_options(to_type, to_options or {}).problems
    wrong = [problem.message for problem in problems if problem.code == "bad_option"]
    if wrong:
        raise ToolError(f"to_options cannot be those of a {to_type} field. {' '.join(wrong)}")


def _value(source: FieldSchema, record: Record, named: dict[str, Any]) -> Any:
    """The cell; linked records with their names, since it is by name that they convert."""
    value = record.fields.get(source.name)
    if source.type != _LINKS or not value:
        return value
    pairs = zip(value, named[source.name], strict=True)
    return [{"id": record_id, "name": str(name)} for record_id, name in pairs]


def _losses(source: FieldSchema, records: Sequence[Record], preview: "ColumnPreview") -> list[dict[str, Any]]:
    return [
        {
            "id": records[index].id,
            "loss": made.loss,
            "from": records[index].fields.get(source.name),
            "to": made.value,
            "why": made.why,
        }
        for index, made in preview.losses()
    ]
