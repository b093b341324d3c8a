"""The middleware of prompts: what is asked for wrongly is told, where the SDK has an error without a code."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from mcp import MCPError
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver.prompts.base import Prompt
from mcp.types import INVALID_PARAMS


@dataclass(frozen=True, slots=True)
class PromptsAsked:
    """Gives the reason when a prompt cannot be had (spec: Prompts, "Error Handling")."""

    offered: Mapping[str, Prompt]

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Serve one message. Raises MCPError."""
        if ctx.method != "prompts/get":
            return await call_next(ctx)
        name, given = _asked(ctx.params or {})
        if name in self.offered:
            _require_arguments(self.offered[name], given)
            return await call_next(ctx)
        try:
            return await call_next(ctx)
        except ValueError as error:
            raise MCPError(INVALID_PARAMS, f"There is no prompt {name[:80]!r}. {self._near(name)}") from error

    def _near(self, name: str) -> str:
        near = get_close_matches(name, self.offered, n=1)
        return f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(self.offered)}."


def _asked(params: Mapping[str, Any]) -> tuple[str, Collection[str]]:
    """The name, and the names of the arguments; what is malformed the SDK refuses."""
    given = params.get("arguments")
    return str(params.get("name")), given if isinstance(given, Mapping) else ()


def _require_arguments(prompt: Prompt, given: Collection[str]) -> None:
    known = prompt.arguments or ()
    missing = [argument.name for argument in known if argument.required and argument.name not in given]
    if missing:
        raise MCPError(INVALID_PARAMS, f"The prompt {prompt.name} needs {' and '.join(missing)}.")
    names = [argument.name for argument in known]
    for name in given:
        if name not in names:
            raise MCPError(
                INVALID_PARAMS, f"The prompt {prompt.name} takes {', '.join(names)}; not {name[:80]!r}."
            )
