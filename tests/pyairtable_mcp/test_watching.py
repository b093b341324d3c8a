"""A call from outside: who watches a table is told, and a call that is given up stops."""

import asyncio
import json
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from mcp import Client
from mcp.shared.subscriptions import ResourceUpdated
from opentelemetry import trace

from airtable_gateway import Endpoint, FixedEndpoint, ForeignChanges
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document
from pyairtable_mcp import ToolContext, build_server
from pyairtable_mcp.observing import CALLS, CallLines, JsonLines, Seen, observe
from pyairtable_mcp.observing.tracing import WhereTraced
from pyairtable_mcp.resources import records_uri, schema_uri
from pyairtable_mcp.serving import LateGateway, ServedGateway
from pyairtable_mcp.watching import Watchers

TABLE = {"base_id": "Work", "table_id": "Tasks"}


def many_tasks(count):
    fields = [{"id": "fldBig00000000001", "name": "Name", "type": "singleLineText"}]
    table = {"id": "tblBig00000000001", "name": "Tasks", "primaryFieldId": fields[0]["id"], "fields": fields}
    table["views"] = [{"id": "viwBig00000000001", "name": "Grid view", "type": "grid"}]
    copy = table | {"id": "tblBig00000000002", "name": "Copies", "primaryFieldId": "fldBig00000000002"}
    copy["fields"] = [fields[0] | {"id": "fldBig00000000002"}]
    copy["views"] = [{"id": "viwBig00000000002", "name": "Grid view", "type": "grid"}]
    records = [{"id": f"recBig{number:011}", "fields": {"Name": f"Task {number}"}} for number in range(count)]
    return {
        "id": "appBig00000000001",
        "name": "Work",
        "tables": [table, copy],
        "records": {"tblBig00000000001": records},
    }


class HeldApp:
    """Answers two requests for records, and the later ones when it is let; counts them."""

    def __init__(self, app):
        self.asked = 0
        self.url = ""
        self.is_open = False
        self._app = app

    async def asked_for(self, times):
        """Return when it was asked so many times. Raises TimeoutError."""
        async with asyncio.timeout(20):
            while self.asked < times:
                await asyncio.sleep(0.01)

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and "/appBig" in scope["path"] and "/meta/" not in scope["path"]:
            self.asked += 1
            while self.asked > 2 and not self.is_open:
                await asyncio.sleep(0.005)
        await self._app(scope, receive, send)

    async def let_go(self, client):
        """Let it answer, and return when whoever waited for that has had the time to ask for more."""
        self.is_open = True
        for _ in range(5):
            assert not (await client.call_tool("list_bases", {})).is_error


@pytest.fixture
def held_airtable():
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": [many_tasks(1000)]})
        app = HeldApp(create_app(store, tokens=AnyToken()))
        with TwinServer(app) as url:
            app.url = url
            yield app


def served(url, watchers):
    gateway = PyAirtableGateway(FixedEndpoint(Endpoint(url, "patTest")), rate_limit=None)
    return ServedGateway(LateGateway(lambda: gateway), watchers)


@pytest.mark.parametrize(
    "watched", [records_uri("Work", "Tasks"), records_uri("appWork0000000001", "tblTasks000000001")]
)
async def test_who_watches_a_table_is_told_of_a_write(airtable, watched):
    watchers = Watchers()
    async with served(airtable, watchers) as gateway:
        server = build_server(ToolContext(gateway), watchers=watchers)
        async with Client(server) as client, client.listen(resource_subscriptions=[watched]) as events:
            await client.call_tool("create_record", TABLE | {"fields": {"Name": "New"}})
            event = await asyncio.wait_for(anext(aiter(events)), 10)

    assert event == ResourceUpdated(uri=watched)


async def test_who_watches_a_schema_is_told_of_a_new_field_and_not_of_records(airtable):
    watchers = Watchers()
    async with served(airtable, watchers) as gateway:
        server = build_server(ToolContext(gateway), watchers=watchers)
        watched = [schema_uri("Work"), records_uri("Work", "People")]
        async with Client(server) as client, client.listen(resource_subscriptions=watched) as events:
            await client.call_tool("create_record", TABLE | {"fields": {"Name": "New"}})
            await gateway.create_field("Work", "Tasks", "Extra", "singleLineText")
            event = await asyncio.wait_for(anext(aiter(events)), 10)

    assert event == ResourceUpdated(uri=schema_uri("Work"))


