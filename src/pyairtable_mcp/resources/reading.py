"""What stands in a resource: bases, a schema, a page of records, each cut to the budget where it must be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import BaseSchema, FieldSchema, RecordQuery
from pyairtable_mcp.answers.bounding import bounded, weight
from pyairtable_mcp.principal import principal
from pyairtable_mcp.reading.windows import PAGE, window
from pyairtable_mcp.resources.addresses import records_uri, schema_uri
from pyairtable_mcp.tool import ToolContext

_NOTE = 1_000
"""Characters kept free for the note that says what was cut."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A table's records as an address asks for them; `fields` is its text, "" for all."""

    base: str
    table: str
    fields: str = ""
    filter: str = ""
    view: str = ""

    @property
    def query(self) -> RecordQuery:
        """What Airtable is asked. Raises ToolError for a list of fields that is none."""
        names = field_names(self.fields)
        return RecordQuery(fields=names or None, filter_by_formula=self.filter, view=self.view)

    @property
    def question(self) -> list[str]:
        """What a cursor of this list is bound to: the list, and who reads it."""
        return ["resource", principal(), self.base, self.table, self.fields, self.filter, self.view]


async def bases(context: ToolContext) -> dict[str, Any]:
    """The bases with the addresses of their schemas."""
    rows = [
        {"id": base.id, "name": base.name, "permission": base.permission_level, "schema": schema_uri(base.id)}
        for base in await context.gateway.bases()
    ]
    return _fitted({"bases": rows}, context.result_budget)


async def schema(context: ToolContext, base: str) -> dict[str, Any]:
    """A base's tables; without the fields' options where the whole is too long."""
    found = await context.gateway.schema(base)
    whole = _schema_row(found, with_options=True)
    if weight(whole) <= context.result_budget:
        return whole
    lean = _schema_row(found, with_options=False)
    return _fitted({"cut": "Without the fields' options.", **lean}, context.result_budget)


async def records(context: ToolContext, listing: Listing, page: str) -> dict[str, Any]:
    """A page of the list, and `next`, the address of the one after it, absent at the end."""
    budget = context.result_budget - _NOTE
    start = context.position(page, listing.question)
    found = await window(
        context.gateway, (listing.base, listing.table), listing.query, start=start, limit=PAGE, budget=budget
    )
    answer = _fitted({"records": found.rows}, context.result_budget)
    shown = len(answer["records"])
    rest = found.places[shown - 1] if shown else None
    if rest is not None:
        answer["next"] = records_uri(
            listing.base,
            listing.table,
            fields=listing.fields,
            filter=listing.filter,
            view=listing.view,
            page=context.cursor(rest, listing.question),
        )
    return answer


def field_names(text: str) -> list[str]:
    """The names in a list that commas separate, or in a JSON list. Raises ToolError for a broken one."""
    if not text.startswith("["):
        return [name.strip() for name in text.split(",") if name.strip()]
    try:
        names = json.loads(text)
    except ValueError:
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ToolError('fields is no list of names. Give Name,Status or a JSON list: ["Name","Status"].')
    return names


def _schema_row(schema: BaseSchema, *, with_options: bool) -> dict[str, Any]:
    return {
        "id": schema.id,
        "name": schema.name,
        "tables": [
            {
                "id": table.id,
                "name": table.name,
                **({"description": table.description} if table.description else {}),
                "primaryFieldId": table.primary_field_id,
                "fields": [_field_row(field, with_options=with_options) for field in table.fields],
                "views": [{"id": view.id, "name": view.name, "type": view.type} for view in table.views],
                "records": records_uri(schema.id, table.id),
            }
            for table in schema.tables
        ],
    }


def _field_row(field: FieldSchema, *, with_options: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"id": field.id, "name": field.name, "type": field.type}
    if with_options and field.description:
        row["description"] = field.description
    if with_options and field.options:
        row["options"] = dict(field.options)
    return row


def _fitted(answer: Mapping[str, Any], budget: int) -> dict[str, Any]:
    if weight(answer) <= budget:
        return dict(answer)
    fitted, cuts = bounded(answer, budget - min(_NOTE, budget // 2))
    said = " ".join(filter(None, [str(answer.get("cut", "")), f"Too long: {cuts}." if cuts else ""]))
    return {**fitted, "cut": said}
