"""FastMCP's client."""

import asyncio

from asked import COMMAND, ENV, HEADERS, IS_HTTP, URL, tell
from fastmcp import Client

STDIO = {"command": COMMAND, "args": ["stdio"], "env": ENV}
HTTP = {"type": "http", "url": URL, "headers": HEADERS}


async def main() -> None:
    async with Client({"mcpServers": {"airtable": HTTP if IS_HTTP else STDIO}}) as client:
        tools = await client.list_tools()
        tell([tool.name for tool in tools], (await client.call_tool("list_bases", {})).data)


asyncio.run(main())
