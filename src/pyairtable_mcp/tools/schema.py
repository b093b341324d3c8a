"""Tools that describe and change what a base is made of: tables, fields, choices, views."""

from dataclasses import asdict
from typing import Annotated, Any, Literal, TypedDict

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from airtable_gateway import BaseSchema, FieldSchema, TableSchema
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.consent import Question
from pyairtable_mcp.field_models import ready_fields, ready_options
from pyairtable_mcp.parameters import BaseId, Confirm, DryRun, FieldChoice, TableId
from pyairtable_mcp.tool import ADDS, CHANGES, READS, ToolContext, tool
from pyairtable_mcp.tools.tables import field_row
from pyairtable_mcp.writing import choices, repeating
from pyairtable_mcp.writing.differences import Difference

Name = Annotated[str, Field(min_length=1)]


class TableDescribed(TypedDict, total=False):
    """A table as far as the detail asks."""

    id: str
    name: str
    description: str
    primary_field: str
    fields: list[Any]
    views: list[dict[str, Any]]


class ViewsListed(TypedDict):
    """The views of a table."""

    views: list[dict[str, Any]]


class TableWritten(TypedDict, total=False):
    """The table after the call, or what would be different."""

    id: str
    name: str
    description: str
    fields: list[dict[str, Any]]
    differences: list[Difference]
    change_id: str


class FieldWritten(TypedDict, total=False):
    """The field after the call, or what would be different."""

    id: str
    name: str
    type: str
    description: str
    options: dict[str, Any]
    differences: list[Difference]
    change_id: str


@tool(READS, narrower="Name the fields that you need in `fields`.")
async def describe_table(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    *,
    detail: Literal["names", "types", "full"] = "types",
    fields: FieldChoice = None,
) -> TableDescribed:
    """Describe a table: names of its fields, with types and ids, or in full with options and views."""
    schema = await ctx.schema_with(base_id, table_id, fields or ())
    table = schema.table(table_id)
    chosen = [table.field(name) for name in fields] if fields else list(table.fields)
    shown = TableDescribed(id=table.id, name=table.name, primary_field=table.primary_field.name)
    if table.description:
        shown["description"] = table.description
    match detail:
        case "names":
            shown["fields"] = [field.name for field in chosen]
        case "types":
            shown["fields"] = [{"name": field.name, "id": field.id, "type": field.type} for field in chosen]
        case "full":
            shown["fields"] = [field_row(schema, table, field) for field in chosen]
            shown["views"] = _views(table)
    return shown


@tool(READS)
async def list_views(ctx: ToolContext, base_id: BaseId, table_id: TableId) -> ViewsListed:
    """List the views of a table."""
    return {"views": _views(await ctx.table(base_id, table_id))}


@tool(ADDS)
async def create_table(
    ctx: ToolContext,
    base_id: BaseId,
    name: Name,
    fields: Annotated[list[dict[str, Any]], Field(min_length=1)],
    *,
    description: str = "",
    dry_run: DryRun = False,
) -> TableWritten:
    """Create a table; fields are {name, type, options?, description?}, the first one primary."""
    schema = await _schema(ctx, base_id)
    models = ready_fields(fields, schema)
    _require_new(name, [table.name for table in schema.tables], "table")
    if dry_run:
        return {"differences": [{"after": {"name": name, "description": description, "fields": models}}]}
    return _table(await ctx.gateway.create_table(base_id, name, models, description=description))


@tool(CHANGES)
async def update_table(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    *,
    name: str = "",
    description: str | None = None,
    dry_run: DryRun = False,
) -> TableWritten:
    """Rename a table or describe it anew."""
    if not name and description is None:
        raise ToolError("Nothing to change: give a name, a description, or both.")
    schema = await _schema(ctx, base_id)
    table = schema.table(table_id)
    _require_new(name, [other.name for other in schema.tables if other != table], "table")
    if dry_run:
        before = {"name": table.name, "description": table.description}
        after = {"name": name or table.name, "description": _or(description, table.description)}
        return {"differences": [{"id": table.id, "before": before, "after": after}]}
    return _table(
        await ctx.gateway.update_table(base_id, table.id, name=name or None, description=description)
    )


