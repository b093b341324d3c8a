"""smolagents, through mcpadapt."""

from asked import COMMAND, ENV, HEADERS, IS_HTTP, URL, tell
from mcp import StdioServerParameters
from smolagents import ToolCollection

STDIO = StdioServerParameters(command=COMMAND, args=["stdio"], env=ENV)
HTTP = {"url": URL, "transport": "streamable-http", "headers": HEADERS}

with ToolCollection.from_mcp(
    HTTP if IS_HTTP else STDIO, trust_remote_code=True, structured_output=False
) as found:
    tools = {tool.name: tool for tool in found.tools}
    tell(list(tools), tools["list_bases"]())
