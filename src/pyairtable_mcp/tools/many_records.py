"""Tools that upsert and delete any number of records, ten a request, and account for each one."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Annotated, Any, TypedDict

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from pyairtable_mcp.aside import aside
from pyairtable_mcp.parameters import BaseId, Confirm, DryRun, TableId, Typecast
from pyairtable_mcp.reading.windows import record_row
from pyairtable_mcp.tool import CHANGES, Lean, ToolContext, tool
from pyairtable_mcp.work import note_due
from pyairtable_mcp.writing import merging, removing
from pyairtable_mcp.writing.batching import in_tens
from pyairtable_mcp.writing.checking import cells_of, made_ready, warned
from pyairtable_mcp.writing.differences import Difference
from pyairtable_mcp.writing.planning import Place, Plan

_MERGE_FIELDS = 3
"""Airtable merges on one to three fields (docs: "Update multiple records", performUpsert)."""


class RecordsUpserted(TypedDict, total=False):
    """`records` tells of each whether it was created; `errors` account for the others."""

    message: str
    records: list[dict[str, Any]]
    errors: list[dict[str, Any]]
    warnings: list[str]
    differences: list[Difference]
    change_id: str


class RecordsDeleted(TypedDict, total=False):
    """Which records are gone, and which are not."""

    message: str
    deleted: list[str]
    errors: list[dict[str, Any]]
    differences: list[Difference]
    change_id: str


def _ids_alone(answer: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        {key: row[key] for key in ("index", "id", "created") if key in row}
        for row in answer.get("records", ())
    ]
    return {**answer, "records": rows} if "records" in answer else dict(answer)


@tool(
    CHANGES,
    narrower="Only what is shown is cut: `message` tells of all records.",
    lean=Lean("the records show their index and id alone", _ids_alone),
)
async def upsert_records(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    records: Annotated[list[dict[str, Any]], Field(min_length=1)],
    merge_on: Annotated[list[str], Field(min_length=1, max_length=_MERGE_FIELDS)],
    *,
    typecast: Typecast = False,
    dry_run: DryRun = False,
) -> RecordsUpserted:
    """Update the record that equals each given one in these fields, or create it."""
    ctx.require_few(len(records))
    note_due(0 if dry_run else len(records))
    cells = [cells_of(record) for record in records]
    ready = await made_ready(ctx, base_id, table_id, cells, typecast=typecast)
    table = await ctx.table(base_id, table_id, merge_on, rechecked=True)
    keys = list(dict.fromkeys(table.field(name).name for name in merge_on))
    _require_keys(ready.rows, keys)
    found = await aside(lambda: merging.keys(table, ready.rows, keys, typecast=typecast), len(records))
    _require_distinct(found)
    if dry_run:
        return _told(await merging.planned(ctx, Place(base_id, table_id, typecast), table, ready, keys))

    async def upsert(some: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        done = await ctx.gateway.upsert(base_id, table_id, some, merge_on=keys, typecast=typecast)
        return [{**record_row(record), "created": record.id in done.created_ids} for record in done.records]

    outcome = await in_tens(ready.rows, upsert, typecast=typecast)
    rows = [{"index": index, **row} for index, row in outcome.written]
    done = RecordsUpserted(message=outcome.message("written"), records=rows, errors=outcome.failures)
    return warned(done, ready)


@tool(CHANGES, narrower="Only what is shown is cut: `message` tells of all records.")
async def delete_records(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    record_ids: Annotated[list[str], Field(min_length=1)],
    *,
    dry_run: DryRun = False,
    confirm: Confirm = "",
) -> RecordsDeleted:
    """Delete records by their ids; each is accounted for."""
    ids = list(dict.fromkeys(record_ids))
    ctx.require_few(len(ids))
    note_due(0 if dry_run else len(ids))
    if not await removing.was_done(ctx, ids[0]):
        removal = await removing.look(ctx, base_id, table_id, ids)
        if dry_run:
            return {"message": f"{len(ids)} to delete", "differences": removal.differences}
        await removing.require_consent(ctx, "delete_records", (base_id, table_id), removal, confirm)

    async def delete(some: Sequence[str]) -> list[str]:
        return await ctx.gateway.delete(base_id, table_id, some)

    outcome = await in_tens(ids, delete)
    return {
        "message": outcome.message("deleted"),
        "deleted": [record_id for _, record_id in outcome.written],
        "errors": outcome.failures,
    }


def _told(plan: Plan) -> RecordsUpserted:
    created = sum("id" not in row for row in plan.differences)
    failed = f", {len(plan.errors)} not: see errors" if plan.errors else ""
    answer = RecordsUpserted(
        message=f"{created} to create, {len(plan.differences) - created} to update{failed}",
        differences=plan.differences,
    )
    if plan.errors:
        answer["errors"] = plan.errors
    return warned(answer, plan)


def _require_keys(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> None:
    """Raises ToolError for rows that do not say by what they are found."""
    lacking = [
        f"records[{index}] has no {key!r}" for index, row in enumerate(rows) for key in keys if key not in row
    ]
    if lacking:
        told = "; ".join(lacking[:20])
        raise ToolError(f"Nothing was written. Every record needs the fields of merge_on: {told}.")


def _require_distinct(keys: Sequence[Hashable]) -> None:
    """Raises ToolError for two rows that would meet the same record."""
    seen: dict[Hashable, int] = {}
    for index, key in enumerate(keys):
        first = seen.setdefault(key, index)
        if first != index:
            raise ToolError(
                f"Nothing was written. records[{first}] and records[{index}] are the same in merge_on: "
                "which of them is to stay?"
            )
