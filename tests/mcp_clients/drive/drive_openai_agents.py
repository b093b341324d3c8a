"""OpenAI's agents SDK."""

import asyncio

from agents.mcp import MCPServerStdio, MCPServerStreamableHttp
from asked import COMMAND, ENV, HEADERS, IS_HTTP, URL, tell


async def main() -> None:
    stdio = MCPServerStdio(params={"command": COMMAND, "args": ["stdio"], "env": ENV})
    http = MCPServerStreamableHttp(params={"url": URL, "headers": HEADERS})
    async with http if IS_HTTP else stdio as server:
        tools = await server.list_tools()
        tell([tool.name for tool in tools], (await server.call_tool("list_bases", {})).content)


asyncio.run(main())
