"""Records about to be deleted: what they hold, and what a person is asked about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from airtable_gateway import Refused
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.consent import Question
from pyairtable_mcp.tool import ToolContext
from pyairtable_mcp.writing import differences
from pyairtable_mcp.writing.differences import Difference


@dataclass(frozen=True, slots=True)
class Removal:
    """The records as they are, their names as a question gives them, and what the consent is bound to.

    `image` has what people wrote alone: a formula of NOW() says something else at each look.
    """

    differences: list[Difference]
    names: str
    image: list[Any]


async def look(ctx: ToolContext, base: str, table: str, record_ids: Sequence[str]) -> Removal:
    """What would be removed. Raises RecordNotFound; a token that may not read shows the ids alone."""
    try:
        records = list((await differences.present(ctx.gateway, base, table, record_ids)).values())
    except Refused:
        ids = [{"id": record_id} for record_id in record_ids]
        return Removal(ids, shortened(record_ids, 10), ids)
    names = await differences.names_of(ctx.gateway, base, table, records)
    computed = await _computed(ctx, base, table)
    image = [
        [record.id, {name: value for name, value in record.fields.items() if name not in computed}]
        for record in records
    ]
    return Removal(differences.of_removed(records), names, image)


async def _computed(ctx: ToolContext, base: str, table: str) -> set[str]:
    """The names of the fields that Airtable fills in; none for a token that may not read schemas."""
    import fields

    try:
        schema = await ctx.table(base, table, rechecked=True)
    except Refused:
        return set()
    known = {field.name: fields.FIELD_TYPES.get(field.type) for field in schema.fields}
    return {name for name, type in known.items() if type is not None and type.computed}


async def require_consent(
    ctx: ToolContext, tool: str, place: tuple[str, str], removal: Removal, confirm: str
) -> None:
    """Return when somebody agreed to the end of these records. Raises ToolError."""
    count = len(removal.differences)
    what = f"the record {removal.names}" if count == 1 else f"{count} records"
    listed = "" if count == 1 else f": {removal.names}"
    question = Question(tool, f"Delete {what} of {place[1]}{listed}?", [*place, removal.image])
    await ctx.require_consent(question, confirm)


async def was_done(ctx: ToolContext, record_id: str) -> bool:
    """Whether a call under this one's idempotency key deleted the record: then it is a repetition."""
    if ctx.journal is None or not ctx.caller.key:
        return False
    page = await ctx.journal.changes(record=record_id, principal=ctx.caller.principal)
    return any(
        change.operation == "delete" and change.author.key == ctx.caller.key for change in page.changes
    )
