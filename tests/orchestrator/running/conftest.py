"""A runner over real parts: a scripted Gemini, the MCP server over a local Airtable, a database."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
import requests

from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway
from airtable_gateway.journal.sqlite import SqliteJournal
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, import_document
from local_twins.airtable import create_app as create_airtable
from local_twins.gemini import Script, create_app
from orchestrator.approvals import Approvals, Grant, Grants
from orchestrator.cost import Budgets, Estimates, Ledger, Prices
from orchestrator.events import Event, ModelMessage, RunFinished
from orchestrator.model.gemini import GeminiModel
from orchestrator.model.steady import SteadyModel
from orchestrator.running import Limits, Options, Parts, Runner
from orchestrator.sessions import Copies, EventLog, Feed, Leases, Session, Sessions
from orchestrator.toolbox.mcp import McpToolbox
from pyairtable_mcp import Selection, ToolContext, build_server
from pyairtable_platform.kernel import Database, MemoryKeyValue

T = TypeVar("T")

OWNER = "ada"
MODEL = "gemini-3.8-flash"

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
                {"id": "fldNotes000000001", "name": "Notes", "type": "multilineText"},
            ],
            "views": [{"id": "viwTasks000000001", "name": "Grid view", "type": "grid"}],
        }
    ],
    "records": {
        "tblTasks000000001": [
            {
                "id": f"recTask{number:010}",
                "createdTime": "2026-01-01T00:00:00.000Z",
                "fields": {"Name": f"Task {number}", "Hours": number},
            }
            for number in range(1, 6)
        ]
    },
}


async def no_pause(_seconds: float) -> None:
    """Waits between attempts are left out."""
    await asyncio.sleep(0)


class Told(list[Event]):
    """What happened."""

    @property
    def kinds(self) -> list[str]:
        """What happened, without the counting of cost and the list of tools."""
        return [
            event.kind
            for event in self
            if event.kind not in ("cost_counted", "budget_warned", "tools_listed")
        ]

    @property
    def end(self) -> RunFinished:
        """How the run ended."""
        assert isinstance(self[-1], RunFinished), self[-1]
        return self[-1]

    @property
    def answer(self) -> str:
        """What the person read last."""
        message = self.of(ModelMessage)[-1]
        return "".join(part.get("text", "") for part in message.parts if not part.get("thought"))

    def of(self, kind: type[T]) -> list[T]:
        """The events of one kind."""
        return [event for event in self if isinstance(event, kind)]


@dataclass
class Agent:
    """A runner with what a test looks at."""

    runner: Runner
    parts: Parts
    session: Session
    database: Database
    budgets: Budgets
    airtable: str
    sent: list[dict[str, Any]]
    toolbox: Any
    gateway: Any
    seen: int = 0

    async def say(self, text: str = "Hello", **options: Any) -> Told:
        """What happens after the person said this, until the run rests."""
        await self.runner.start(self.session.id, OWNER, text, options)
        return await self.rest()

    async def rest(self) -> Told:
        """The events since the last time, once no run is under way."""
        await self.runner.wait(self.session.id)
        new = await self.parts.log.read(self.session.id, after=self.seen)
        self.seen += len(new)
        return Told(logged.event for logged in new)

    async def decide(self, verdict: Any, **more: Any) -> Told:
        """What happens after every waiting call was decided about in this way."""
        now = self.parts.now()
        for approval in await self.parts.approvals.waiting(OWNER, at=now):
            await self.parts.approvals.decide(approval.id, OWNER, verdict, at=now, by=OWNER, **more)
        await self.runner.resume(self.session.id, OWNER)
        return await self.rest()

    async def grant(self, *tools: str, most_records: int = 1, **more: Any) -> None:
        """Allow calls beforehand."""
        until = datetime(2100, 1, 1, tzinfo=UTC)
        given = Grant("grt_1", OWNER, tools, most_records, self.parts.now(), until, **more)
        await self.parts.grants.give(given)

    def records(self) -> dict[str, dict[str, Any]]:
        """The table's records as Airtable has them."""
        answer = requests.get(
            f"{self.airtable}/v0/appWork0000000001/Tasks", headers={"Authorization": "Bearer pat"}, timeout=10
        )
        return {record["id"]: record["fields"] for record in answer.json()["records"]}


@pytest.fixture
async def agent(database, tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Make an agent whose model answers these turns."""
    async with AsyncExitStack() as stack:
        kept = stack.enter_context(Store.open(":memory:"))
        import_document(kept, {"users": [], "bases": [BASE]})
        airtable_url = stack.enter_context(TwinServer(create_airtable(kept, tokens=AnyToken())))
        http = await stack.enter_async_context(httpx2.AsyncClient())

        async def make(*turns: Any, document: Any = None, model: Any = None, **more: Any) -> Agent:
            sent: list[dict[str, Any]] = []
            script = model or Script.of(document or {"conversations": [{"turns": list(turns)}]})
            gemini_url = stack.enter_context(
                TwinServer(create_app(script, seen=lambda _, body: sent.append(body)))
            )
            inner = PyAirtableGateway(FixedEndpoint(Endpoint(airtable_url, "patTest")), rate_limit=None)
            gateway = JournaledGateway(inner, SqliteJournal(tmp_path / "journal.db"))
            await stack.enter_async_context(gateway)
            tools = Selection(toolsets=more.pop("toolsets", ())).members()
            server = build_server(ToolContext(gateway), tools=tools)
            toolbox = more.pop("toolbox", None) or McpToolbox(server)
            await stack.enter_async_context(toolbox)
            store = MemoryKeyValue()
            feed = Feed(store)
            log = more.pop("make_log", EventLog)(database, Copies(store), feed)
            sessions = Sessions(database, Copies(store), log)
            parts = Parts(
                sessions=sessions,
                log=log,
                leases=Leases(database),
                feed=feed,
                approvals=Approvals(database),
                grants=Grants(database),
                ledger=Ledger(database),
                prices=Prices(),
                estimates=Estimates(),
                model=SteadyModel(GeminiModel(http, api_key="key", base_url=gemini_url), sleep=no_pause),
                toolbox=toolbox,
                defaults=Options(MODEL),
                limits=replace(Limits(), **more.pop("limits", {})),
            )
            parts = replace(parts, **more)
            runner = Runner(parts)
            stack.push_async_callback(runner.close, seconds=0)
            session = await sessions.create(OWNER, at=parts.now())
            return Agent(
                runner, parts, session, database, Budgets(database), airtable_url, sent, toolbox, gateway
            )

        yield make
