"""Reading a table's records: page by page, as far as asked, remembering where to go on."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import Gateway, Record, RecordQuery
from pyairtable_mcp.answers.budget import size
from pyairtable_mcp.cursors import START, Position
from pyairtable_mcp.reading.quoting import text_literal
from pyairtable_mcp.tool import ToolContext

PAGE = 100
"""Records a page (Web API: pageSize is at most 100)."""


class Keeps(Protocol):
    """Chooses among records where Airtable's own filter cannot."""

    @property
    def question(self) -> str:
        """What is looked for, so that a cursor can be bound to it."""
        ...

    async def __call__(self, records: Sequence[Record]) -> list[bool]:
        """Whether each record is kept."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """Some records of a list as JSON rows, and the position after each, None at the list's end."""

    rows: list[dict[str, Any]]
    places: list[Position | None]

    @property
    def rest(self) -> Position | None:
        """Where the list goes on, None at its end."""
        return self.places[-1] if self.places else None

    def first(self, count: int) -> "Window":
        """The first rows alone."""
        return Window(self.rows[:count], self.places[:count])


async def all_records(
    ctx: ToolContext, base: str, table: str, query: RecordQuery, *, fresh: bool = False
) -> list[Record]:
    """Every record of the query, none of them out of a cache if `fresh`.

    Raises ToolError for more than one call may read.
    """
    return (await first_records(ctx, base, table, query, fresh=fresh))[0]


async def first_records(
    ctx: ToolContext,
    base: str,
    table: str,
    query: RecordQuery,
    *,
    limit: int | None = None,
    fresh: bool = False,
) -> tuple[list[Record], bool]:
    """The first `limit` records of the query, and whether there are more.

    Raises ToolError for more than one call may read.
    """
    records: list[Record] = []
    async for record, after in walk(ctx.gateway, base, table, query, fresh=fresh):
        records.append(record)
        if len(records) > ctx.caps.read:
            raise ToolError(
                f"{table} has more than the {ctx.caps.read:,} records that one call may read. "
                "Choose fewer: with a filter, a view, or a lower limit."
            )
        if len(records) == limit:
            return records, after is not None
    return records, False


async def window(
    gateway: Gateway,
    place: tuple[str, str],
    query: RecordQuery,
    *,
    start: Position,
    limit: int,
    budget: int,
    keeps: Keeps | None = None,
) -> Window:
    """Up to `limit` records of a base's table from `start` on, until `budget` characters are reached."""
    found = Window([], [])
    used = 0
    # Of a whole page that is then sifted, little may be left; without sifting, only what is due is asked for.
    sized = query if keeps else replace(query, page_size=min(PAGE, start.skip + limit))
    async for record, after in walk(gateway, *place, sized, start=start, keeps=keeps):
        row = record_row(record)
        used += size(row)
        found.rows.append(row)
        found.places.append(after)
        if len(found.rows) == limit or used > budget:
            return found
    if found.places:
        found.places[-1] = None
    return found


async def walk(
    gateway: Gateway,
    base: str,
    table: str,
    query: RecordQuery,
    *,
    start: Position = START,
    keeps: Keeps | None = None,
    fresh: bool = False,
) -> AsyncIterator[tuple[Record, Position | None]]:
    """Each record from `start` on with the position after it; pages are fetched when they are due."""
    offset, skip = start.offset, start.skip
    while True:
        page = await gateway.page(base, table, query, offset=offset, fresh=fresh)
        last = len(page.records) - 1
        end = Position(page.offset) if page.offset else None
        kept = await keeps(page.records) if keeps else [True] * len(page.records)
        for index, record in enumerate(page.records[skip:], start=skip):
            if kept[index]:
                yield record, end if index == last else Position(offset, index + 1)
        if page.offset is None:
            return
        offset, skip = page.offset, 0


def record_row(record: Record) -> dict[str, Any]:
    """A record as Airtable's API gives it."""
    return {"id": record.id, "createdTime": record.created_time, "fields": record.fields}


def by_ids(record_ids: Sequence[str]) -> str:
    """The filter that keeps the records with these ids."""
    return "OR(" + ",".join(f"RECORD_ID()={text_literal(record_id)}" for record_id in record_ids) + ")"
