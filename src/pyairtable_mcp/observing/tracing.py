"""Spans of OpenTelemetry, for whoever set up a tracer; without one nobody sees them, and none are made."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from opentelemetry import trace

_TRACER = trace.get_tracer("pyairtable_mcp")


def is_traced() -> bool:
    """Whether this process has a tracer by now."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def current_span(name: str) -> AbstractContextManager[trace.Span]:
    """A span of that name around what is done inside."""
    return _TRACER.start_as_current_span(name) if is_traced() else nullcontext(trace.INVALID_SPAN)


@dataclass(frozen=True, slots=True)
class WhereTraced:
    """A middleware that is passed by unless somebody traces, here or at the client."""

    tracing: ServerMiddleware[Any]

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Run the message."""
        # Of a client's trace, what this server asks the client on the way is a part.
        if is_traced() or "traceparent" in (ctx.meta or {}):
            return await self.tracing(ctx, call_next)
        return await call_next(ctx)
