"""What operators see of the calls: one log line each, figures for Prometheus, spans for OpenTelemetry.

Never what records contain: a tool's name, the base as the caller named it, and measures.
"""

import logging
from collections.abc import Sequence
from typing import Any

from mcp.server import MCPServer

from pyairtable_mcp.observing.afterwards import Afterwards
from pyairtable_mcp.observing.call import Observer, Seen
from pyairtable_mcp.observing.lines import CALLS, CallLines, JsonLines
from pyairtable_mcp.observing.middleware import Observed
from pyairtable_mcp.observing.tracing import WhereTraced
from pyairtable_mcp.unknown_tools import UnknownTools

__all__ = [
    # Watching a server
    "observe",
    "Observer",
    "Seen",
    "Afterwards",
    # Its log
    "CALLS",
    "CallLines",
    "JsonLines",
]

_SDK_TRACING = "OpenTelemetryMiddleware"
"""By its name, for the SDK keeps the class to itself: under another one it would trace as before."""


def observe(server: MCPServer[Any], observers: Sequence[Observer]) -> None:
    """Tell `observers` of every call of a tool, and put a span around it."""
    # At DEBUG it would log every answer, and with it records and the handles that confirm removals.
    logging.getLogger("sse_starlette.sse").setLevel(logging.INFO)
    chain = server.middleware
    chain[:] = [WhereTraced(each) if type(each).__name__ == _SDK_TRACING else each for each in chain]
    # A call of a tool that there is not is answered further in, and is seen, too.
    answering = (place for place, each in enumerate(chain) if isinstance(each, UnknownTools))
    chain.insert(next(answering, len(chain)), Observed(server, tuple(observers)))
