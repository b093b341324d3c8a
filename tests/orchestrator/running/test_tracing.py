"""Spans by the GenAI conventions; what people said is not in them unless it is asked for."""

import json

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from orchestrator.running import Tracing

READ = {
    "call": [{"name": "list_tables", "args": {"base_id": "Work"}}],
    "usage": {"prompt": 100, "output": 20},
}


@pytest.fixture
def spans():
    return InMemorySpanExporter()


@pytest.fixture
def tracing(spans):
    def make(**options):
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(spans))
        return Tracing(tracers=provider, **options)

    return make


async def test_a_run_holds_its_chats_and_its_tools(agent, spans, tracing):
    ada = await agent(READ, {"say": "Done."}, tracing=tracing())

    await ada.say("Hello")

    found = {span.name: span for span in spans.get_finished_spans()}
    run, chat = found["invoke_agent pyairtable"], found["chat gemini-3.8-flash"]
    tool = found["execute_tool list_tables"]
    assert run.attributes["gen_ai.conversation.id"] == ada.session.id
    assert chat.attributes["gen_ai.provider.name"] == "gcp.gemini"
    assert chat.attributes["gen_ai.operation.name"] == "chat"
    assert tool.attributes["gen_ai.tool.name"] == "list_tables"
    assert {chat.parent.span_id, tool.parent.span_id} == {run.context.span_id}
    first = next(span for span in spans.get_finished_spans() if span.name.startswith("chat"))
    assert first.attributes["gen_ai.usage.input_tokens"] == 100
    assert first.attributes["gen_ai.usage.output_tokens"] == 20


async def test_what_was_said_is_not_told(agent, spans, tracing):
    ada = await agent(READ, {"say": "A secret answer."}, tracing=tracing())

    await ada.say("A secret question.")

    told = json.dumps([dict(span.attributes) for span in spans.get_finished_spans()])
    assert "secret" not in told
    assert "Tasks" not in told


async def test_what_was_said_is_told_where_that_is_wanted(agent, spans, tracing):
    ada = await agent(READ, {"say": "A secret answer."}, tracing=tracing(captures_content=True))

    await ada.say("Hello")

    told = json.dumps([dict(span.attributes) for span in spans.get_finished_spans()])
    assert "A secret answer." in told
    assert "Tasks" in told


async def test_a_failure_is_named(agent, spans, tracing):
    ada = await agent({"say": "x", "faults": [{"status": 400, "message": "secret"}]}, tracing=tracing())

    await ada.say()

    [chat] = [span for span in spans.get_finished_spans() if span.name.startswith("chat")]
    assert chat.attributes["error.type"] == "request_invalid"
    assert chat.events == ()