@tool(ADDS)
async def create_field(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    name: Name,
    type: str,
    *,
    options: dict[str, Any] | None = None,
    description: str = "",
    dry_run: DryRun = False,
) -> FieldWritten:
    """Create a field; options e.g. {"choices":[{"name":"A"}]}, {"linkedTableId":"Tasks"}."""
    schema = await _schema(ctx, base_id)
    table = schema.table(table_id)
    _require_new(name, [field.name for field in table.fields], "field")
    whole = ready_options(type, options, schema)
    if dry_run:
        after = {"name": name, "type": type, "options": whole, "description": description}
        return {"differences": [{"after": {key: value for key, value in after.items() if value}}]}
    made = await ctx.gateway.create_field(
        base_id, table.id, name, type, options=whole, description=description
    )
    return _field(made)


@tool(CHANGES)
async def update_field(
    ctx: ToolContext,
    base_id: BaseId,
    table_id: TableId,
    field: str,
    *,
    name: str = "",
    description: str | None = None,
    add_choices: list[str] | None = None,
    rename_choices: dict[str, str] | None = None,
    options: dict[str, Any] | None = None,
    dry_run: DryRun = False,
    confirm: Confirm = "",
) -> FieldWritten:
    """Change a field's name, description or options, or add and rename ({old: new}) choices of a select."""
    table = (await _schema(ctx, base_id)).table(table_id)
    known = table.field(field)
    if options is not None and (add_choices or rename_choices):
        raise ToolError(
            "Give either options or add_choices and rename_choices: the choices are a part of them."
        )
    if add_choices or rename_choices:
        options = choices.grown(known, add_choices or [], rename_choices or {})
    elif options is not None:
        options = choices.kept(known, options)
    if not name and description is None and options is None:
        raise ToolError("Nothing to change: give a name, a description, options, or choices.")
    _require_new(name, [other.name for other in table.fields if other != known], "field")
    if dry_run:
        return {"differences": [_field_difference(known, name, description, options)]}
    gone = choices.dropped(known, options)
    if gone and await repeating.earlier(ctx) is None:
        subject = [base_id, asdict(known), name, description, options]
        await ctx.require_consent(_removal(known, gone, subject), confirm)
    return _field(
        await ctx.gateway.update_field(
            base_id, table.id, known.id, name=name or None, description=description, options=options
        )
    )


async def _schema(ctx: ToolContext, base: str) -> BaseSchema:
    """The schema as it is now, without what an earlier sending of this very call has changed."""
    schema = await ctx.gateway.schema(base, fresh=True)
    return repeating.as_before(schema, await repeating.earlier(ctx))


def _field_difference(
    field: FieldSchema, name: str, description: str | None, options: dict[str, Any] | None
) -> Difference:
    before = {"name": field.name, "description": field.description, "options": dict(field.options)}
    after = {
        "name": name or field.name,
        "description": _or(description, field.description),
        "options": _or(options, dict(field.options)),
    }
    gone = choices.dropped(field, options)
    told: Difference = {"id": field.id, "before": before, "after": after}
    return {**told, "removed_choices": gone} if gone else told


def _removal(field: FieldSchema, gone: list[str], subject: list[Any]) -> Question:
    """What is asked before a select loses choices."""
    text = f"Remove {shortened(gone, 10)} from the choices of {field.name}? Records that have them lose them."
    return Question("update_field", text, subject)


def _require_new(name: str, others: list[str], kind: str) -> None:
    """Airtable refuses names that differ in case alone."""
    if name.strip().casefold() in {other.casefold() for other in others}:
        raise ToolError(f"There is a {kind} {name[:80]!r} already. Choose another name; nothing was changed.")


def _or(given: Any, otherwise: Any) -> Any:
    return otherwise if given is None else given


def _views(table: TableSchema) -> list[dict[str, Any]]:
    return [{"id": view.id, "name": view.name, "type": view.type} for view in table.views]


def _table(table: TableSchema) -> TableWritten:
    fields = [{"name": field.name, "id": field.id, "type": field.type} for field in table.fields]
    return {"id": table.id, "name": table.name, "description": table.description, "fields": fields}


def _field(field: FieldSchema) -> FieldWritten:
    return {
        "id": field.id,
        "name": field.name,
        "type": field.type,
        "description": field.description,
        "options": dict(field.options),
    }
