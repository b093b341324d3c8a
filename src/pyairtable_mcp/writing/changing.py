"""Changing records, by ids that a model may have made up."""

import re
from collections.abc import Sequence

from airtable_gateway import Record, RecordChange, RecordNotFound
from pyairtable_mcp.tool import ToolContext

_RECORD_ID = re.compile(r"rec[0-9A-Za-z]+")


async def change(
    ctx: ToolContext, base: str, table: str, changes: Sequence[RecordChange], *, typecast: bool
) -> list[Record]:
    """The records after their changes. Raises RecordNotFound, also for what can be no record's id.

    Airtable refuses the latter in words about the form of the whole request, and does not name it.
    """
    for each in changes:
        if not _RECORD_ID.fullmatch(each.id):
            raise RecordNotFound(each.id)
    return await ctx.gateway.update(base, table, changes, typecast=typecast)
