"""Tools that read records: a list, those that contain a text, one."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired, TypedDict, cast

from pydantic import BaseModel, Field

from airtable_gateway import RecordQuery, SortKey
from pyairtable_mcp.answers.bounding import weight
from pyairtable_mcp.cursors import START
from pyairtable_mcp.parameters import (
    AllIfEmpty,
    BaseId,
    Cursor,
    FieldChoice,
    Filter,
    Limit,
    RecordId,
    TableId,
    View,
)
from pyairtable_mcp.reading.searching import not_searched, search, searched_fields
from pyairtable_mcp.reading.windows import Keeps, Window, window
from pyairtable_mcp.refusals import filter_advice
from pyairtable_mcp.tool import READS, Narrowable, ToolContext, tool


class Sort(BaseModel, extra="forbid"):
    """A field to sort by, and a direction."""

    field: str
    direction: Literal["asc", "desc"] = "asc"


class RecordsListed(TypedDict):
    """Records; `total` when all of them were read, `cursor` when there are more."""

    records: list[dict[str, Any]]
    returned: int
    total: NotRequired[int]
    cursor: NotRequired[str]
    note: NotRequired[str]


class RecordShown(TypedDict):
    """One record; empty cells are absent."""

    id: str
    createdTime: str
    fields: dict[str, Any]


@tool(READS, narrower="Choose fewer fields.")
async def get_records(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    *,
    max_records: Limit = 100,
    view: View = "",
    filter_by_formula: Filter = "",
    fields: FieldChoice = None,
    sort: Annotated[list[Sort] | None, AllIfEmpty] = None,
    cursor: Cursor = "",
) -> RecordsListed:
    """List records, filtered, sorted, with only the fields you need."""
    keys = tuple(SortKey(key.field, key.direction) for key in sort or ())
    query = RecordQuery(fields=fields, filter_by_formula=filter_by_formula, view=view, sort=keys)
    listed = await _listed(ctx, _Listing(base_id, table_id, query, max_records), cursor)
    if filter_by_formula and listed.get("total") == 0:
        return _noted(listed, await filter_advice.of_empty(ctx, base_id, table_id, filter_by_formula))
    return listed


@tool(READS, narrower="Read a record with get_records and fewer fields.")
async def search_records(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    query: Annotated[str, Field(min_length=1, max_length=1000)],
    *,
    fields: FieldChoice = None,
    max_records: Limit = 50,
    cursor: Cursor = "",
) -> RecordsListed:
    """Find records of which a field contains the text, in any case: any text-like or link field, or these."""
    schema = await ctx.schema_with(base_id, table_id, fields or ())
    table = schema.table(table_id)
    searched = searched_fields(table, fields)
    found = search(ctx, schema, table, query, searched)
    listed = await _listed(ctx, _Listing(base_id, table.id, found.query, max_records, found.keeps), cursor)
    return _noted(listed, not_searched(table, searched)) if listed.get("total") == 0 else listed


@tool(READS, narrower="Choose fewer fields.")
async def get_record(
    ctx: ToolContext, base_id: BaseId, table_id: TableId, record_id: RecordId, *, fields: FieldChoice = None
) -> RecordShown:
    """Read one record."""
    record = await ctx.gateway.record(base_id, table_id, record_id)
    cells = record.fields
    if fields:
        table = await ctx.table(base_id, table_id, fields)
        chosen = [table.field(name).name for name in fields]
        cells = {name: cells[name] for name in chosen if name in cells}
    return {"id": record.id, "createdTime": record.created_time, "fields": cells}


def _noted(listed: RecordsListed, note: str) -> RecordsListed:
    return listed | {"note": note} if note else listed


@dataclass(frozen=True, slots=True)
class _Listing:
    """A list that a tool was asked for; `keeps` chooses among records that Airtable cannot choose itself."""

    base: str
    table: str
    query: RecordQuery
    limit: int
    keeps: Keeps | None = None

    @property
    def question(self) -> list[Any]:
        """What a cursor is bound to: all but how many records are wanted at a time."""
        query = self.query
        sort = [(key.field, key.direction) for key in query.sort]
        chosen = self.keeps.question if self.keeps else ""
        return [self.base, self.table, query.fields, query.filter_by_formula, query.view, sort, chosen]


async def _listed(ctx: ToolContext, listing: _Listing, cursor: str) -> RecordsListed:
    start = ctx.position(cursor, listing.question)
    found = await window(
        ctx.gateway,
        (listing.base, listing.table),
        listing.query,
        start=start,
        limit=listing.limit,
        budget=ctx.result_budget,
        keeps=listing.keeps,
    )
    is_first = start == START

    def narrowed() -> RecordsListed:
        return _told(ctx, listing, _narrowed(ctx, listing, found), is_first=is_first)

    whole = _told(ctx, listing, found, is_first=is_first)
    return cast("RecordsListed", Narrowable(whole, narrowed))


def _narrowed(ctx: ToolContext, listing: _Listing, found: Window) -> Window:
    """As many of the records as fit, but one: the cursor then goes on behind the last one that is shown."""
    fits, too_many = 1, len(found.rows)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        told = _told(ctx, listing, found.first(middle), is_first=False)
        fitted = weight(told) <= ctx.result_budget
        fits, too_many = (middle, too_many) if fitted else (fits, middle)
    return found.first(fits)


def _told(ctx: ToolContext, listing: _Listing, found: Window, *, is_first: bool) -> RecordsListed:
    result = RecordsListed(records=found.rows, returned=len(found.rows))
    if found.rest is None:
        return result | {"total": len(found.rows)} if is_first else result
    result["cursor"] = ctx.cursor(found.rest, listing.question)
    result["note"] = _why_it_stops(len(found.rows), listing.limit)
    return result


def _why_it_stops(returned: int, limit: int) -> str:
    if returned == limit:
        return "There are more records; repeat the call with this cursor."
    return "The answer is full before max_records; choose fewer fields, or repeat the call with this cursor."
