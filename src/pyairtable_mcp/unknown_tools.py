"""The middleware that tells a model of the tool it meant, when it calls one that there is not."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from mcp.server import MCPServer
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.types import CallToolResult, TextContent


@dataclass(frozen=True, slots=True)
class UnknownTools:
    """Refuses a call of a tool that is not offered, as the result of a call: so the model reads it.

    The server need not be asked for those in `offered`.
    """

    server: MCPServer[Any]
    offered: frozenset[str]

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Serve one message."""
        match ctx.method, ctx.params:
            case "tools/call", {"name": str(name)} if name not in self.offered:
                names = [tool.name for tool in await self.server.list_tools()]
                if name not in names:
                    return _refusal(name, names)
        return await call_next(ctx)


def _refusal(name: str, names: list[str]) -> CallToolResult:
    near = get_close_matches(name.lower(), names, n=1) or [each for each in names if each in name.lower()]
    remedy = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names)}."
    text = f"There is no tool {name[:80]!r}. {remedy}"
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)
