"""Tools for what was changed through this server: the list of changes, and taking one back."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NotRequired, TypedDict

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from airtable_gateway import (
    Author,
    Change,
    ChangeNotFound,
    ChangePage,
    JournaledGateway,
    Place,
    Refused,
    Step,
    TableNotFound,
    Undone,
)
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.consent import Question
from pyairtable_mcp.cursors import Position
from pyairtable_mcp.parameters import BaseId, Confirm, Cursor, DryRun, RecordId, TableId
from pyairtable_mcp.tool import CHANGES, READS, ToolContext, tool
from pyairtable_mcp.writing.differences import Difference

_IDS_SHOWN = 5
_NEWEST = 500
"""Changes among whose places a name is looked for."""
_BASES_LOOKED_INTO = 20
"""Bases in which a table is looked for that is named without its base."""


class ChangesListed(TypedDict):
    """Changes, the newest first; `cursor` when there are more."""

    changes: list[dict[str, Any]]
    cursor: NotRequired[str]


class ChangeUndone(TypedDict, total=False):
    """What was taken back, or would be; `losses` cannot come back, `new_ids` are of records made again."""

    message: str
    differences: list[Difference]
    conflicts: list[dict[str, Any]]
    losses: list[str]
    new_ids: dict[str, str]
    change_id: str


@tool(READS, narrower="Choose a table or a record, or a lower limit.")
async def list_changes(
    ctx: ToolContext,
    *,
    base_id: BaseId = "",
    table_id: TableId = "",
    record_id: RecordId = "",
    change_id: str = "",
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
    cursor: Cursor = "",
) -> ChangesListed:
    """List what was changed through this server, newest first; change_id shows one in full."""
    journal = _journal(ctx)
    if change_id:
        found = [each for each in await _changes_of(journal, change_id) if _is_shown(ctx, each)]
        if not found:
            raise ChangeNotFound(change_id[:80])
        return {"changes": [_row(each, in_full=True) for each in found]}
    question = ["changes", base_id, table_id, record_id]
    start = ctx.position(cursor, question).offset or ""

    async def of(base: str, table: str) -> ChangePage:
        return await journal.changes(
            base=base, table=table, record=record_id, principal=_whose(ctx), limit=limit, cursor=start
        )

    page = await of(base_id, table_id)
    if (base_id or table_id) and not any(_is_shown(ctx, each) for each in page.changes):
        page = await of(*await _meant(ctx, journal, base_id, table_id))
    listed = ChangesListed(changes=[_row(each) for each in page.changes if _is_shown(ctx, each)])
    if page.cursor:
        listed["cursor"] = ctx.cursor(Position(page.cursor), question)
    return listed


async def _meant(ctx: ToolContext, journal: JournaledGateway, base: str, table: str) -> tuple[str, str]:
    """The ids of the base and the table of those names in any case, "" for what is not given.

    Both may be gone by now, if changes of them are among the newest. Raises BaseNotFound, TableNotFound, and
    ToolError where several are meant.
    """
    newest = (await journal.changes(principal=_whose(ctx), limit=_NEWEST)).changes
    meant: dict[tuple[str, str], Place] = {}
    for place in (change.place for change in newest if _is_shown(ctx, change)):
        of_base = not base or _names(base, place.base_id, place.base)
        if of_base and (not table or _names(table, place.table_id, place.table)):
            meant.setdefault((place.base_id if base else "", place.table_id if table else ""), place)
    if len(meant) > 1:
        told = shortened(f"{each.base} / {each.table}" if table else each.base for each in meant.values())
        ids = shortened(table_id or base_id for base_id, table_id in meant)
        raise ToolError(f"Several are named so, but for their case: {told}. Give an id: {ids}.")
    if meant:
        return next(iter(meant))
    try:
        return await _present(ctx, base, table)
    except Refused:
        # A token that may not read schemas: names are as they were given.
        return base, table


async def _present(ctx: ToolContext, base: str, table: str) -> tuple[str, str]:
    """The same of a base and a table that are there now."""
    if base:
        schema = await ctx.schema_with(base, table) if table else await ctx.gateway.schema(base)
        return schema.id, schema.table(table).id if table else ""
    bases = await ctx.gateway.bases()
    schemas = [await ctx.gateway.schema(each.id) for each in bases[:_BASES_LOOKED_INTO]]
    tables = [each for schema in schemas for each in schema.tables if _names(table, each.id, each.name)]
    if not tables and len(schemas) == len(bases):
        raise TableNotFound(table, (each.name for schema in schemas for each in schema.tables))
    return "", tables[0].id if len(tables) == 1 else table


def _names(given: str, id: str, name: str) -> bool:
    return given == id or given.strip().casefold() == name.casefold()


async def _changes_of(journal: JournaledGateway, change_id: str) -> Sequence[Change]:
    """The change of that id, or all changes of the call of that id; none for an unknown one."""
    try:
        return [await journal.change(change_id)]
    except ChangeNotFound:
        return (await journal.changes(call=change_id, limit=500)).changes


@tool(CHANGES)
async def undo_change(
    ctx: ToolContext,
    change_id: str,
    *,
    force: bool = False,
    dry_run: DryRun = False,
    confirm: Confirm = "",
) -> ChangeUndone:
    """Take back what a call changed; force overwrites what was changed since."""
    journal = _journal(ctx)
    if not all(_is_shown(ctx, each) for each in await _changes_of(journal, change_id)):
        raise ChangeNotFound(change_id[:80])
    planned = await journal.undo(change_id, dry_run=True)
    if dry_run:
        return _told(planned, f"{len(planned.steps)} to take back.")
    if not force and planned.differences:
        await journal.undo(change_id)  # Refuses, and says what stands against it.
    await _require_leave(ctx, change_id, planned, confirm)
    author = Author(ctx.caller.principal, "undo_change", ctx.caller.key)
    undone = await journal.undo(change_id, force=force, author=author)
    answer = _told(undone, f"{len(undone.steps)} taken back.")
    if undone.call:
        answer["change_id"] = undone.call
    return answer


async def _require_leave(ctx: ToolContext, change_id: str, planned: Undone, confirm: str) -> None:
    """Taking back a creation removes something, and somebody has to agree."""
    removed = [step.subject for step in planned.steps if step.verb == "remove"]
    if removed:
        text = f"Undoing {change_id} deletes {len(removed)}: {shortened(removed, 10)}. Do it?"
        subject = [change_id, [_step(planned, step) for step in planned.steps]]
        await ctx.require_consent(Question("undo_change", text, subject), confirm)


def _journal(ctx: ToolContext) -> JournaledGateway:
    if ctx.journal is None:
        raise ToolError(
            "This server keeps no journal of changes (JOURNAL=off), so none can be shown or undone."
        )
    return ctx.journal


def _whose(ctx: ToolContext) -> str:
    """The principal whose changes are shown, "" for everybody's."""
    return "" if ctx.caller.sees_all_changes else ctx.caller.principal


