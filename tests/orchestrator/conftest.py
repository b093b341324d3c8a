from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from orchestrator.approvals import Approvals, Grants
from orchestrator.cost import Budgets
from orchestrator.cost.report import Report
from orchestrator.sessions import Copies, EventLog, Feed, Sessions
from orchestrator.tables import TABLES
from orchestrator.web.desk import Desk
from pyairtable_platform.kernel import Database, MemoryKeyValue


@pytest.fixture
async def database(database_url):
    """An open database with the agent's tables, once SQLite and once PostgreSQL."""
    async with Database(database_url) as opened:
        async with opened.writing() as connection:
            await connection.run_sync(TABLES.create_all)
        yield opened


class NoRuns:
    """Runs of an application that is asked for none."""

    async def start(self, session, owner, text, options) -> str:
        """Nobody may start one."""
        raise NotImplementedError(session, owner, text, options)

    async def resume(self, session, owner) -> str | None:
        """Nobody may go on."""
        raise NotImplementedError(session, owner)

    async def cancel(self, session) -> bool:
        """Nobody may stop."""
        raise NotImplementedError(session)


@pytest.fixture
def make_desk():
    """Makes a desk over an open database and toolbox; `runs` are made of the desk's own parts."""

    def made(database, store, toolbox, runs) -> Desk:
        feed = Feed(store)
        log = EventLog(database, Copies(store), feed)
        desk = Desk(
            sessions=Sessions(database, Copies(store), log),
            log=log,
            feed=feed,
            approvals=Approvals(database),
            grants=Grants(database),
            budgets=Budgets(database),
            report=Report(database),
            toolbox=toolbox,
            runs=NoRuns(),
            now=lambda: datetime.now(UTC),
        )
        return replace(desk, runs=runs(desk))

    return made


@pytest.fixture
def open_desk(tmp_path, make_desk):
    """Opens a desk over a toolbox, with a database of its own."""

    @asynccontextmanager
    async def opened(toolbox):
        async with Database(f"sqlite:///{tmp_path / 'desk.db'}") as database:
            async with database.writing() as connection:
                await connection.run_sync(TABLES.create_all)
            yield make_desk(database, MemoryKeyValue(), toolbox, lambda _: NoRuns())

    return opened
