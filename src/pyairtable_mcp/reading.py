"""Reading a table's records: page by page, as far as asked, remembering where to go on."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from airtable_gateway import Gateway, Record, RecordQuery
from pyairtable_mcp.budget import size
from pyairtable_mcp.cursors import START, Position

PAGE = 100
"""Records a page (Web API: pageSize is at most 100)."""


@dataclass(frozen=True, slots=True)
class Window:
    """Some records of a list as JSON rows, and the position after them, None at the list's end."""

    rows: list[dict[str, Any]]
    rest: Position | None


async def all_records(gateway: Gateway, base: str, table: str, query: RecordQuery) -> list[Record]:
    """Every record of the query."""
    return [record async for record, _ in walk(gateway, base, table, query)]


async def first_records(
    gateway: Gateway, base: str, table: str, query: RecordQuery, *, limit: int
) -> tuple[list[Record], bool]:
    """The first `limit` records of the query, and whether there are more."""
    records: list[Record] = []
    async for record, after in walk(gateway, base, table, query):
        records.append(record)
        if len(records) == limit:
            return records, after is not None
    return records, False


async def window(
    gateway: Gateway, base: str, table: str, query: RecordQuery, *, start: Position, limit: int, budget: int
) -> Window:
    """Up to `limit` records from `start` on, within `budget` characters of JSON, but one at least."""
    rows: list[dict[str, Any]] = []
    used = 0
    rest: Position | None = start
    sized = replace(query, page_size=min(PAGE, start.skip + limit))
    async for record, after in walk(gateway, base, table, sized, start=start):
        row = record_row(record)
        used += size(row)
        if rows and used > budget:
            return Window(rows, rest)
        rows.append(row)
        rest = after
        if len(rows) == limit:
            return Window(rows, rest)
    return Window(rows, None)


async def walk(
    gateway: Gateway, base: str, table: str, query: RecordQuery, *, start: Position = START
) -> AsyncIterator[tuple[Record, Position | None]]:
    """Each record from `start` on with the position after it; pages are fetched when they are due."""
    offset, skip = start.offset, start.skip
    while True:
        page = await gateway.page(base, table, query, offset=offset)
        last = len(page.records) - 1
        end = Position(page.offset) if page.offset else None
        for index, record in enumerate(page.records[skip:], start=skip):
            yield record, end if index == last else Position(offset, index + 1)
        if page.offset is None:
            return
        offset, skip = page.offset, 0


def record_row(record: Record) -> dict[str, Any]:
    """A record as Airtable's API gives it."""
    return {"id": record.id, "createdTime": record.created_time, "fields": record.fields}


def by_ids(record_ids: Sequence[str]) -> str:
    """The filter that keeps the records with these ids."""
    return "OR(" + ",".join(f"RECORD_ID()='{record_id}'" for record_id in record_ids) + ")"
