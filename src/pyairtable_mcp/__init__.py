"""The MCP server: Airtable's tools for any MCP client, over stdio and Streamable HTTP."""

from pyairtable_mcp.server import INSTRUCTIONS, build_server
from pyairtable_mcp.tool import RESULT_BUDGET, Tool, ToolContext, Validation, parameters_of
from pyairtable_mcp.tools import TOOLS

__all__ = [
    "INSTRUCTIONS",
    "RESULT_BUDGET",
    "TOOLS",
    "Tool",
    "ToolContext",
    "Validation",
    "build_server",
    "parameters_of",
]
