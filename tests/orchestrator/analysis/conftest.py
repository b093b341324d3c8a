"""A base behind a real socket, and the tools over it."""

import importlib
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway, MemoryJournal
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document
from orchestrator.toolbox.mcp import McpToolbox
from pyairtable_mcp import TOOLS, ToolContext, build_server

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def wide_bases(monkeypatch):
    """The generator of wide bases."""
    monkeypatch.syspath_prepend(Path(__file__).parents[3] / "scripts")
    return importlib.import_module("wide_base")


@pytest.fixture
def toolbox_over():
    """Opens the tools over a document of the import format."""

    @asynccontextmanager
    async def opened(document):
        with Store.open(":memory:") as store:
            import_document(store, document)
            with TwinServer(create_app(store, tokens=AnyToken())) as url:
                endpoint = FixedEndpoint(Endpoint(url, "patTest"))
                gateway = JournaledGateway(PyAirtableGateway(endpoint, rate_limit=None), MemoryJournal())
                async with gateway:
                    server = build_server(
                        ToolContext(gateway, endpoints=endpoint, now=lambda: NOW), tools=TOOLS
                    )
                    async with McpToolbox(server) as toolbox:
                        yield toolbox

    return opened
