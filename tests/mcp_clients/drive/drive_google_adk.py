"""Google's Agent Development Kit; its tools are declared alone, since a call wants a model's context."""

import asyncio

from asked import COMMAND, ENV, HEADERS, IS_HTTP, URL, tell
from google.adk.tools.mcp_tool import McpToolset, StdioConnectionParams, StreamableHTTPConnectionParams
from mcp import StdioServerParameters

STDIO = StdioConnectionParams(server_params=StdioServerParameters(command=COMMAND, args=["stdio"], env=ENV))
HTTP = StreamableHTTPConnectionParams(url=URL, headers=HEADERS)


async def main() -> None:
    toolset = McpToolset(connection_params=HTTP if IS_HTTP else STDIO)
    declared = [tool._get_declaration() for tool in await toolset.get_tools()]
    tell([one.name for one in declared], None)
    await toolset.close()


asyncio.run(main())
