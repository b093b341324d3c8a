"""The plugin of the command `llm`; it sends no headers, so over HTTP it comes without a key."""

import json
from pathlib import Path

from asked import COMMAND, ENV, IS_HTTP, URL, tell
from llm_tools_mcp.register_tools import MCP

STDIO = {"command": COMMAND, "args": ["stdio"], "env": ENV}
HTTP = {"type": "http", "url": URL}

file = Path("mcp.json")
file.write_text(json.dumps({"mcpServers": {"airtable": HTTP if IS_HTTP else STDIO}}))
tools = {tool.name: tool for tool in MCP(str(file)).tools()}
tell(list(tools), tools["list_bases"].implementation())