def _is_shown(ctx: ToolContext, change: Change) -> bool:
    if _whose(ctx) not in ("", change.author.principal):
        return False
    place = change.place
    in_base = ctx.allowed.base(place.base_id, place.base)
    return in_base and (not place.table_id or ctx.allowed.table(place.table_id, place.table))


def _row(change: Change, *, in_full: bool = False) -> dict[str, Any]:
    subjects = list(change.subjects)
    row = {
        "id": change.id,
        "call": change.call,
        "at": change.at.isoformat(timespec="seconds"),
        "by": change.author.principal,
        "tool": change.author.tool,
        "operation": change.operation,
        "base": change.place.base,
        "table": change.place.table,
        "records": len(subjects),
        "ids": subjects if in_full else subjects[:_IDS_SHOWN],
        "state": change.state,
        "undo": change.undo.level,
        "undone_by": change.undone_by,
    }
    if in_full:
        row["losses"] = list(change.undo.losses)
        row["differences"] = [_difference(change, subject) for subject in subjects]
    return {key: value for key, value in row.items() if value not in ("", [])}


def _difference(change: Change, subject: str) -> Difference:
    """What the change did to one of its subjects, by the names of that time."""
    before, after = change.before.get(subject), change.after.get(subject)
    row: Difference = {"id": subject}
    if before:
        row["before"] = _named(change, before.fields)
    if after:
        row["after"] = _named(change, after.fields)
    return row


def _named(change: Change, values: Mapping[str, Any]) -> dict[str, Any]:
    return {change.names.get(key, key): value for key, value in values.items()}


def _told(undone: Undone, message: str) -> ChangeUndone:
    answer = ChangeUndone(message=message, differences=[_step(undone, step) for step in undone.steps])
    if undone.differences:
        answer["conflicts"] = [
            {"id": each.subject, "part": each.part, "left": each.left, "now": each.now}
            for each in undone.differences
        ]
    if undone.losses:
        answer["losses"] = list(undone.losses)
    if undone.new_ids:
        answer["new_ids"] = dict(undone.new_ids)
    return answer


def _step(undone: Undone, step: Step) -> Difference:
    """What is done to one record: new values, or its end."""
    names: dict[str, str] = {}
    for change in undone.changes:
        names |= change.names
    values = {names.get(key, key): value for key, value in step.values.items()}
    return {"id": step.subject, "verb": step.verb, **({"after": values} if values else {})}
