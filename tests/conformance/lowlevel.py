"""What the suite wants and only the SDK's private low-level server takes: all of it is in this file."""

from typing import Any

from mcp.server import MCPServer
from mcp.types import EmptyResult, SetLevelRequestParams


def publish(server: MCPServer[Any]) -> None:
    """Answer `logging/setLevel` of revision 2025-11-25."""

    async def accept(_: Any, __: Any) -> EmptyResult:
        return EmptyResult()

    lowlevel = server._lowlevel_server  # noqa: SLF001 - there is no public way in
    lowlevel.add_request_handler("logging/setLevel", SetLevelRequestParams, accept)
