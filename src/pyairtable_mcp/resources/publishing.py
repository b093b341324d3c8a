"""The resources of Airtable, served: each is JSON within the budget of a result."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError
from mcp.server.mcpserver.resources import ResourceSecurity
from mcp.types import INVALID_PARAMS

from airtable_gateway import AirtableError, InvalidFormula, InvalidRequest, NotFound
from pyairtable_mcp.answers.showing import json_on_one_line
from pyairtable_mcp.offering import refused
from pyairtable_mcp.refusals.explaining import explain
from pyairtable_mcp.resources import reading
from pyairtable_mcp.resources.addresses import BASES, RECORDS, SCHEMA
from pyairtable_mcp.tool import ToolContext

# These name things in Airtable, which may be called "../x"; nothing here is ever a path.
_NAMES = ResourceSecurity(exempt_params=frozenset({"base", "table", "fields", "filter", "view", "page"}))


def publish(server: MCPServer[Any], context: ToolContext) -> None:
    """Serve the bases, the schemas and the records that the context's gateway shows."""
    _publish_bases(server, context)
    _publish_schema(server, context)
    _publish_records(server, context)


def _publish_bases(server: MCPServer[Any], context: ToolContext) -> None:
    @server.resource(BASES, mime_type="application/json", description="Every base that may be read")
    async def bases() -> str:
        return await _told(context, lambda: reading.bases(context))


def _publish_schema(server: MCPServer[Any], context: ToolContext) -> None:
    @server.resource(
        SCHEMA,
        mime_type="application/json",
        security=_NAMES,
        description="A base's tables, fields and views; the base by id or name",
    )
    async def schema(base: str) -> str:
        return await _told(context, lambda: reading.schema(context, base))


def _publish_records(server: MCPServer[Any], context: ToolContext) -> None:
    @server.resource(
        RECORDS,
        mime_type="application/json",
        security=_NAMES,
        description="Records of a table. fields: names separated by commas, or a JSON list; filter: a "
        "formula; `next` in the answer is the address of the next page",
    )
    async def records(
        base: str, table: str, fields: str = "", filter: str = "", view: str = "", page: str = ""
    ) -> str:
        listing = reading.Listing(base, table, fields=fields, filter=filter, view=view)
        return await _told(context, lambda: reading.records(context, listing, page))


async def _told(context: ToolContext, read: Callable[[], Awaitable[Mapping[str, Any]]]) -> str:
    """What was read as JSON; what is wrong as the error that the protocol has for it."""
    try:
        found = await read()
    except NotFound as error:
        raise ResourceNotFoundError(refused(explain(error), context.hidden)) from error
    except (InvalidFormula, InvalidRequest) as error:
        raise MCPError(INVALID_PARAMS, refused(explain(error), context.hidden)) from error
    except ToolError as error:
        raise MCPError(INVALID_PARAMS, refused(str(error), context.hidden)) from error
    except AirtableError as error:
        raise ResourceError(refused(explain(error), context.hidden)) from error
    return json_on_one_line(json.dumps(found, ensure_ascii=False, separators=(",", ":"), default=str))
