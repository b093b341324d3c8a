"""The tool that writes a table as CSV."""

import asyncio
from typing import Annotated, NotRequired, TypedDict

from pydantic import Field

from airtable_gateway import RecordQuery
from pyairtable_mcp import exports
from pyairtable_mcp.answers.bounding import weight
from pyairtable_mcp.parameters import BaseId, FieldChoice, TableId, View
from pyairtable_mcp.reading.windows import first_records
from pyairtable_mcp.tool import READS, ToolContext, tool


class CsvExported(TypedDict):
    """The CSV as `full_csv_data` or, when it is large, as a resource to read and a file on the server."""

    message: str
    table_id: str
    fields_exported: list[str]
    record_count: int
    csv_preview: str
    guarded_cells: NotRequired[int]
    full_csv_data: NotRequired[str]
    resource: NotRequired[str]
    file: NotRequired[str]


@tool(READS, narrower="Choose fields, or lower max_records.")
async def export_table_csv(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    *,
    fields: FieldChoice = None,
    view: View = "",
    max_records: Annotated[int, Field(ge=1)] = 1000,
) -> CsvExported:
    """Export a table as CSV, safe to open in a spreadsheet; a large one becomes a resource."""
    from pyairtable_mcp.analysis import csv_export

    table = await ctx.table(base_id, table_id, fields or ())
    query = RecordQuery(fields=fields, view=view)
    records, more = await first_records(ctx, base_id, table.id, query, limit=max_records)
    written = await asyncio.to_thread(csv_export.export, table, records, fields)
    answer = CsvExported(
        message=f"{written.row_count} records of {table.name}"
        + ("; there are more, raise max_records." if more else ", all of them."),
        table_id=table.id,
        fields_exported=list(written.fields),
        record_count=written.row_count,
        csv_preview=written.preview,
    )
    if written.guarded:
        answer["guarded_cells"] = len(written.guarded)
    whole: CsvExported = {**answer, "full_csv_data": written.text}
    if ctx.exports is None or weight(whole) <= ctx.result_budget:
        return whole
    export = exports.save(ctx.exports, table.name, "csv", written.text)
    place: CsvExported = {**answer, "resource": export.uri}
    if ctx.caller.is_local:
        place["file"] = str(export.path)
    return place
