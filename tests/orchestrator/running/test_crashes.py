"""A process that is killed at any point: the run goes on from the log, no write twice, none lost, sums right.

AGENT_KILLS=all goes through every point; without it, a few are taken that lie around what matters.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import func, select

from local_twins.airtable import AnyToken, Store, TwinServer, import_document
from local_twins.airtable import create_app as create_airtable
from local_twins.gemini import Script, create_app
from orchestrator.approvals import Approvals
from orchestrator.cost import GLOBAL, Budgets, Ledger
from orchestrator.events import ApprovalRequested, RunFinished, ToolFinished
from orchestrator.sessions import Copies, EventLog, Feed, Sessions
from orchestrator.tables import LEDGER
from pyairtable_platform.kernel import MemoryKeyValue

CHILD = Path(__file__).with_name("crashing_agent.py")
SOURCES = Path(__file__).parents[3] / "src"
OWNER = "ada"
IN_TASKS = {"base_id": "Work", "table_id": "Tasks"}
TURNS = [
    {"call": [{"name": "list_tables", "args": {"base_id": "Work"}}]},
    {"call": [{"name": "create_record", "args": IN_TASKS | {"fields": {"Name": "Once"}}}]},
    {"say": "Added."},
]
TABLE = {
    "id": "tblTasks000000001",
    "name": "Tasks",
    "primaryFieldId": "fldTaskName000001",
    "fields": [{"id": "fldTaskName000001", "name": "Name", "type": "singleLineText"}],
    "views": [{"id": "viwTasks000000001", "name": "Grid view", "type": "grid"}],
}
BASE = {"id": "appWork0000000001", "name": "Work", "tables": [TABLE], "records": {}}
MOST_POINTS = 46

# A read is made and not logged; the write is begun and not made; the write is made and not logged. All points
# are killed at by `make soak-agent`.
FEW = {"start": (18,), "resume": (15, 16)}


class World:
    """What survives: a database, a Gemini, an Airtable; and the processes that come and go."""

    def __init__(self, database, url, tmp_path, stack, agents):
        kept = stack.enter_context(Store.open(":memory:"))
        import_document(kept, {"users": [], "bases": [BASE]})
        script = Script.of({"conversations": [{"turns": TURNS}]})
        self.airtable = stack.enter_context(TwinServer(create_airtable(kept, tokens=AnyToken())))
        self.told = {
            "database": url,
            "gemini": stack.enter_context(TwinServer(create_app(script))),
            "airtable": self.airtable,
            "journal": str(tmp_path / "journal.db"),
        }
        store = MemoryKeyValue()
        self.log = EventLog(database, Copies(store), Feed(store))
        self.sessions = Sessions(database, Copies(store), self.log)
        self.approvals = Approvals(database)
        self.database = database
        self.agents = agents
        self.later = 0

    async def child(self, session, do, kill_at=0):
        """Whether the process came to its end; else it was killed. Any other end fails."""
        told = self.told | {"session": session, "do": do, "kill_at": kill_at, "later": self.later}
        self.later += 60
        status = await asyncio.to_thread(self.agents.run, told)
        assert status in (0, -signal.SIGKILL), self.agents.complaints()
        return status == 0

    async def begin(self):
        """A session of ada's in a world with a budget."""
        await Budgets(self.database).set_limit(GLOBAL, 100_000_000, at=datetime.now(UTC))
        return (await self.sessions.create(OWNER, at=datetime.now(UTC))).id

    async def events(self, session):
        return [logged.event for logged in await self.log.read(session)]

    async def until_it_waits(self, session, kill_at):
        """Say it, be killed, and recover until the call waits; whether anybody was killed."""
        has_ended = await self.child(session, "start", kill_at)
        await self.child(session, "recover")
        if not await self.events(session):
            # Nothing was promised yet: the person says it again.
            await self.child(session, "start")
        return not has_ended

    async def approve(self, session):
        now = datetime.now(UTC)
        [approval] = await self.approvals.waiting(OWNER, at=now, session=session)
        await self.approvals.decide(approval.id, OWNER, "approved", at=now, by=OWNER)

    async def until_it_is_done(self, session, kill_at):
        """Go on, be killed, and recover until the run is done; whether anybody was killed."""
        has_ended = await self.child(session, "resume", kill_at)
        await self.child(session, "recover")
        if (await self.events(session))[-1].outcome == "waiting":
            # The decision stands, and going on had not begun: it is asked for again.
            await self.child(session, "resume")
        return not has_ended

    def names(self):
        answer = requests.get(
            f"{self.airtable}/v0/appWork0000000001/Tasks", headers={"Authorization": "Bearer pat"}, timeout=10
        )
        return [record["fields"]["Name"] for record in answer.json()["records"]]

    async def hold_to_account(self, session):
        """One write, one answer a call, one end; and the ledger's sum is the budget's."""
        events = await self.events(session)
        finished = [event.call for event in events if isinstance(event, ToolFinished)]
        asked = [event for event in events if isinstance(event, ApprovalRequested)]
        assert self.names() == ["Once"]
        assert len(finished) == len(set(finished)) == 2
        assert [event.error for event in events if isinstance(event, ToolFinished)] == ["", ""]
        assert len(asked) == 1
        assert isinstance(events[-1], RunFinished)
        assert events[-1].outcome == "done"
        future = datetime.now(UTC) + timedelta(days=1)
        await Ledger(self.database).sweep(before=future, at=future)
        async with self.database.reading() as connection:
            rows = await connection.execute(
                select(LEDGER.c.state, func.sum(LEDGER.c.micros)).group_by(LEDGER.c.state)
            )
            sums = {state: int(micros) for state, micros in rows}
        [budget] = await Budgets(self.database).all(at=datetime.now(UTC), scopes=[GLOBAL])
        assert sums.keys() <= {"settled", "void"}
        assert budget.spent == sums["settled"] > 0
        assert budget.held == 0


class Agents:
    """The process whose forks are the agents."""

    def __init__(self, process, errors):
        self._process = process
        self._errors = errors

    def run(self, told):
        """The exit status of an agent that did what is told."""
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def complaints(self):
        return self._errors.read_text()


@pytest.fixture(scope="module")
def agents(tmp_path_factory):
    errors = tmp_path_factory.mktemp("agents") / "errors.txt"
    with (
        errors.open("w") as complaints,
        subprocess.Popen(
            [sys.executable, str(CHILD)],
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        ) as process,
    ):
        yield Agents(process, errors)
        if process.stdin is not None:
            process.stdin.close()


@pytest.fixture
def world(database, database_url, tmp_path, agents):
    with ExitStack() as stack:
        yield World(database, database_url, tmp_path, stack, agents)


POINTS = (
    [(phase, point) for phase, points in FEW.items() for point in points]
    if os.environ.get("AGENT_KILLS") != "all"
    else [(phase, point) for phase in FEW for point in range(1, MOST_POINTS)]
)


@pytest.mark.parametrize(("phase", "point"), POINTS)
async def test_a_killed_process_costs_nothing_and_doubles_nothing(world, phase, point):
    session = await world.begin()

    was_killed = await world.until_it_waits(session, point if phase == "start" else 0)
    assert world.names() == []
    await world.approve(session)
    was_killed |= await world.until_it_is_done(session, point if phase == "resume" else 0)

    await world.hold_to_account(session)
    if point in FEW[phase]:
        assert was_killed
