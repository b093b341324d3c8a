"""No secret stands in what the server says: answers, refusals, logs at their loudest, figures, spans."""

import base64
import logging
import re

import pytest
from mcp import MCPError
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import generate_latest
from tests.pyairtable_mcp.guarded import ALL, Plan, guarded, keys
from tests.pyairtable_mcp.test_hostile_arguments import sensible

from pyairtable_mcp import TOOLS
from pyairtable_mcp.authorisation import CredentialStore

STORE_KEY = b"the-key-of-the-store-32-bytes!!!"
TOKEN = "patSECRETOFADA00.tokenOfAda"
HANDLE = re.compile(r"confirm='([^']+)'")


def spans():
    """What was traced so far; the provider of a process is set once."""
    exporter = InMemorySpanExporter()
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


async def answers(server, mode):
    """What every tool says, called as it should be and as it should not."""
    said = []
    async with server.client("ada", mode) as client:
        for tool in TOOLS:
            for arguments in (sensible(tool), sensible(tool) | {"base_id": "Nowhere"}, {"wrong": TOKEN[:3]}):
                try:
                    result = await client.call_tool(tool.name, arguments)
                    said.append(f"{result.content[0].text} {result.structured_content}")
                except MCPError as error:
                    said.append(str(error))
    return said


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_no_secret_is_said_anywhere(airtable, tmp_path, caplog, mode):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("pyairtable_mcp.calls").propagate = True
    store = CredentialStore.open(tmp_path / "c.json", base64.urlsafe_b64encode(STORE_KEY).decode())
    store.add("key:ada", TOKEN)
    exporter = spans()
    async with guarded(airtable, Plan(keys(ada=ALL), store=store, exports=tmp_path)) as server:
        said = await answers(server, mode)
        seal = server.context.seal_key

    told = [record for record in caplog.records if not of_the_client(record)]
    logged = "\n".join(map(logging.Formatter().format, told))
    traced = "\n".join(span.to_json() for span in exporter.get_finished_spans())
    figures = generate_latest().decode()
    secrets = ["key-of-ada", "patSECRET", "tokenOfAda", STORE_KEY.decode()]
    for key in (STORE_KEY, seal):
        secrets += [
            key.hex(),
            base64.urlsafe_b64encode(key).decode(),
            base64.b64encode(key).decode(),
            repr(key),
        ]
    handles = [found[1] for text in said if (found := HANDLE.search(text))]
    places = {"answers": "\n".join(said), "logs": logged, "spans": traced, "figures": figures}

    assert len(handles) >= 2
    assert len(logged) > 1000
    assert "execute_tool" in traced
    assert [(place, secret) for place, text in places.items() for secret in secrets if secret in text] == []
    outside = logged + traced + figures
    assert [handle for handle in handles if handle in outside] == []


def of_the_client(record):
    """The test's own client talks in the same process."""
    return record.name.startswith(("mcp.client", "client"))
