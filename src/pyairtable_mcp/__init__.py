"""The MCP server: Airtable's tools for any MCP client, over stdio and Streamable HTTP."""

from pyairtable_mcp.airtable_scopes import scopes_of
from pyairtable_mcp.allow_list import AllowList
from pyairtable_mcp.allowing import AllowedGateway
from pyairtable_mcp.calls import IDEMPOTENCY_KEY
from pyairtable_mcp.instructions import INSTRUCTIONS
from pyairtable_mcp.server import build_server
from pyairtable_mcp.tool import RESULT_BUDGET, Caps, Tool, ToolContext, Validation, parameters_of
from pyairtable_mcp.tools import TOOLS
from pyairtable_mcp.toolsets import TOOLSETS, Selection, UnknownTool

__all__ = [
    # The server
    "INSTRUCTIONS",
    "RESULT_BUDGET",
    "IDEMPOTENCY_KEY",
    "ToolContext",
    "Validation",
    "Caps",
    "build_server",
    # Its tools, and which of them are offered
    "TOOLS",
    "TOOLSETS",
    "Tool",
    "Selection",
    "UnknownTool",
    "parameters_of",
    "scopes_of",
    # What it may touch
    "AllowList",
    "AllowedGateway",
]
