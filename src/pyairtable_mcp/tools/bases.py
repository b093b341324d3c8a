"""Tools about bases as a whole: which there are, finding one, making one."""

from typing import Annotated, Any, TypedDict

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BaseModel, Field

from airtable_gateway import BaseInfo, WorkspaceNotFound
from pyairtable_mcp.field_models import ready_fields
from pyairtable_mcp.parameters import DryRun
from pyairtable_mcp.tool import ADDS, READS, ToolContext, tool

_ALIKE = 55  # of 100: "flite" finds "NYC Flights 2013"


class BasesListed(TypedDict):
    """The bases with what the token may do in each: read, comment, edit or create."""

    bases: list[dict[str, Any]]


class BaseCreated(TypedDict, total=False):
    """The new base, or what would be made."""

    id: str
    name: str
    tables: list[dict[str, Any]]
    differences: list[dict[str, Any]]
    change_id: str


class NewTable(BaseModel, extra="forbid"):
    """A table to be made; its first field is the primary one."""

    name: str
    fields: Annotated[list[dict[str, Any]], Field(min_length=1)]
    description: str = ""


@tool(READS, narrower="Call search_bases with a part of the name.")
async def list_bases(ctx: ToolContext) -> BasesListed:
    """List the bases that can be used, with ids."""
    return {"bases": [_row(base) for base in await ctx.gateway.bases()]}


@tool(READS, narrower="Give more of the name.")
async def search_bases(ctx: ToolContext, query: Annotated[str, Field(min_length=1)]) -> BasesListed:
    """Find bases by a part of the name, or by one that is alike; the best come first."""
    from rapidfuzz import fuzz, utils

    scored = [
        (fuzz.WRatio(query, base.name, processor=utils.default_process), base)
        for base in await ctx.gateway.bases()
    ]
    found = [(score, base) for score, base in scored if score >= _ALIKE or base.id == query]
    found.sort(key=lambda pair: (query.casefold() not in pair[1].name.casefold(), -pair[0]))
    return {"bases": [_row(base) for _, base in found]}


@tool(ADDS)
async def create_base(
    ctx: ToolContext,
    workspace_id: str,
    name: Annotated[str, Field(min_length=1)],
    tables: Annotated[list[NewTable], Field(min_length=1)],
    *,
    dry_run: DryRun = False,
) -> BaseCreated:
    """Create a base in a workspace (wsp...); fields are {name, type, options?}, the first one primary."""
    _require_workspace_id(workspace_id)
    models = [
        {**table.model_dump(exclude_defaults=True), "fields": ready_fields(table.fields, None)}
        for table in tables
    ]
    if dry_run:
        return {"name": name, "differences": [{"after": model} for model in models]}
    base = await ctx.gateway.create_base(workspace_id, name, models)
    return {
        "id": base.id,
        "name": base.name,
        "tables": [{"id": table.id, "name": table.name} for table in base.tables],
    }


def _require_workspace_id(workspace_id: str) -> None:
    """Raises ToolError for a name: Airtable tells nobody which workspace bears it."""
    if not workspace_id.startswith("wsp"):
        raise ToolError(
            f"{workspace_id[:80]!r} is no id of a workspace, which begins with wsp; nothing was made. "
            f"{WorkspaceNotFound.hint}"
        )


def _row(base: BaseInfo) -> dict[str, Any]:
    return {"id": base.id, "name": base.name, "permission": base.permission_level}
