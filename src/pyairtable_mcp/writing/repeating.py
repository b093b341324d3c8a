"""A repeated call sees the schema as it was when it was sent first: it then asks for the same again.

Else it would be refused for what it has made itself, before the journal could answer it as it did.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from airtable_gateway import Author, BaseSchema, Change, FieldSchema, TableSchema
from pyairtable_mcp.tool import ToolContext

Part = TypeVar("Part", TableSchema, FieldSchema)


async def earlier(ctx: ToolContext) -> Change | None:
    """The first write of the call that this one repeats, None for a new call."""
    if ctx.journal is None:
        return None
    return await ctx.journal.first_of(Author(ctx.caller.principal, "", ctx.caller.key))


def as_before(schema: BaseSchema, change: Change | None) -> BaseSchema:
    """The schema as it was before the change of it."""
    match change:
        case Change(operation="create_table", arguments={"name": name}):
            return replace(schema, tables=_without(schema.tables, name))
        case Change(operation="create_field", arguments={"name": name}):
            return _with_table(
                schema,
                change.place.table_id,
                lambda table: replace(table, fields=_without(table.fields, name)),
            )
        case Change(operation="update_table"):
            return replace(schema, tables=_restored(schema.tables, change))
        case Change(operation="update_field"):
            return _with_table(
                schema,
                change.place.table_id,
                lambda table: replace(table, fields=_restored(table.fields, change)),
            )
        case _:
            return schema


def _with_table(
    schema: BaseSchema, table_id: str, change: Callable[[TableSchema], TableSchema]
) -> BaseSchema:
    tables = (change(table) if table.id == table_id else table for table in schema.tables)
    return replace(schema, tables=tuple(tables))


def _without(parts: Sequence[Part], name: str) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.name != name)


def _restored(parts: Sequence[Part], change: Change) -> tuple[Part, ...]:
    """The parts with what they were before, which the images tell of those that were changed."""
    images: dict[str, Mapping[str, Any]] = {
        key: image.fields for key, image in change.before.items() if image
    }
    return tuple(replace(part, **images.get(part.id, {})) for part in parts)
