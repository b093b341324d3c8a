"""Serving one MCP client over standard input and output, where nothing but the protocol may be written."""

import logging
import sys

import anyio

from pyairtable_app.settings import Settings
from pyairtable_app.wiring import Wiring


def serve_stdio(settings: Settings) -> None:
    """Serve until the client closes standard input."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    anyio.run(_serve, Wiring(settings))


async def _serve(wiring: Wiring) -> None:
    async with wiring.running():
        await wiring.mcp.run_stdio_async()
