"""The tool that makes one table say what another one says."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import FieldNotFound, Record, RecordChange, RecordQuery, TableSchema
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.consent import Question
from pyairtable_mcp.parameters import BaseId, Confirm, DryRun, TableId, Typecast
from pyairtable_mcp.reading.windows import all_records
from pyairtable_mcp.tool import CHANGES, ToolContext, tool
from pyairtable_mcp.work import note_due
from pyairtable_mcp.writing.batching import in_tens

if TYPE_CHECKING:
    from pyairtable_mcp.analysis.sync_changes import SyncPlan

_Step = tuple[str, Sequence[Any], Callable[[Sequence[Any]], Awaitable[Sequence[Any]]]]
"""What is done to the rows, the rows of the plan, and the write of up to ten of them."""


class TablesSynced(TypedDict):
    """The plan and, unless it was a dry run, what became of it; also what is left alone, and why."""

    message: str
    dry_run: bool
    sync_summary: dict[str, int]
    key_field: str
    changes: dict[str, Any]
    duplicate_keys: list[dict[str, Any]]
    rows_without_key: dict[str, list[str]]
    skipped_fields: list[dict[str, Any]]
    error_cells: list[dict[str, Any]]
    new_choices: dict[str, list[str]]
    applied: NotRequired[dict[str, int]]
    errors: NotRequired[list[dict[str, Any]]]
    only_in_target: NotRequired[list[dict[str, Any]]]
    change_id: NotRequired[str]


@tool(CHANGES, narrower="Only what is shown of the plan is cut, not what is done.")
async def sync_tables(
    ctx: ToolContext,
    source_base_id: BaseId,
    source_table_id: TableId,
    target_base_id: BaseId,
    target_table_id: TableId,
    key_field: str,
    *,
    dry_run: DryRun = True,
    delete_missing: bool = False,
    typecast: Typecast = False,
    confirm: Confirm = "",
) -> TablesSynced:
    """Make a table's rows those of another, matched on a key field of both; delete_missing also deletes."""
    from pyairtable_mcp.analysis import sync_plan

    source = await ctx.table(source_base_id, source_table_id, [key_field])
    target = await ctx.table(target_base_id, target_table_id, [key_field])
    if source.id == target.id:
        raise ToolError(f"{source.name!r} is both source and target; name two tables.")
    key = _key(source, key_field)
    _key(target, key)
    plan = await asyncio.to_thread(
        sync_plan.plan,
        source,
        await all_records(ctx, source_base_id, source.id, RecordQuery()),
        target,
        await all_records(ctx, target_base_id, target.id, RecordQuery()),
        key,
    )
    answer = _told(plan, dry_run=dry_run, delete_missing=delete_missing)
    if not dry_run:
        await _require_leave(ctx, plan, target, confirm=confirm if delete_missing else None)
        applied, errors = await _apply(
            ctx, plan, (target_base_id, target.id), typecast=typecast, delete_missing=delete_missing
        )
        answer["applied"], answer["errors"] = applied, errors
        answer["message"] = _applied_message(applied, errors)
    return answer


def _told(plan: "SyncPlan", *, dry_run: bool, delete_missing: bool) -> TablesSynced:
    message = _planned_message(plan, delete_missing=delete_missing)
    # The plan's keys are those of the answer; the test of the output schema holds it.
    return cast(
        "TablesSynced",
        {"message": message, "dry_run": dry_run, **plan.to_json(delete_missing=delete_missing)},
    )


async def _require_leave(
    ctx: ToolContext, plan: "SyncPlan", target: TableSchema, *, confirm: str | None
) -> None:
    """Refuse too much at once, and the end of rows that nobody agreed to; `confirm` None deletes nothing."""
    deletes = plan.deletes if confirm is not None else ()
    ctx.require_few(len(plan.creates) + len(plan.updates) + len(deletes))
    if deletes and confirm is not None:
        keys = shortened((row.key for row in deletes), 10)
        text = (
            f"Create {len(plan.creates)}, update {len(plan.updates)} and delete {len(deletes)} rows of "
            f"{target.name!r}, the last ones being {keys}?"
        )
        subject = [target.id, plan.to_json()]
        await ctx.require_consent(Question("sync_tables", text, subject), confirm)


async def _apply(
    ctx: ToolContext, plan: "SyncPlan", target: tuple[str, str], *, typecast: bool, delete_missing: bool
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Carry the plan out: how many rows were created, updated and deleted, and what was not, row by row."""
    gateway, (base, table) = ctx.gateway, target

    async def create(rows: Sequence[Any]) -> list[Record]:
        return await gateway.create(base, table, [row.fields for row in rows], typecast=typecast)

    async def update(rows: Sequence[Any]) -> list[Record]:
        changes = [RecordChange(row.record_id, row.fields) for row in rows]
        return await gateway.update(base, table, changes, typecast=typecast)

    async def delete(rows: Sequence[Any]) -> list[str]:
        return await gateway.delete(base, table, [row.record_id for row in rows])

    steps: list[_Step] = [("created", plan.creates, create), ("updated", plan.updates, update)]
    steps += [("deleted", plan.deletes, delete)] if delete_missing else []
    note_due(sum(len(rows) for _, rows, _ in steps))
    applied: dict[str, int] = {}
    errors: list[dict[str, Any]] = []
    for name, rows, write in steps:
        outcome = await in_tens(rows, write, typecast=typecast)
        applied[name] = len(outcome.written)
        errors += [
            {"key": rows[failure["index"]].key, "step": name, **failure} for failure in outcome.failures
        ]
    return applied, errors


def _key(table: TableSchema, name: str) -> str:
    """The field's exact name. Raises FieldNotFound, which says in which of the two tables."""
    try:
        return table.field(name).name
    except FieldNotFound as absent:
        message = f"The table {table.name!r} has no field {name[:100]!r}, and both tables need the key."
        raise FieldNotFound(name, absent.known, message=message) from None


def _planned_message(plan: "SyncPlan", *, delete_missing: bool) -> str:
    deletes = len(plan.deletes)
    fate = f"{deletes} to delete" if delete_missing else f"{deletes} only in the target, which stay"
    return f"{len(plan.creates)} to create, {len(plan.updates)} to update, {fate}."


def _applied_message(applied: dict[str, int], errors: Sequence[dict[str, Any]]) -> str:
    done = ", ".join(f"{count} {name}" for name, count in applied.items())
    return f"{done}; {len(errors)} failed: see errors." if errors else f"{done}."
