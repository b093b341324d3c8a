"""mcp-use."""

import asyncio

from asked import COMMAND, ENV, HEADERS, IS_HTTP, URL, tell
from mcp_use import MCPClient

STDIO = {"command": COMMAND, "args": ["stdio"], "env": ENV}
HTTP = {"url": URL, "headers": HEADERS}


async def main() -> None:
    client = MCPClient.from_dict({"mcpServers": {"airtable": HTTP if IS_HTTP else STDIO}})
    session = await client.create_session("airtable")
    tools = await session.list_tools()
    tell([tool.name for tool in tools], (await session.call_tool("list_bases", {})).content)
    await client.close_all_sessions()


asyncio.run(main())
