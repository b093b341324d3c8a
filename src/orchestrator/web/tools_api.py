"""The agent's tools over HTTP: what it may call, and what each may do."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orchestrator.web.desk import CHAT, desk_of
from pyairtable_platform.kernel.http import require


async def list_tools(request: Request) -> Response:
    """The tools as the model is told of them, with the effect that our own policy gives each."""
    require(request, CHAT)
    tools = await desk_of(request).toolbox.tools()
    return JSONResponse(
        {
            "tools": [
                {
                    "name": tool.name,
                    "description": tool.description,
                    "effect": tool.effect,
                    "schema": tool.schema,
                }
                for tool in tools
            ]
        }
    )


ROUTES = (Route("/tools", list_tools),)
