"""PostgreSQL away in mid-run: nothing begins while it is, and nothing is lost or doubled after."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from orchestrator.cost import GLOBAL
from orchestrator.events import ToolFinished
from orchestrator.tables import LEDGER
from orchestrator.tables import TABLES as AGENT_TABLES
from pyairtable_platform.kernel import Database

IN_TASKS = {"base_id": "Work", "table_id": "Tasks"}
READ = {"call": [{"name": "get_records", "args": IN_TASKS | {"max_records": 1}}]}
CREATE = {"call": [{"name": "create_record", "args": IN_TASKS | {"fields": {"Name": "Once"}}}]}
AWAY_SECONDS = 1.0


class Cable:
    """The cable to a server: what goes through it, until it is pulled out."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def plug_in(self) -> None:
        """Let connections through, always at the same port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def pull_out(self) -> None:
        """Break what is connected, and refuse what wants to be."""
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream, downstream = await asyncio.open_connection(*self._target)
        self._open |= {writer, downstream}
        await asyncio.gather(_pump(reader, downstream), _pump(upstream, writer))
        self._open -= {writer, downstream}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()


@pytest.fixture
async def cable(postgres_url) -> AsyncIterator[Cable]:
    """A cable to PostgreSQL."""
    where = urlsplit(postgres_url)
    made = Cable(where.hostname or "127.0.0.1", where.port or 5432)
    await made.plug_in()
    yield made
    await made.pull_out()


@pytest.fixture
async def database(cable, postgres_url) -> AsyncIterator[Database]:
    """A database at the other end of the cable."""
    where = urlsplit(postgres_url)
    user = f"{where.username}:{where.password}@" if where.password else f"{where.username}@"
    url = where._replace(netloc=f"{user}127.0.0.1:{cable.port}").geturl()
    async with Database(url) as opened:
        async with opened.writing() as connection:
            await connection.run_sync(AGENT_TABLES.create_all)
        yield opened


@pytest.mark.parametrize("asked", [1, 2, 3])
async def test_a_server_that_comes_back_finds_everything_once(agent, cable, asked):
    ada = await agent(
        READ | {"pause_seconds": 0.2}, CREATE | {"pause_seconds": 0.2}, {"say": "Done.", "pause_seconds": 0.2}
    )
    await ada.grant("create_record")
    await ada.budgets.set_limit(GLOBAL, 100_000_000, at=ada.parts.now())
    await ada.runner.start(ada.session.id, "ada", "Hello")
    while len(ada.sent) < asked:
        await asyncio.sleep(0.01)

    # The model is speaking; what it says cannot be logged, nor paid.
    await cable.pull_out()
    await asyncio.sleep(AWAY_SECONDS)
    asked_meanwhile = len(ada.sent)
    await cable.plug_in()
    told = await ada.rest()

    assert asked_meanwhile == asked
    assert told.end.outcome == "done"
    assert len(ada.sent) == 3
    assert [event.error for event in told.of(ToolFinished)] == ["", ""]
    assert [fields["Name"] for fields in ada.records().values()].count("Once") == 1
    async with ada.database.reading() as connection:
        rows = list(
            await connection.execute(select(LEDGER.c.state, func.sum(LEDGER.c.micros)).group_by("state"))
        )
    [budget] = await ada.budgets.all(at=ada.parts.now(), scopes=[GLOBAL])
    assert [(row[0], int(row[1])) for row in rows] == [("settled", budget.spent)]
    assert budget.held == 0
