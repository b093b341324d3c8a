"""The whole server behind its door, over a real socket, and clients that bear tokens."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server import streamable_http
from mcp.server.transport_security import TransportSecuritySettings
from sse_starlette import EventSourceResponse
from starlette.types import ASGIApp

from airtable_gateway import Discretion, Endpoint, FixedEndpoint, JournaledGateway, MemoryJournal
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from pyairtable_mcp import RESULT_BUDGET, TOOLS, ToolContext, build_server
from pyairtable_mcp.authorisation import (
    ApiKey,
    ApiKeys,
    CredentialStore,
    Door,
    Limits,
    PrincipalChoice,
    Verifier,
    Way,
)
from pyairtable_mcp.authorisation.keys import digest
from pyairtable_mcp.observing import CallLines, Observer, observe
from pyairtable_mcp.observing.prometheus import CallFigures
from pyairtable_mcp.principal import principal
from pyairtable_mcp.serving import ServedGateway
from pyairtable_mcp.sole_answers import send_sole_answers_as_json
from pyairtable_mcp.watching import Watchers

READ, WRITE, SCHEMA = ALL = ("airtable:read", "airtable:write", "airtable:schema")


def keys(**scopes: tuple[str, ...]) -> ApiKeys:
    """A key for each name, `key-of-NAME`, with those scopes."""
    return ApiKeys(tuple(ApiKey(name, digest(f"key-of-{name}"), held) for name, held in scopes.items()))


@dataclass(frozen=True, slots=True)
class Guarded:
    """A server that runs: its address, its journal, its context."""

    url: str
    journal: JournaledGateway
    context: ToolContext

    @asynccontextmanager
    async def client(self, name: str, mode: str = "auto", **options: Any) -> AsyncIterator[Client]:
        """A client that bears the key of that name."""
        async with self.bearing(f"key-of-{name}", mode, **options) as client:
            yield client

    @asynccontextmanager
    async def bearing(
        self, bearer: str, mode: str = "auto", *, heard: list[str] | None = None, **options: Any
    ) -> AsyncIterator[Client]:
        """A client that bears that token; the headers of all answers are added to `heard`."""

        async def note(response: httpx2.Response) -> None:
            if heard is not None:
                heard.append(str(response.headers.raw))

        headers = {"Authorization": f"Bearer {bearer}"}
        async with httpx2.AsyncClient(headers=headers, timeout=30, event_hooks={"response": [note]}) as http:
            transport = streamable_http_client(f"{self.url}/mcp", http_client=http)
            async with Client(transport, mode=mode, **options) as client:
                yield client


@dataclass(slots=True)
class Plan:
    """How the server is to be: whose verifiers, which credentials, which limits."""

    verifiers: ApiKeys = field(default_factory=lambda: keys(ada=ALL, bob=ALL))
    store: CredentialStore | None = None
    limits: Limits | None = None
    exports: Path | None = None
    result_budget: int = RESULT_BUDGET
    others: tuple[Verifier, ...] = ()
    ports: Ports | None = None
    observers: tuple[Observer, ...] = ()


@asynccontextmanager
async def guarded(airtable: str, plan: Plan) -> AsyncIterator[Guarded]:
    """The server in front of that Airtable."""

    def direct(token: str) -> Way:
        gateway = PyAirtableGateway(
            FixedEndpoint(Endpoint(airtable, token)), rate_limit=None, ports=plan.ports or Ports()
        )
        return Way(gateway, gateway.server_time)

    gateway = ServedGateway(PrincipalChoice(direct("patShared"), plan.store, direct), Watchers())
    discretion = Discretion(whose=principal)
    async with JournaledGateway(gateway, MemoryJournal(), discretion=discretion) as journal:
        endpoints = FixedEndpoint(Endpoint(airtable, "patShared"))
        context = ToolContext(
            journal, exports=plan.exports, endpoints=endpoints, result_budget=plan.result_budget
        )
        server = build_server(context, tools=TOOLS)
        observe(server, [CallLines(), CallFigures(), *plan.observers])
        security = TransportSecuritySettings(
            allowed_hosts=["127.0.0.1:*"], allowed_origins=["https://page.example.com"]
        )
        app = server.streamable_http_app(transport_security=security)
        door = Door(app, [plan.verifiers, *plan.others], limits=plan.limits)
        async with sole_answers(), in_one_task(server.session_manager.run()), over_http(door) as url:
            yield Guarded(url, journal, context)


@asynccontextmanager
async def sole_answers() -> AsyncIterator[None]:
    """Inside, the SDK sends them as JSON, as it does in the process of the server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streamable_http, "EventSourceResponse", EventSourceResponse)
        send_sole_answers_as_json()
        yield


@asynccontextmanager
async def in_one_task(manager: AbstractAsyncContextManager[None]) -> AsyncIterator[None]:
    """Enter and leave in the same task, as anyio wants it: a fixture is set up and torn down in two."""
    entered, leave = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with manager:
            entered.set()
            await leave.wait()

    holding = asyncio.create_task(hold())
    await entered.wait()
    try:
        yield
    finally:
        leave.set()
        await holding


@asynccontextmanager
async def over_http(app: ASGIApp) -> AsyncIterator[str]:
    """The address of the application, served in this event loop."""
    config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # asyncio knows TCP by a number that this listener lacks, and each answer would wait for 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        async with asyncio.timeout(20):
            while not server.started:
                await asyncio.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
