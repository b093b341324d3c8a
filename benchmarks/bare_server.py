"""Five small tools on the same SDK: what starting an MCP server costs at the least."""

import os
import sys

from mcp.server import MCPServer

server = MCPServer("bare")


@server.tool()
def add(a: int, b: int = 1) -> dict[str, int]:
    """Add two numbers."""
    return {"sum": a + b}


@server.tool()
def upper(text: str) -> dict[str, str]:
    """Text in capitals."""
    return {"text": text.upper()}


@server.tool()
def repeat(text: str, times: int = 2) -> dict[str, str]:
    """Text several times."""
    return {"text": text * times}


@server.tool()
def length(text: str) -> dict[str, int]:
    """Characters of a text."""
    return {"length": len(text)}


@server.tool()
def echo(text: str) -> dict[str, str]:
    """The same text."""
    return {"text": text}


if __name__ == "__main__":
    if sys.argv[1:] == ["http"]:
        server.run("streamable-http", port=int(os.environ["PORT"]))
    else:
        server.run()
