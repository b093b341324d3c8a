"""LangChain's MCP adapters."""

import asyncio

from asked import COMMAND, ENV, HEADERS, IS_HTTP, URL, tell
from langchain_mcp_adapters.client import MultiServerMCPClient

STDIO = {"transport": "stdio", "command": COMMAND, "args": ["stdio"], "env": ENV}
HTTP = {"transport": "streamable_http", "url": URL, "headers": HEADERS}


async def main() -> None:
    client = MultiServerMCPClient({"airtable": HTTP if IS_HTTP else STDIO})
    tools = {tool.name: tool for tool in await client.get_tools()}
    tell(list(tools), await tools["list_bases"].ainvoke({}))


asyncio.run(main())
