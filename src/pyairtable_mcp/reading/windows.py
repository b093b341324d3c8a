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
    async for page in _pages(ctx.gateway, base, table, query, fresh=fresh):
        due = page if limit is None else page[: limit - len(records)]
        records += [record for record, _ in due]
        if len(records) > ctx.caps.read:
            raise ToolError(
                f"{table} has more than the {ctx.caps.read:,} records that one call may read. "
                "Choose fewer: with a filter, a view, or a lower limit."
            )
        if len(records) == limit:
            _, after = due[-1]
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
    room = budget
    # Of a whole page that is then sifted, little may be left; without sifting, only what is due is asked for.
    sized = query if keeps else replace(query, page_size=min(PAGE, start.skip + limit))
    async for page in _pages(gateway, *place, sized, start=start, keeps=keeps):
        due = page[: limit - len(found.rows)]
        rows = [record_row(record) for record, _ in due]
        shown, room = _fitting(rows, room)
        found.rows.extend(rows[:shown])
        found.places.extend(after for _, after in due[:shown])
        if len(found.rows) == limit or room < 0:
            return found
    if found.places:
        found.places[-1] = None
    return found


def _fitting(rows: list[dict[str, Any]], room: int) -> tuple[int, int]:
    """How many rows come before the room is less than nothing, that one included, and what is left of it."""
    # Two brackets, and a comma between two rows.
    together = size(rows) - max(1, len(rows)) - 1
    if together <= room:
        return len(rows), room - together
    for count, row in enumerate(rows, start=1):
        room -= size(row)
        if room < 0:
            return count, room
    return len(rows), room


async def _pages(
    gateway: Gateway,
    base: str,
    table: str,
    query: RecordQuery,
    *,
    start: Position = START,
    keeps: Keeps | None = None,
    fresh: bool = False,
) -> AsyncIterator[list[tuple[Record, Position | None]]]:
    """The records from `start` on, each with the position after it; pages are fetched when they are due."""
    offset, skip = start.offset, start.skip
    while True:
        page = await gateway.page(base, table, query, offset=offset, fresh=fresh)
        last = len(page.records) - 1
        end = Position(page.offset) if page.offset else None
        kept = await keeps(page.records) if keeps else [True] * len(page.records)
        yield [
            (record, end if index == last else Position(offset, index + 1))
            for index, record in enumerate(page.records[skip:], start=skip)
            if kept[index]
        ]
        if page.offset is None:
            return
        offset, skip = page.offset, 0


def record_row(record: Record) -> dict[str, Any]:
    """A record as Airtable's API gives it."""
    return {"id": record.id, "createdTime": record.created_time, "fields": record.fields}


def by_ids(record_ids: Sequence[str]) -> str:
    """The filter that keeps the records with these ids."""
    return "OR(" + ",".join(f"RECORD_ID()={text_literal(record_id)}" for record_id in record_ids) + ")"
