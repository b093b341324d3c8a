"""The agent's tools over HTTP: what it may call, and what each may do."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from orchestrator.errors import ToolsChanged, ToolsUnreachable
from orchestrator.toolbox import Effect
from orchestrator.web.desk import CHAT, desk_of
from orchestrator.web.openapi import Operation
from pyairtable_platform.kernel.http import require


class ToolJson(TypedDict):
    """A tool with the JSON schema of its arguments; by `effect` its calls need an approval, or none."""

    name: str
    description: str
    effect: Effect
    schema: Mapping[str, Any]


class ToolList(TypedDict):
    """The tools, in the order in which the model is told of them."""

    tools: list[ToolJson]


async def list_tools(request: Request) -> Response:
    """The tools as the model is told of them, with the effect that our own policy gives each."""
    require(request, CHAT)
    tools = await desk_of(request).toolbox.tools()
    told = [
        ToolJson(name=tool.name, description=tool.description, effect=tool.effect, schema=tool.schema)
        for tool in tools
    ]
    return JSONResponse(ToolList(tools=told))


OPERATIONS = (
    Operation(
        method="GET",
        path="/tools",
        endpoint=list_tools,
        tag="tools",
        gives=ToolList,
        fails=(ToolsUnreachable, ToolsChanged),
    ),
)
