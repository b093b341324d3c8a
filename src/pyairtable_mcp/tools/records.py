"""Tools that read, search and change single records."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import BaseModel, Field

from airtable_gateway import FieldSchema, Record, RecordChange, RecordQuery, SortKey, TableSchema
from pyairtable_mcp.checking import judged
from pyairtable_mcp.cursors import START, decode, encode
from pyairtable_mcp.parameters import (
    BaseId,
    CellValues,
    FieldChoice,
    Filter,
    RecordId,
    TableId,
    Typecast,
    View,
)
from pyairtable_mcp.quoting import field_reference, text_literal
from pyairtable_mcp.reading import window
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


@tool(READS)
async def get_records(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    *,
    max_records: Limit = 100,
    view: View = "",
    filter_by_formula: Filter = "",
    fields: FieldChoice = None,
    sort: list[Sort] | None = None,
    cursor: Cursor = "",
) -> RecordsListed:
    """List records, filtered, sorted, with only the fields you need."""
    keys = tuple(SortKey(key.field, key.direction) for key in sort or ())
    query = RecordQuery(fields=fields, filter_by_formula=filter_by_formula, view=view, sort=keys)
    return await _listed(ctx, _Listing(base_id, table_id, query, max_records), cursor)


@tool(READS)
async def search_records(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    query: Annotated[str, Field(description="Text to find, in any case", min_length=1, max_length=1000)],
    *,
    fields: Annotated[
        list[str] | None, Field(description="Where; default all text, select, link fields")
    ] = None,
    max_records: Limit = 50,
    cursor: Cursor = "",
) -> RecordsListed:
    """Find the records in which a field contains the text."""
    table = (await ctx.gateway.schema(base_id)).table(table_id)
    searched = [table.field(name) for name in fields] if fields else _searchable(table)
    listing = _Listing(
        base_id, table.id, RecordQuery(filter_by_formula=_contains(query, searched)), max_records
    )
    return await _listed(ctx, listing, cursor)


@tool(ADDS)
async def create_record(
    ctx: ToolContext, base_id: BaseId, table_id: TableId, fields: CellValues, *, typecast: Typecast = False
) -> RecordShown:
    """Create one record."""
    warnings = await judged(ctx, base_id, table_id, [fields], typecast=typecast)
    [record] = await ctx.gateway.create(base_id, table_id, [fields], typecast=typecast)
    return _shown(record, warnings)


@tool(CHANGES)
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
    warnings = await judged(ctx, base_id, table_id, [fields], typecast=typecast)
    [record] = await ctx.gateway.update(
        base_id, table_id, [RecordChange(record_id, fields)], typecast=typecast
    )
    return _shown(record, warnings)


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
    """A list that a tool was asked for."""

    base: str
    table: str
    query: RecordQuery
    limit: int

    @property
    def question(self) -> list[Any]:
        """What a cursor is bound to: all but how many records are wanted at a time."""
        query = self.query
        sort = [(key.field, key.direction) for key in query.sort]
        return [self.base, self.table, query.fields, query.filter_by_formula, query.view, sort]


async def _listed(ctx: ToolContext, listing: _Listing, cursor: str) -> RecordsListed:
    start = decode(cursor, listing.question)
    found = await window(
        ctx.gateway,
        listing.base,
        listing.table,
        listing.query,
        start=start,
        limit=listing.limit,
        budget=ctx.result_budget,
    )
    result = RecordsListed(records=found.rows, returned=len(found.rows))
    if found.rest is None and start == START:
        result["total"] = len(found.rows)
    if found.rest is not None:
        result["cursor"] = encode(found.rest, listing.question)
        result["note"] = _why_it_stops(len(found.rows), listing.limit)
    return result


def _why_it_stops(returned: int, limit: int) -> str:
    if returned == limit:
        return "There are more records; repeat the call with this cursor."
    return "The answer is full before max_records; choose fewer fields, or repeat the call with this cursor."


_TEXT_LIKE = frozenset(
    {
        *(
            "singleLineText",
            "multilineText",
            "richText",
            "aiText",
            "email",
            "url",
            "phoneNumber",
            "barcode",
            "button",
        ),
        *("singleSelect", "multipleSelects", "externalSyncSource", "multipleAttachments"),
        *("singleCollaborator", "multipleCollaborators", "createdBy", "lastModifiedBy"),
        *("multipleRecordLinks", "multipleLookupValues", "formula", "rollup"),
    }
)
_MAY_FAIL = frozenset({"formula", "rollup", "multipleLookupValues", "button", "aiText"})


def _searchable(table: TableSchema) -> list[FieldSchema]:
    """The fields that show text, links and lookups as the names that people see."""
    return [field for field in table.fields if field.type in _TEXT_LIKE]


def _contains(text: str, searched: list[FieldSchema]) -> str:
    """The filter that keeps a record when one of the fields contains the text, in any case."""
    needle = text_literal(text.lower())
    return "OR(" + ",".join(_field_contains(needle, field) for field in searched) + ")"


def _field_contains(needle: str, field: FieldSchema) -> str:
    """Joining with "" makes one text of a list; an error value would otherwise spoil the whole filter."""
    reference = field_reference(field.id)
    found = f'FIND({needle},LOWER({reference}&""))'
    return f"IF(ISERROR({reference}),0,{found})" if field.type in _MAY_FAIL else found
