"""The tool that describes a base's tables in a table of the base."""

from collections.abc import Sequence
from typing import Annotated, Any, TypedDict

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from airtable_gateway import WRITE_LIMIT, BaseSchema, TableNotFound, TableSchema
from pyairtable_mcp.parameters import BaseId, DryRun
from pyairtable_mcp.tool import Effect, ToolContext, tool
from pyairtable_mcp.writing import differences
from pyairtable_mcp.writing.differences import Difference

_KEY = "Table ID"
_MARKS = ("Table Name", _KEY)
"""The fields by which a table of ours is known."""
_UPSERTS = Effect(reads_only=False, repeats_safely=True)


class MetadataWritten(TypedDict, total=False):
    """Which table describes the base now, and how many rows were created and updated."""

    success: bool
    message: str
    table_id: str
    table_name: str
    table_url: str
    table_created: bool
    records_created: int
    records_updated: int
    metadata_summary: dict[str, Any]
    differences: list[Difference]
    change_id: str


@tool(_UPSERTS)
async def create_metadata_table(
    ctx: ToolContext,
    base_id: BaseId,
    *,
    table_name: Annotated[str, Field(min_length=1)] = "Table Metadata",
    dry_run: DryRun = False,
) -> MetadataWritten:
    """Describe every table of a base, a row each, in a table of the base, made if missing, else updated."""
    from pyairtable_mcp.analysis import purpose

    schema = await ctx.gateway.schema(base_id, fresh=True)
    existing = _described_by(schema, table_name)
    described = BaseSchema(
        schema.id, schema.name, tuple(table for table in schema.tables if table != existing)
    )
    rows = purpose.metadata_rows(described, analysed_at=ctx.now())
    if dry_run:
        return {
            "message": f"{len(rows)} tables to describe in {existing.name if existing else table_name}.",
            "table_created": existing is None,
            "metadata_summary": purpose.summary(rows),
            "differences": differences.of_new(row.to_json() for row in rows),
        }
    table = await _prepared(ctx, schema, existing, table_name, purpose.metadata_fields())
    created, updated = await _upsert(ctx, schema.id, table.id, [row.to_json() for row in rows])
    return {
        "success": True,
        "message": f"{len(rows)} tables described in {table.name}: {created} created, {updated} updated.",
        "table_id": table.id,
        "table_name": table.name,
        "table_url": f"https://airtable.com/{schema.id}/{table.id}",
        "table_created": existing is None,
        "records_created": created,
        "records_updated": updated,
        "metadata_summary": purpose.summary(rows),
    }


def _described_by(schema: BaseSchema, name: str) -> TableSchema | None:
    """The table of that name, which must be one of ours; None if there is none.

    Raises ToolError for a table that lacks the marks of a metadata table: it belongs to somebody.
    """
    try:
        table = schema.table(name)
    except TableNotFound:
        return None
    missing = [mark for mark in _MARKS if mark not in {field.name for field in table.fields}]
    if missing:
        raise ToolError(
            f"{table.name!r} is no metadata table: it lacks {' and '.join(map(repr, missing))}. "
            "Nothing was written. Choose a table_name that the base does not have yet."
        )
    return table


async def _prepared(
    ctx: ToolContext,
    schema: BaseSchema,
    table: TableSchema | None,
    name: str,
    fields: Sequence[dict[str, Any]],
) -> TableSchema:
    """The table with all the fields that the rows need; what it has beside them stays."""
    if table is None:
        return await ctx.gateway.create_table(schema.id, name.strip(), fields)
    known = {field.name for field in table.fields}
    for field in fields:
        if field["name"] not in known:
            await ctx.gateway.create_field(
                schema.id, table.id, field["name"], field["type"], options=field.get("options")
            )
    return table


async def _upsert(ctx: ToolContext, base: str, table: str, rows: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """How many rows were created and updated, matched on the id of the table that they describe."""
    created = updated = 0
    for start in range(0, len(rows), WRITE_LIMIT):
        done = await ctx.gateway.upsert(
            base, table, rows[start : start + WRITE_LIMIT], merge_on=[_KEY], typecast=True
        )
        created += len(done.created_ids)
        updated += len(done.updated_ids)
    return created, updated
