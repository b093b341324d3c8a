"""The agent behind a real socket: the demo model, the real loop, the MCP server, a local Airtable."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx2
import pytest
import uvicorn

from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway
from airtable_gateway.journal.sqlite import SqliteJournal
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, import_document
from local_twins.airtable import create_app as create_airtable
from local_twins.gemini import create_app as create_gemini
from local_twins.gemini.demo import DemoModel
from orchestrator.analysis import NEEDED_TOOLS
from orchestrator.cost import Estimates, Ledger, Prices
from orchestrator.model.gemini import GeminiModel
from orchestrator.model.steady import SteadyModel
from orchestrator.running import Options, Parts, Runner
from orchestrator.sessions import Leases
from orchestrator.tables import TABLES
from orchestrator.toolbox.mcp import McpToolbox
from orchestrator.web.app import create_app
from orchestrator.web.desk import Desk
from pyairtable_mcp import Selection, ToolContext, build_server
from pyairtable_platform.kernel import Database, MemoryKeyValue
from pyairtable_platform.kernel.http import Door

BASE = {
    "id": "appWork0000000001",
    "name": "Work",
    "tables": [
        {
            "id": "tblTasks000000001",
            "name": "Tasks",
            "primaryFieldId": "fldTaskName000001",
            "fields": [
                {"id": "fldTaskName000001", "name": "Name", "type": "singleLineText"},
                {"id": "fldHours000000001", "name": "Hours", "type": "number", "options": {"precision": 1}},
            ],
        }
    ],
    "records": {"Tasks": [{"fields": {"Name": f"Task {n}", "Hours": n}} for n in range(1, 6)]},
}


@pytest.fixture
async def agent(tmp_path, make_desk) -> AsyncIterator[str]:
    """The address of the agent."""
    async with AsyncExitStack() as stack:
        kept = stack.enter_context(Store.open(":memory:"))
        import_document(kept, {"users": [], "bases": [BASE]})
        airtable = stack.enter_context(TwinServer(create_airtable(kept, tokens=AnyToken())))
        gemini = stack.enter_context(TwinServer(create_gemini(DemoModel())))
        http = await stack.enter_async_context(httpx2.AsyncClient())
        inner = PyAirtableGateway(FixedEndpoint(Endpoint(airtable, "patTest")), rate_limit=None)
        gateway = await stack.enter_async_context(
            JournaledGateway(inner, SqliteJournal(tmp_path / "journal.db"))
        )
        context = ToolContext(gateway)
        toolbox = await stack.enter_async_context(McpToolbox(build_server(context)))
        schema_tools = Selection(tools=NEEDED_TOOLS).members()
        schema_toolbox = await stack.enter_async_context(
            McpToolbox(build_server(context, tools=schema_tools))
        )
        database = await stack.enter_async_context(Database(f"sqlite:///{tmp_path / 'agent.db'}"))
        async with database.writing() as connection:
            await connection.run_sync(TABLES.create_all)

        def runs(desk: Desk) -> Runner:
            model = SteadyModel(GeminiModel(http, api_key="key", base_url=gemini))
            return Runner(_parts(desk, database, model))

        desk = replace(make_desk(database, MemoryKeyValue(), toolbox, runs), schema_toolbox=schema_toolbox)
        stack.push_async_callback(desk.runs.close, seconds=0)
        yield await stack.enter_async_context(_served(create_app(desk, Door())))


def _parts(desk: Desk, database: Database, model: Any) -> Parts:
    return Parts(
        sessions=desk.sessions,
        log=desk.log,
        leases=Leases(database),
        feed=desk.feed,
        approvals=desk.approvals,
        grants=desk.grants,
        ledger=Ledger(database),
        prices=Prices(),
        estimates=Estimates(),
        model=model,
        toolbox=desk.toolbox,
        defaults=Options("gemini-3.8-flash"),
    )


@asynccontextmanager
async def _served(app: Any) -> AsyncIterator[str]:
    config = uvicorn.Config(app, port=0, log_config=None, ws="websockets-sansio", lifespan="off")
    running = uvicorn.Server(config)
    serving = asyncio.create_task(running.serve())
    while not running.started:
        await asyncio.sleep(0)
    [port] = [socket.getsockname()[1] for socket in running.servers[0].sockets]
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    await serving
