"""The middleware that watches calls: their time, size and outcome, inside one span each."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mcp.server import MCPServer
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.types import CallToolResult, InputRequiredResult

from pyairtable_mcp.observing.call import Observer, Outcome, Seen
from pyairtable_mcp.observing.tracing import current_span
from pyairtable_mcp.principal import principal

_LONGEST = 100
_UNKNOWN = "unknown"
"""The name of all tools that there are not: what a client makes up must not become a label."""


@dataclass(slots=True)
class Observed:
    """See `observe`."""

    server: MCPServer[Any]
    observers: tuple[Observer, ...]
    _names: frozenset[str] = field(default=frozenset())

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Run the message; tell of it when it is a call of a tool."""
        if ctx.method != "tools/call":
            return await call_next(ctx)
        params = ctx.params or {}
        tool = await self._tool(params)
        began, size = time.perf_counter(), 0
        outcome: Outcome = "error"
        with current_span(f"execute_tool {tool}") as span:
            try:
                result = await call_next(ctx)
                outcome, size = _outcome(result), _size(result)
            except asyncio.CancelledError:
                outcome = "cancelled"
                raise
            finally:
                seconds = time.perf_counter() - began
                seen = Seen(principal(), tool, _base(params), seconds, size, outcome, time.time())
                if span.is_recording():
                    span.set_attributes(_attributes(seen))
                for observer in self.observers:
                    observer.saw(seen)
        return result

    async def _tool(self, params: Mapping[str, Any]) -> str:
        if not self._names:
            self._names = frozenset(tool.name for tool in await self.server.list_tools())
        name = params.get("name")
        return name if isinstance(name, str) and name in self._names else _UNKNOWN


def _base(params: Mapping[str, Any]) -> str:
    arguments = params.get("arguments")
    base = arguments.get("base_id") if isinstance(arguments, Mapping) else None
    return base[:_LONGEST] if isinstance(base, str) else ""


def _outcome(result: HandlerResult) -> Outcome:
    match result:
        case InputRequiredResult() | {"resultType": "input_required"}:
            return "asked"
        case CallToolResult(is_error=True) | {"isError": True}:
            return "refused"
        case _:
            return "ok"


def _size(result: HandlerResult) -> int:
    match result:
        case CallToolResult():
            texts = [getattr(block, "text", "") for block in result.content]
        case {"content": [*blocks]}:
            texts = [block.get("text", "") for block in blocks if isinstance(block, Mapping)]
        case _:
            texts = []
    return sum(len(text.encode("utf-8", "replace")) for text in texts)


def _attributes(seen: Seen) -> dict[str, str | int]:
    """The names of the semantic conventions where they have one (gen_ai, "Execute tool span")."""
    return {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": seen.tool,
        "enduser.id": seen.principal,
        "airtable.base": seen.base,
        "pyairtable.result.bytes": seen.bytes,
        "pyairtable.outcome": seen.outcome,
    }
