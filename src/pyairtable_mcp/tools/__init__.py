"""Every tool of the server, in the order in which a client sees them."""

from pyairtable_mcp.tool import Tool
from pyairtable_mcp.tools.sets import DEFAULT, SETS

__all__ = ["DEFAULT", "SETS", "TOOLS"]

TOOLS: tuple[Tool, ...] = tuple(tool for tools in SETS.values() for tool in tools)
