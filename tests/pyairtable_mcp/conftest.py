"""A small base behind a real socket, and a client of the tools over it."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.server import MCPServer
from mcp.types import ElicitResult
from starlette.types import ASGIApp, Receive, Scope, Send

from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway, MemoryJournal
from airtable_gateway.clock import Clock
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document
from pyairtable_mcp import IDEMPOTENCY_KEY, TOOLS, ToolContext, Validation, build_server, parameters_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

WORK: dict[str, Any] = {
    "id": "appWork0000000001",
    "name": "Work",
    "tables": [
        {
            "id": "tblPeople00000001",
            "name": "People",
            "primaryFieldId": "fldPersonName0001",
            "fields": [{"id": "fldPersonName0001", "name": "Name", "type": "singleLineText"}],
            "views": [{"id": "viwPeople00000001", "name": "Grid view", "type": "grid"}],
        },
        {
            "id": "tblTasks000000001",
            "name": "Tasks",
            "description": "What is to be done",
            "primaryFieldId": "fldTaskName000001",
            "fields": [
                {"id": "fldTaskName000001", "name": "Name", "type": "singleLineText"},
                {
                    "id": "fldStatus00000001",
                    "name": "Status",
                    "type": "singleSelect",
                    "options": {"choices": [{"name": "Todo"}, {"name": "Doing"}, {"name": "Done"}]},
                },
                {"id": "fldHours000000001", "name": "Hours", "type": "number", "options": {"precision": 1}},
                {"id": "fldNotes000000001", "name": "Notes }{ odd", "type": "multilineText"},
                {
                    "id": "fldOwner000000001",
                    "name": "Owner",
                    "type": "multipleRecordLinks",
                    "options": {"linkedTableId": "tblPeople00000001"},
                },
                {
                    "id": "fldDouble00000001",
                    "name": "Double",
                    "type": "formula",
                    "options": {"formula": "{Hours} * 2"},
                },
                {
                    "id": "fldBroken00000001",
                    "name": "Broken",
                    "type": "formula",
                    "options": {"formula": "ERROR()"},
                },
            ],
            "views": [{"id": "viwTasks000000001", "name": "Grid view", "type": "grid"}],
        },
    ],
    "records": {
        "tblPeople00000001": [
            {"id": "recAda00000000001", "fields": {"Name": "Ada O'Brien"}},
            {"id": "recBob00000000001", "fields": {"Name": 'Bob "B" \\ {x}'}},
        ],
        "tblTasks000000001": [
            {
                "id": f"recTask{number:010}",
                "createdTime": "2026-01-01T00:00:00.000Z",
                "fields": {
                    "Name": f"Task {number}",
                    "Status": ["Todo", "Doing", "Done"][number % 3],
                    "Hours": number / 2,
                    "Owner": [["recAda00000000001"], ["recBob00000000001"]][number % 2],
                },
            }
            for number in range(1, 31)
        ],
    },
}


@pytest.fixture
def store() -> Iterator[Store]:
    """What a local Airtable holds: the base Work."""
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": [WORK]})
        yield store


@pytest.fixture
def airtable(store: Store) -> Iterator[str]:
    """The address of a local Airtable that serves it."""
    with TwinServer(create_app(store, tokens=AnyToken())) as url:
        yield url


@pytest.fixture
async def context(airtable: str, tmp_path: Path) -> AsyncIterator[ToolContext]:
    """What the tools work with, at a fixed time."""
    endpoint = FixedEndpoint(Endpoint(airtable, "patTest"))
    gateway = JournaledGateway(PyAirtableGateway(endpoint, rate_limit=None), MemoryJournal())
    async with gateway:
        yield ToolContext(gateway, exports=tmp_path / "exports", endpoints=endpoint, now=lambda: NOW)


class LostAnswers:
    """Lets one create through; loses the later ones on their way, and breaks off their answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._creates = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self._creates += scope["method"] == "POST"
        if scope["method"] != "POST" or self._creates == 1:
            await self._app(scope, receive, send)
            return
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"records":[', "more_body": True})
        raise ConnectionAbortedError


class Caller:
    """Calls tools the way a client does; each call is a session of its own."""

    def __init__(
        self,
        context: ToolContext,
        mode: str,
        options: dict[str, Any] | None = None,
        *,
        key: str | None = None,
    ) -> None:
        self.context = context
        self._mode = mode
        self._options = options or {}
        self._extra: dict[str, Any] = {"meta": {IDEMPOTENCY_KEY: key}} if key is not None else {}

    async def __call__(self, tool: str, table: str = "Tasks", **arguments: Any) -> dict[str, Any]:
        """The structured answer on a table of Work. Raises AssertionError when the call is refused."""
        refused, text, structured = await self._call(tool, {"base_id": "Work", "table_id": table} | arguments)
        assert not refused, text
        return structured

    async def text(self, tool: str, table: str = "Tasks", **arguments: Any) -> str:
        """What the model reads when the call succeeds. Raises AssertionError when it is refused."""
        refused, text, _ = await self._call(tool, {"base_id": "Work", "table_id": table} | arguments)
        assert not refused, text
        return text

    async def refused(self, tool: str, table: str = "Tasks", **arguments: Any) -> str:
        """What the model reads when the call is refused. Raises AssertionError when it is not."""
        refused, text, _ = await self._call(tool, {"base_id": "Work", "table_id": table} | arguments)
        assert refused, text
        return text

    async def agreed(self, tool: str, table: str = "Tasks", **arguments: Any) -> dict[str, Any]:
        """The answer when the call is repeated with the handle that its refusal gives."""
        text = await self.refused(tool, table, **arguments)
        handle = re.search(r"confirm='([^']+)'", text)
        assert handle is not None, text
        return await self(tool, table, **arguments, confirm=handle[1])

    def on(self, context: ToolContext) -> "Caller":
        """The same with another context."""
        return Caller(context, self._mode, self._options)

    def with_budget(self, characters: int) -> "Caller":
        """The same with a smaller budget for each result."""
        return self.on(replace(self.context, result_budget=characters))

    def held_to(self, validation: Validation) -> "Caller":
        """The same with writes judged so."""
        return self.on(replace(self.context, validation=validation))

    def keyed(self, key: str) -> "Caller":
        """The same with every call under this idempotency key."""
        return Caller(self.context, self._mode, self._options, key=key)

    def asking(self, answer: ElicitResult, questions: list[str]) -> "Caller":
        """The same by a client that asks a person, who answers so; what they are asked is noted."""

        async def asked(_: Any, params: Any) -> ElicitResult:
            questions.append(params.message)
            return answer

        return Caller(self.context, self._mode, {"elicitation_callback": asked})

    @cached_property
    def _server(self) -> MCPServer[None]:
        return build_server(self.context, tools=TOOLS)

    async def _call(self, tool: str, arguments: dict[str, Any]) -> tuple[bool, str, dict[str, Any]]:
        taken = parameters_of(next(member for member in TOOLS if member.name == tool))
        given = {
            name: value
            for name, value in arguments.items()
            if value is not None and (name in taken or name not in ("base_id", "table_id"))
        }
        async with Client(self._server, mode=self._mode, **self._options) as client:
            result = await client.call_tool(tool, given, **self._extra)
        assert result.content[0].type == "text"
        return bool(result.is_error), result.content[0].text, result.structured_content or {}


@pytest.fixture
async def call_that_breaks(tmp_path: Path) -> AsyncIterator[Caller]:
    """Calls tools on an Airtable whose answers to all creates but the first are lost."""
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": [WORK]})
        with TwinServer(LostAnswers(create_app(store, tokens=AnyToken()))) as url:
            endpoint = FixedEndpoint(Endpoint(url, "patTest"))
            ports = Ports(clock=Clock(sleep=lambda _: asyncio.sleep(0)))
            async with PyAirtableGateway(endpoint, rate_limit=None, ports=ports) as gateway:
                yield Caller(ToolContext(gateway), "auto")


@pytest.fixture(params=["auto", "legacy"])
def call(context: ToolContext, request: pytest.FixtureRequest) -> Caller:
    """Calls a tool, once in each era of the protocol."""
    return Caller(context, request.param)
