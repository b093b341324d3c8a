"""Tools that write any number of records, ten a request, and account for each one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypedDict

from pydantic import BaseModel, Field

from airtable_gateway import Record, RecordChange
from pyairtable_mcp.parameters import BaseId, DryRun, TableId, Typecast
from pyairtable_mcp.reading.windows import record_row
from pyairtable_mcp.tool import ADDS, CHANGES, Lean, ToolContext, tool
from pyairtable_mcp.work import note_due
from pyairtable_mcp.writing import planning
from pyairtable_mcp.writing.batching import Outcome, in_tens
from pyairtable_mcp.writing.changing import change
from pyairtable_mcp.writing.checking import cells_of, made_ready, warned
from pyairtable_mcp.writing.differences import Difference
from pyairtable_mcp.writing.planning import Place


class Change(BaseModel, extra="forbid"):
    """New values for some cells of one record."""

    id: str
    fields: dict[str, Any]


class BatchCreated(TypedDict, total=False):
    """`created_records` and `errors` together account for every record, each with its index."""

    message: str
    base_id: str
    table_id: str
    created_records: list[dict[str, Any]]
    errors: list[dict[str, Any]]
    warnings: list[str]
    differences: list[Difference]
    change_id: str


class BatchUpdated(TypedDict, total=False):
    """`updated_records` and `errors` together account for every record, each with its index."""

    message: str
    base_id: str
    table_id: str
    updated_records: list[dict[str, Any]]
    errors: list[dict[str, Any]]
    warnings: list[str]
    differences: list[Difference]
    change_id: str


def _ids_alone(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with the index and the id of each record, and no more of it."""
    return {
        key: [{"index": row["index"], "id": row["id"]} for row in value] if key in _WRITTEN else value
        for key, value in answer.items()
    }


_WRITTEN = ("created_records", "updated_records")
_IDS = Lean("the records show their index and id alone", _ids_alone)
_NARROWER = "Only what is shown is cut: `message` tells of all records."


@tool(ADDS, narrower=_NARROWER, lean=_IDS)
async def batch_create_records(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    records: Annotated[list[dict[str, Any]], Field(min_length=1)],
    *,
    typecast: Typecast = False,
    dry_run: DryRun = False,
) -> BatchCreated:
    """Create any number of records, each {field: value} or {fields: {...}}; each is accounted for."""
    ctx.require_few(len(records))
    note_due(0 if dry_run else len(records))
    cells = [cells_of(record) for record in records]
    ready = await made_ready(ctx, base_id, table_id, cells, typecast=typecast)
    if dry_run:
        plan = await planning.of_new(ctx, Place(base_id, table_id, typecast), ready)
        created = BatchCreated(message=plan.message("create"), differences=plan.differences)
        return warned(created | BatchCreated(errors=plan.errors) if plan.refused else created, plan)

    async def create(some: Sequence[Mapping[str, Any]]) -> list[Record]:
        return await ctx.gateway.create(base_id, table_id, some, typecast=typecast)

    done = await in_tens(ready.rows, create, typecast=typecast)
    answer = BatchCreated(
        message=done.message("created"),
        base_id=base_id,
        table_id=table_id,
        created_records=_rows(done),
        errors=done.failures,
    )
    return warned(answer, ready)


@tool(CHANGES, narrower=_NARROWER, lean=_IDS)
async def batch_update_records(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    records: Annotated[list[Change], Field(min_length=1)],
    *,
    typecast: Typecast = False,
    dry_run: DryRun = False,
) -> BatchUpdated:
    """Change some cells of any number of records; each is accounted for."""
    ctx.require_few(len(records))
    note_due(0 if dry_run else len(records))
    cells = [record.fields for record in records]
    ids = [record.id for record in records]
    ready = await made_ready(ctx, base_id, table_id, cells, typecast=typecast)
    ready = replace(ready, warnings=[*planning.doubled(ids), *ready.warnings])
    if dry_run:
        plan = await planning.of_changes(ctx, Place(base_id, table_id, typecast), ids, ready)
        updated = BatchUpdated(message=plan.message("update"), differences=plan.differences)
        return warned(updated | BatchUpdated(errors=plan.errors) if plan.refused else updated, plan)
    changes = [RecordChange(record_id, row) for record_id, row in zip(ids, ready.rows, strict=True)]

    async def update(some: Sequence[RecordChange]) -> list[Record]:
        return await change(ctx, base_id, table_id, some, typecast=typecast)

    done = await in_tens(changes, update, typecast=typecast)
    answer = BatchUpdated(
        message=done.message("updated"),
        base_id=base_id,
        table_id=table_id,
        updated_records=_rows(done),
        errors=done.failures,
    )
    return warned(answer, ready)


def _rows(done: Outcome[Record]) -> list[dict[str, Any]]:
    return [{"index": index, **record_row(record)} for index, record in done.written]
