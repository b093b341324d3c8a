"""Questions in SQL to a local copy of a base, for what would take hundreds of requests to read."""

from collections.abc import Sequence
from typing import Annotated, Any, NotRequired, TypedDict

from pydantic import Field

from airtable_gateway import Freshness, QueryAnswer, QueryLimits
from pyairtable_mcp.parameters import BaseId
from pyairtable_mcp.tool import READS, ToolContext, tool
from pyairtable_mcp.work import copying

_SECONDS = 10.0
_ROWS = 10_000


class QueryAnswered(TypedDict):
    """`columns` are DuckDB's types; every change before `as_of` is in the copy, but for what `note` says."""

    rows: list[dict[str, Any]]
    columns: dict[str, str]
    as_of: str
    note: NotRequired[str]


@tool(READS, narrower="Aggregate, name fewer columns, or add LIMIT.", extra="sql")
async def query_mirror(
    ctx: ToolContext,
    base_id: BaseId,
    sql: Annotated[str, Field(min_length=1)],
    *,
    max_age_seconds: Annotated[int, Field(ge=0)] = 10,
) -> QueryAnswered:
    """Answer one SELECT (DuckDB) from a local copy of the base, which is refreshed when it is older.

    Tables and fields are called as in Airtable: "Due date". _id is the record id, _created_time its time;
    links and multiple selects are lists: JOIN "People" p ON list_contains(t."Owner", p._id).
    """
    mirror = await ctx.gateway.mirror(base_id)
    with copying(lambda: mirror.copied):
        fresh = await mirror.refresh(max_age_seconds=max_age_seconds)
    limits = QueryLimits(seconds=_SECONDS, rows=min(_ROWS, ctx.caps.read))
    answer = await mirror.query(sql, limits)
    names = _unique([name for name, _ in answer.columns])
    told = QueryAnswered(
        rows=[dict(zip(names, row, strict=True)) for row in answer.rows],
        columns={name: type for name, (_, type) in zip(names, answer.columns, strict=True)},
        as_of=fresh.as_of.isoformat(timespec="seconds"),
    )
    note = " ".join(_notes(answer, fresh))
    return {**told, "note": note} if note else told


def _notes(answer: QueryAnswer, fresh: Freshness) -> Sequence[str]:
    notes = []
    if answer.is_cut:
        notes.append(
            f"There are more rows than these {len(answer.rows):,}: aggregate, or add LIMIT and OFFSET."
        )
    if fresh.way == "polling":
        swept = fresh.complete_as_of.isoformat(timespec="seconds")
        notes.append(f"Deletions and computed values are as of {swept}.")
    if not fresh.is_ours:
        notes.append("Another process keeps the copy fresh.")
    return notes


def _unique(names: Sequence[str]) -> list[str]:
    """The names, each once: SQL may give a column the name of another one."""
    taken: dict[str, int] = {}
    unique = []
    for name in names:
        given, number = name, taken.get(name, 0)
        while given in taken:
            number += 1
            given = f"{name}_{number}"
        taken[name] = number
        taken.setdefault(given, 0)
        unique.append(given)
    return unique
