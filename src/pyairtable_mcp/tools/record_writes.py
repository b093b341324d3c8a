"""Tools that change one record: create, update, delete."""

from typing import Any, TypedDict

from airtable_gateway import Record, RecordChange
from pyairtable_mcp.parameters import BaseId, CellValues, Confirm, DryRun, RecordId, TableId, Typecast
from pyairtable_mcp.tool import ADDS, CHANGES, ToolContext, tool
from pyairtable_mcp.writing import planning, removing
from pyairtable_mcp.writing.changing import change
from pyairtable_mcp.writing.checking import made_ready, warned
from pyairtable_mcp.writing.differences import Difference
from pyairtable_mcp.writing.planning import Place, Plan

_WRITTEN = "Only what is shown is cut, not what is written."


class RecordWritten(TypedDict, total=False):
    """The record after the call, or the difference that it would make."""

    id: str
    createdTime: str
    fields: dict[str, Any]
    warnings: list[str]
    differences: list[Difference]
    change_id: str


class RecordDeleted(TypedDict, total=False):
    """Which record is gone, or what would be."""

    deleted: bool
    id: str
    differences: list[Difference]
    change_id: str


@tool(ADDS, narrower=_WRITTEN)
async def create_record(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    fields: CellValues,
    *,
    typecast: Typecast = False,
    dry_run: DryRun = False,
) -> RecordWritten:
    """Create one record."""
    ready = await made_ready(ctx, base_id, table_id, [fields], typecast=typecast)
    if dry_run:
        return _planned(await planning.of_new(ctx, Place(base_id, table_id, typecast), ready))
    [record] = await ctx.gateway.create(base_id, table_id, ready.rows, typecast=typecast)
    return warned(_shown(record), ready)


@tool(CHANGES, narrower=_WRITTEN)
async def update_record(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    record_id: RecordId,
    fields: CellValues,
    *,
    typecast: Typecast = False,
    dry_run: DryRun = False,
) -> RecordWritten:
    """Change some cells of one record; the others stay."""
    ready = await made_ready(ctx, base_id, table_id, [fields], typecast=typecast)
    if dry_run:
        place = Place(base_id, table_id, typecast)
        return _planned(await planning.of_changes(ctx, place, [record_id], ready))
    changes = [RecordChange(record_id, row) for row in ready.rows]
    [record] = await change(ctx, base_id, table_id, changes, typecast=typecast)
    return warned(_shown(record), ready)


@tool(CHANGES)
async def delete_record(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    record_id: RecordId,
    *,
    dry_run: DryRun = False,
    confirm: Confirm = "",
) -> RecordDeleted:
    """Delete one record."""
    if await removing.was_done(ctx, record_id):
        return await _deleted(ctx, base_id, table_id, record_id)
    removal = await removing.look(ctx, base_id, table_id, [record_id])
    if dry_run:
        return {"differences": removal.differences}
    await removing.require_consent(ctx, "delete_record", (base_id, table_id), removal, confirm)
    return await _deleted(ctx, base_id, table_id, record_id)


async def _deleted(ctx: ToolContext, base: str, table: str, record_id: str) -> RecordDeleted:
    [deleted] = await ctx.gateway.delete(base, table, [record_id])
    return {"deleted": True, "id": deleted}


def _planned(plan: Plan) -> RecordWritten:
    """What the write would change. Raises the AirtableError with which it would be refused."""
    plan.require_all()
    return warned(RecordWritten(differences=plan.differences), plan)


def _shown(record: Record) -> RecordWritten:
    return {"id": record.id, "createdTime": record.created_time, "fields": record.fields}
