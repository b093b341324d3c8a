"""Spans of a run, by the GenAI conventions of OpenTelemetry; what was said is told only if that is wanted."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from orchestrator.model import Reply, Usage

AGENT = "pyairtable"


@dataclass(frozen=True, slots=True)
class Tracing:
    """Makes the spans; without an SDK that collects them they cost nothing.

    `captures_content` puts arguments, results and answers into them: people's data, in a place that many see.
    `tracers` None are those of the process.
    """

    captures_content: bool = False
    provider: str = "gcp.gemini"
    tracers: trace.TracerProvider | None = None

    @contextmanager
    def run(self, session: str, run: str, model: str) -> Iterator[Span]:
        """A whole run."""
        attributes = {
            "gen_ai.agent.name": AGENT,
            "gen_ai.agent.id": run,
            "gen_ai.conversation.id": session,
            "gen_ai.request.model": model,
        }
        with self._span("invoke_agent", AGENT, SpanKind.INTERNAL, attributes) as span:
            yield span

    @contextmanager
    def chat(self, session: str, model: str, most_tokens: int) -> Iterator[Span]:
        """One model call."""
        attributes = {
            "gen_ai.conversation.id": session,
            "gen_ai.request.model": model,
            "gen_ai.request.max_tokens": most_tokens,
        }
        with self._span("chat", model, SpanKind.CLIENT, attributes) as span:
            yield span

    @contextmanager
    def tool(self, name: str, call: str, arguments: Mapping[str, Any]) -> Iterator[Span]:
        """One execution of a tool."""
        attributes = {"gen_ai.tool.name": name, "gen_ai.tool.call.id": call, "gen_ai.tool.type": "function"}
        if self.captures_content:
            attributes["gen_ai.tool.call.arguments"] = json.dumps(arguments, ensure_ascii=False)
        with self._span("execute_tool", name, SpanKind.INTERNAL, attributes) as span:
            yield span

    def answered(self, span: Span, reply: Reply) -> None:
        """What a model call gave."""
        span.set_attributes({"gen_ai.response.model": reply.model_served, **_tokens(reply.usage)})
        span.set_attribute("gen_ai.response.finish_reasons", [reply.finish.lower()])
        if self.captures_content:
            said = [{"role": "assistant", "parts": list(reply.parts)}]
            span.set_attribute("gen_ai.output.messages", json.dumps(said, ensure_ascii=False))

    def executed(self, span: Span, result: str) -> None:
        """What a tool gave."""
        if self.captures_content:
            span.set_attribute("gen_ai.tool.call.result", result)

    @contextmanager
    def _span(self, operation: str, of: str, kind: SpanKind, attributes: Mapping[str, Any]) -> Iterator[Span]:
        # Looked up each time: who collects spans may be set after this module was read.
        tracer = trace.get_tracer("orchestrator", tracer_provider=self.tracers)
        told = {
            "gen_ai.operation.name": operation,
            "gen_ai.provider.name": self.provider,
            **attributes,
        }
        with tracer.start_as_current_span(
            f"{operation} {of}",
            kind=kind,
            attributes=told,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except Exception as error:
                failed(span, getattr(error, "code", type(error).__name__))
                raise


def failed(span: Span, kind: str) -> None:
    """The span's work failed with that error."""
    span.set_attribute("error.type", kind)
    span.set_status(Status(StatusCode.ERROR))


def _tokens(usage: Usage) -> dict[str, int]:
    return {
        "gen_ai.usage.input_tokens": usage.prompt + usage.tool,
        "gen_ai.usage.output_tokens": usage.output + usage.thinking,
        "gen_ai.usage.cache_read.input_tokens": usage.cached,
        "gen_ai.usage.reasoning.output_tokens": usage.thinking,
    }
