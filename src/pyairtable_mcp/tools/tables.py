"""Tools that tell what a base is made of."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

from airtable_gateway import BaseSchema, FieldSchema, TableSchema
from pyairtable_mcp.parameters import BaseId, FieldChoice, TableId
from pyairtable_mcp.tool import READS, Lean, ToolContext, tool

_TOLD_APART = {"choices", "formula", "linkedTableId", "recordLinkFieldId", "fieldIdInLinkedTable", "result"}
_FIELD_ID = re.compile(r"\{(fld[0-9A-Za-z]{14})\}")


class TablesListed(TypedDict):
    """`fields` of a table maps each field's name to its type, in Airtable's order.

    The first field is the primary one, unless `primary_field` names another.
    """

    base_id: str
    base_name: str
    table_count: int
    tables: list[dict[str, Any]]


def _without_fields(answer: Mapping[str, Any]) -> dict[str, Any]:
    tables = [
        {key: value for key, value in table.items() if key not in ("fields", "field_ids", "description")}
        for table in answer["tables"]
    ]
    return {**answer, "tables": tables}


@tool(
    READS,
    narrower="Name the tables that you need in `tables`.",
    lean=Lean("fields and descriptions are left out", _without_fields),
)
async def list_tables(
    ctx: ToolContext,
    base_id: BaseId,
    *,
    tables: FieldChoice = None,
    detail: Literal["tables", "fields", "ids"] = "fields",
) -> TablesListed:
    """List a base's tables, or these, with names and types of fields; detail `ids` adds field ids."""
    schema = await ctx.gateway.schema(base_id)
    chosen = [] if tables else list(schema.tables)
    for name in tables or ():
        # The first that is not there ends it: each look for a newer schema is a request.
        schema = await ctx.schema_with(base_id, name)
        chosen.append(schema.table(name))
    return {
        "base_id": schema.id,
        "base_name": schema.name,
        "table_count": len(schema.tables),
        "tables": [_table_row(table, detail) for table in chosen],
    }


def _table_row(table: TableSchema, detail: str) -> dict[str, Any]:
    row: dict[str, Any] = {"id": table.id, "name": table.name, "description": table.description}
    row["field_count"] = len(table.fields)
    if [field.id for field in table.fields[:1]] != [table.primary_field_id]:
        row["primary_field"] = table.primary_field.name
    if detail == "tables":
        row["view_count"] = len(table.views)
    else:
        row["fields"] = {field.name: field.type for field in table.fields}
    if detail == "ids":
        row["field_ids"] = {field.name: field.id for field in table.fields}
    return {key: value for key, value in row.items() if value != ""}


class FieldsDescribed(TypedDict):
    """What each field of a table is, holds and takes."""

    table_name: str
    table_id: str
    total_fields: int
    field_types: dict[str, int]
    fields: list[dict[str, Any]]
    views: NotRequired[list[dict[str, Any]]]


@tool(READS, narrower="Name the fields that you need in `fields`.")
async def get_field_info(
    ctx: ToolContext, base_id: BaseId, table_id: TableId, *, fields: FieldChoice = None
) -> FieldsDescribed:
    """Describe a table's fields (type, writable or computed, choices, formula, links, options) and views."""
    schema = await ctx.schema_with(base_id, table_id, fields or ())
    table = schema.table(table_id)
    chosen = [table.field(name) for name in fields] if fields else table.fields
    return {
        "table_name": table.name,
        "table_id": table.id,
        "total_fields": len(table.fields),
        "field_types": dict(Counter(field.type for field in table.fields)),
        "fields": [field_row(schema, table, field) for field in chosen],
        "views": [{"id": view.id, "name": view.name, "type": view.type} for view in table.views],
    }


def field_row(schema: BaseSchema, table: TableSchema, field: FieldSchema) -> dict[str, Any]:
    """All that is known of a field, links and formulas with names; what is empty is left out."""
    import fields as field_rules

    known = field_rules.FIELD_TYPES.get(field.type)
    row = {
        "name": field.name,
        "id": field.id,
        "type": field.type,
        "is_primary": field.id == table.primary_field_id,
        "writable": known is not None and not known.computed,
        "description": field.description,
        **_relations(schema, table, field.options),
        "options": {key: value for key, value in field.options.items() if key not in _TOLD_APART},
    }
    return {key: value for key, value in row.items() if value not in ("", {}, None)}


def _relations(schema: BaseSchema, table: TableSchema, options: Mapping[str, Any]) -> dict[str, Any]:
    """Choices, formula and links with the names of what the options give as ids."""
    link = _field_of(table, options.get("recordLinkFieldId"))
    linked = _table_of(
        schema, options.get("linkedTableId") or (link.options.get("linkedTableId") if link else None)
    )
    looked_up = _field_of(linked, options.get("fieldIdInLinkedTable"))
    choices = [choice["name"] for choice in options.get("choices", ())]
    return {
        "choice_count": len(choices) or None,
        "choices": choices or None,
        "formula": _with_names(options.get("formula"), table) or None,
        "result_type": (options.get("result") or {}).get("type"),
        "linked_table": linked.name if linked else None,
        "link_field": link.name if link else None,
        "lookup_field": looked_up.name if looked_up else None,
    }


def _with_names(formula: str | None, table: TableSchema) -> str:
    """A formula as people write it; the API gives it with ids. A name that holds a brace stays an id."""
    names = {field.id: field.name for field in table.fields if "}" not in field.name}
    return _FIELD_ID.sub(lambda found: "{" + names.get(found[1], found[1]) + "}", formula or "")


def _table_of(schema: BaseSchema, table_id: str | None) -> TableSchema | None:
    return next((table for table in schema.tables if table.id == table_id), None)


def _field_of(table: TableSchema | None, field_id: str | None) -> FieldSchema | None:
    return next((field for field in table.fields if field.id == field_id), None) if table else None
