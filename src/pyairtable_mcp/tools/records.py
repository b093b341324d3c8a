"""Tools that read, search and change single records."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import BaseModel, Field

from airtable_gateway import Record, RecordChange, RecordQuery, SortKey
from pyairtable_mcp.bounding import weight
from pyairtable_mcp.checking import made_ready
from pyairtable_mcp.cursors import START, decode, encode
from pyairtable_mcp.parameters import (
    AllIfEmpty,
    BaseId,
    CellValues,
    FieldChoice,
    Filter,
    RecordId,
    TableId,
    Typecast,
    View,
)
from pyairtable_mcp.reading import Keeps, Window, window
from pyairtable_mcp.searching import search, searched_fields
from pyairtable_mcp.tool import ADDS, CHANGES, READS, ToolContext, tool


class Sort(BaseModel, extra="forbid"):
    """A field to sort by, and a direction."""

    field: str
    direction: Literal["asc", "desc"] = "asc"


Limit = Annotated[int, Field(ge=1, le=10_000)]
Cursor = Annotated[str, Field(description="cursor of the previous answer")]


class RecordsListed(TypedDict):
    """Records; `total` when all of them were read, `cursor` when there are more."""

    records: list[dict[str, Any]]
    returned: int
    total: NotRequired[int]
    cursor: NotRequired[str]
    note: NotRequired[str]


class RecordShown(TypedDict):
    """One record after the call; `warnings` are what Airtable took and a careful person would not."""

    id: str
    createdTime: str
    fields: dict[str, Any]
    warnings: NotRequired[list[str]]


class RecordDeleted(TypedDict):
    """Which record is gone."""

    deleted: bool
    id: str


_NARROWER = "Choose fewer fields."


@tool(READS, narrower=_NARROWER)
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
    return await _listed(ctx, _Listing(base_id, table_id, query, max_records), cursor)


@tool(READS, narrower="Read a record with get_records and fewer fields.")
async def search_records(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    query: Annotated[str, Field(description="Text to find, in any case", min_length=1, max_length=1000)],
    *,
    fields: Annotated[
        list[str] | None, Field(description="Where; default all text, select, link fields"), AllIfEmpty
    ] = None,
    max_records: Limit = 50,
    cursor: Cursor = "",
) -> RecordsListed:
    """Find the records in which a field contains the text."""
    schema = await ctx.gateway.schema(base_id)
    table = schema.table(table_id)
    found = search(ctx.gateway, schema, table, query, searched_fields(table, fields))
    return await _listed(ctx, _Listing(base_id, table.id, found.query, max_records, found.keeps), cursor)


_WRITTEN = "The record was written whole."


@tool(ADDS, narrower=_WRITTEN)
async def create_record(
    ctx: ToolContext, base_id: BaseId, table_id: TableId, fields: CellValues, *, typecast: Typecast = False
) -> RecordShown:
    """Create one record."""
    ready = await made_ready(ctx, base_id, table_id, [fields], typecast=typecast)
    [record] = await ctx.gateway.create(base_id, table_id, ready.rows, typecast=typecast)
    return _shown(record, ready.warnings)


@tool(CHANGES, narrower=_WRITTEN)
async def update_record(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    record_id: RecordId,
    fields: CellValues,
    *,
    typecast: Typecast = False,
) -> RecordShown:
    """Change some cells of one record; the others stay."""
    ready = await made_ready(ctx, base_id, table_id, [fields], typecast=typecast)
    changes = [RecordChange(record_id, row) for row in ready.rows]
    [record] = await ctx.gateway.update(base_id, table_id, changes, typecast=typecast)
    return _shown(record, ready.warnings)


@tool(CHANGES)
async def delete_record(
    ctx: ToolContext, base_id: BaseId, table_id: TableId, record_id: RecordId
) -> RecordDeleted:
    """Delete one record."""
    [deleted] = await ctx.gateway.delete(base_id, table_id, [record_id])
    return {"deleted": True, "id": deleted}


def _shown(record: Record, warnings: list[str]) -> RecordShown:
    shown = RecordShown(id=record.id, createdTime=record.created_time, fields=record.fields)
    if warnings:
        shown["warnings"] = warnings
    return shown


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
    start = decode(cursor, listing.question)
    found = await window(
        ctx.gateway,
        (listing.base, listing.table),
        listing.query,
        start=start,
        limit=listing.limit,
        budget=ctx.result_budget,
        keeps=listing.keeps,
    )
    whole = _told(listing, found, is_first=start == START)
    if weight(whole) <= ctx.result_budget:
        return whole
    return _told(listing, _narrowed(listing, found, ctx.result_budget), is_first=start == START)


def _narrowed(listing: _Listing, found: Window, budget: int) -> Window:
    """As many of the records as fit, but one: the cursor then goes on behind the last one that is shown."""
    fits, too_many = 1, len(found.rows)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        fitted = weight(_told(listing, found.first(middle), is_first=False)) <= budget
        fits, too_many = (middle, too_many) if fitted else (fits, middle)
    return found.first(fits)


def _told(listing: _Listing, found: Window, *, is_first: bool) -> RecordsListed:
    result = RecordsListed(records=found.rows, returned=len(found.rows))
    if found.rest is None:
        return result | {"total": len(found.rows)} if is_first else result
    result["cursor"] = encode(found.rest, listing.question)
    result["note"] = _why_it_stops(len(found.rows), listing.limit)
    return result


def _why_it_stops(returned: int, limit: int) -> str:
    if returned == limit:
        return "There are more records; repeat the call with this cursor."
    return "The answer is full before max_records; choose fewer fields, or repeat the call with this cursor."