@pytest.mark.parametrize(
    ("told", "watched"),
    [
        (ForeignChanges("appWork0000000001", frozenset({"tblTasks000000001"})), records_uri("Work", "Tasks")),
        (ForeignChanges("appWork0000000001", is_whole=True), records_uri("Work", "Tasks")),
        (ForeignChanges("appWork0000000001", reshapes=True), schema_uri("Work")),
    ],
)
async def test_who_watches_is_told_of_what_others_changed(airtable, told, watched):
    watchers = Watchers()
    async with served(airtable, watchers) as gateway:
        server = build_server(ToolContext(gateway), watchers=watchers)
        async with Client(server) as client, client.listen(resource_subscriptions=[watched]) as events:
            await watchers.heard(gateway, told)

            event = await asyncio.wait_for(anext(aiter(events)), 10)

    assert event == ResourceUpdated(uri=watched)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize(
    ("tool", "more"),
    [
        ("analyze_table_data", {"sample_size": 1000}),
        ("find_duplicates", {"fields": ["Name"]}),
        ("export_table_csv", {}),
        (
            "sync_tables",
            {
                "source_base_id": "Work",
                "source_table_id": "Tasks",
                "target_base_id": "Work",
                "target_table_id": "Copies",
                "key_field": "Name",
            },
        ),
    ],
)
async def test_a_call_that_is_given_up_asks_airtable_no_further(held_airtable, tmp_path, tool, more, mode):
    async with served(held_airtable.url, Watchers()) as gateway:
        server = build_server(ToolContext(gateway, exports=tmp_path))
        async with Client(server, mode=mode) as client:
            arguments = more if tool == "sync_tables" else TABLE | more
            call = asyncio.ensure_future(client.call_tool(tool, arguments))
            await held_airtable.asked_for(3)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
            await held_airtable.let_go(client)

    assert held_airtable.asked == 3


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_batch_that_is_given_up_writes_no_further(held_airtable, mode):
    gateway = served(held_airtable.url, Watchers())
    async with gateway, Client(build_server(ToolContext(gateway)), mode=mode) as client:
        rows = [{"Name": f"New {number}"} for number in range(100)]
        call = asyncio.ensure_future(client.call_tool("batch_create_records", TABLE | {"records": rows}))
        await held_airtable.asked_for(3)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        await held_airtable.let_go(client)

    assert held_airtable.asked == 3


class Noted:
    def __init__(self):
        self.calls = []

    def saw(self, call):
        self.calls.append(call)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_each_call_is_seen_with_its_tool_base_size_and_outcome(context, mode):
    server, noted = build_server(context), Noted()
    observe(server, [noted])

    async with Client(server, mode=mode) as client:
        listed = await client.call_tool("list_tables", {"base_id": "Work"})
        await client.call_tool("list_tables", {"base_id": "Nowhere"})
        await client.call_tool("made_up", {})
        await client.list_tools()

    assert [(call.tool, call.base, call.outcome) for call in noted.calls] == [
        ("list_tables", "Work", "ok"),
        ("list_tables", "Nowhere", "refused"),
        ("unknown", "", "refused"),
    ]
    assert noted.calls[0].bytes == len(getattr(listed.content[0], "text", "").encode())
    assert {call.principal for call in noted.calls} == {"local"}
    assert all(0 < call.seconds < 60 for call in noted.calls)


async def test_a_line_of_the_log_is_json_without_what_records_contain(context, caplog):
    server = build_server(context)
    observe(server, [CallLines()])

    with caplog.at_level(logging.INFO, logger=CALLS):
        async with Client(server) as client:
            await client.call_tool("create_record", TABLE | {"fields": {"Name": "Very private"}})
            await client.call_tool("search_records", TABLE | {"query": "Very private"})
            await client.call_tool("list_tables", {"base_id": 'x"\n{"event":"forged"}'})

    lines = [JsonLines().format(record) for record in caplog.records if record.name == CALLS]
    told = [json.loads(line) for line in lines]
    assert [line["tool"] for line in told] == ["create_record", "search_records", "list_tables"]
    assert all(
        line["event"] == "tool_call" and "\n" not in text for line, text in zip(told, lines, strict=True)
    )
    assert "private" not in "".join(lines)


def test_figures_of_calls_are_counted_for_prometheus():
    from prometheus_client import generate_latest

    from pyairtable_mcp.observing.prometheus import CallFigures

    CallFigures().saw(Seen("ada", "probe_tool", "Work", 0.2, 1_000, "refused", 0.0))

    page = generate_latest().decode()
    assert 'pyairtable_mcp_calls_total{outcome="refused",tool="probe_tool"} 1.0' in page
    assert 'pyairtable_mcp_call_seconds_bucket{le="0.25",tool="probe_tool"} 1.0' in page
    assert 'pyairtable_mcp_result_bytes_total{tool="probe_tool"} 1000.0' in page


async def test_a_call_has_one_span_that_names_its_tool(context):
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    server = build_server(context)
    observe(server, [])

    async with Client(server) as client:
        await client.call_tool("list_tables", {"base_id": "Work"})

    (span,) = [span for span in exporter.get_finished_spans() if span.name.startswith("execute_tool")]
    assert span.name == "execute_tool list_tables"
    told = dict(span.attributes or {})
    assert told["gen_ai.operation.name"] == "execute_tool"
    assert told["gen_ai.tool.name"] == "list_tables"
    assert told["pyairtable.outcome"] == "ok"


class Traced:
    def __init__(self):
        self.messages = []

    async def __call__(self, ctx, call_next):
        self.messages.append(ctx.method)
        return await call_next(ctx)


@pytest.mark.parametrize(
    ("provider", "meta", "is_traced"),
    [
        (trace.ProxyTracerProvider(), None, False),
        (trace.ProxyTracerProvider(), {"progressToken": 1}, False),
        (trace.ProxyTracerProvider(), {"traceparent": "00-1-1-01"}, True),
        (trace.NoOpTracerProvider(), None, True),
    ],
)
async def test_the_sdk_makes_spans_only_where_somebody_traces(monkeypatch, provider, meta, is_traced):
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    traced = Traced()
    message: Any = SimpleNamespace(method="ping", meta=meta)

    async def answer(ctx):
        return {"answered": ctx.method}

    assert await WhereTraced(traced)(message, answer) == {"answered": "ping"}
    assert bool(traced.messages) == is_traced


async def test_the_sdks_tracing_is_found_in_a_server(context):
    server = build_server(context)

    observe(server, [])

    assert [type(each) for each in server.middleware].count(WhereTraced) == 1
