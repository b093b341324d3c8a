"""The agent's turns, timed: with its log and its ledger on SQLite, at length, and to the first word.

One fake Gemini for all. pydantic-ai runs beside it without a store, in an environment of its own, which is
made in a scratch folder unless PEER_PYTHON names one that has it; so our loop runs without a store too.
"""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import uvloop
from mcp.server import MCPServer

from agent.no_store import MemoryLog, MemorySessions, NoApprovals, NoLeases, NoLedger
from orchestrator.approvals import Approvals, Grants
from orchestrator.cost import Estimates, Ledger, Prices
from orchestrator.events import ModelMessage, TextDelta, UserMessage
from orchestrator.model.gemini import GeminiModel
from orchestrator.model.steady import SteadyModel
from orchestrator.running import Limits, Options, Parts, Runner
from orchestrator.sessions import Copies, EventLog, Feed, Leases, Sessions
from orchestrator.tables import TABLES
from orchestrator.toolbox.mcp import McpToolbox
from pyairtable_platform.kernel import Database, MemoryKeyValue
from pyairtable_platform.kernel.keyvalue.redis import RedisKeyValue

HERE = Path(__file__).parent / "agent"
ROUNDS = 15
CALLS = 10
MESSAGES = 400
PEER = "pydantic-ai-slim[google]==2.68.0"

TARGETS = {"turn": 8.0, "long": 12.0, "first": 5.0, "frozen": 150.0}


def main() -> None:
    """Measure and print."""
    gemini = subprocess.Popen([sys.executable, HERE / "fake_gemini.py"], stdout=subprocess.PIPE, text=True)
    try:
        assert gemini.stdout is not None
        url = f"http://127.0.0.1:{int(gemini.stdout.readline())}"
        # As the server runs it.
        ours = uvloop.run(measure(url))
        peer = measure_peer(url)
    finally:
        gemini.terminate()
        gemini.wait()
    told = [
        ("a tool turn, log and ledger on SQLite", ours["turn"], TARGETS["turn"]),
        (f"a tool turn at {MESSAGES} messages", ours["long"], TARGETS["long"]),
        ("the model's first byte to ours", ours["first"], TARGETS["first"]),
        ("what a frozen Redis adds to a run", ours["frozen"], TARGETS["frozen"]),
    ]
    for name, milliseconds, target in told:
        verdict = "holds" if milliseconds <= target else "DOES NOT HOLD"
        print(f"{name}: {milliseconds:.2f} ms (at most {target:g}: {verdict})")
    print(f"one commit of an event on this disk: {ours['commit']:.2f} ms")
    told_of_peer = f"a tool turn of pydantic-ai, without a store: {peer:.2f} ms"
    print(f"{told_of_peer}; ours with one: {ours['turn'] / peer:.2f} times that")
    verdict = "holds" if ours["bare"] <= peer else "DOES NOT HOLD"
    ratio = ours["bare"] / peer
    print(f"ours without one: {ours['bare']:.2f} ms, {ratio:.2f} times that (at most 1: {verdict})")


async def measure(url: str) -> dict[str, float]:
    """Ours, in milliseconds."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        database = await stack.enter_async_context(Database(f"sqlite:///{folder}/agent.db"))
        async with database.writing() as connection:
            await connection.run_sync(TABLES.create_all)
        parts = await _parts(stack, database, url)
        runner = Runner(parts)
        await _run(runner, parts, await _session(parts), 1)
        short = [await _turns(runner, parts, await _session(parts)) for _ in range(ROUNDS)]
        long = [await _turns(runner, parts, await _long_session(parts)) for _ in range(ROUNDS // 3)]
        bare_parts = _without_store(parts)
        bare_runner = Runner(bare_parts)
        bare = [await _turns(bare_runner, bare_parts, await _session(bare_parts)) for _ in range(ROUNDS)]
        return {
            "turn": statistics.median(short),
            "long": statistics.median(long),
            "bare": statistics.median(bare),
            "frozen": await _frozen(parts, database),
            "first": statistics.median([await _first(runner, parts) for _ in range(ROUNDS)]),
            "commit": await _commit(parts),
        }


async def _parts(stack: AsyncExitStack, database: Database, url: str) -> Parts:
    http = await stack.enter_async_context(httpx2.AsyncClient())
    toolbox = await stack.enter_async_context(McpToolbox(_server()))
    store = MemoryKeyValue()
    feed = Feed(store)
    log = EventLog(database, Copies(store), feed)
    return Parts(
        sessions=Sessions(database, Copies(store), log),
        log=log,
        leases=Leases(database),
        feed=feed,
        approvals=Approvals(database),
        grants=Grants(database),
        ledger=Ledger(database),
        prices=Prices(),
        estimates=Estimates(),
        model=SteadyModel(GeminiModel(http, api_key="key", base_url=url)),
        toolbox=toolbox,
        defaults=Options("gemini-3.8-flash"),
        limits=replace(Limits(), compact_at_tokens=10_000_000),
    )


def _without_store(parts: Parts) -> Parts:
    approvals: Any = NoApprovals()
    return replace(
        parts,
        sessions=MemorySessions(),
        log=MemoryLog(),
        leases=NoLeases(),
        approvals=approvals,
        ledger=NoLedger(),
    )


def _server() -> "MCPServer[Any]":
    server: MCPServer[Any] = MCPServer("bench", log_level="ERROR")

    @server.tool()
    def get_record(record_id: str) -> dict[str, str]:
        """Read."""
        return {"id": record_id}

    return server


async def _session(parts: Parts) -> str:
    return (await parts.sessions.create("ada", at=datetime.now(UTC))).id


async def _long_session(parts: Parts) -> str:
    session = await _session(parts)
    events: list[Any] = []
    for number in range(MESSAGES // 2):
        events.append(UserMessage("run_old", f"Question {number}. " + "x" * 600))
        said = ({"text": f"Answer {number}. " + "y" * 600},)
        events.append(ModelMessage("run_old", said, "STOP", {"prompt": 10, "output": 10}, "gemini-3.8-flash"))
    await parts.log.append(session, *events)
    return session


async def _turns(runner: Runner, parts: Parts, session: str) -> float:
    """The milliseconds of one tool turn: a run with ten calls less a run with none."""
    none = await _run(runner, parts, session, 0)
    some = await _run(runner, parts, session, CALLS)
    return (some - none) / CALLS


async def _run(runner: Runner, _parts: Parts, session: str, calls: int) -> float:
    before = time.perf_counter()
    await runner.start(session, "ada", f"calls: {calls}")
    await runner.wait(session)
    return (time.perf_counter() - before) * 1000


async def _first(runner: Runner, parts: Parts) -> float:
    """From the moment the model sent its first chunk until whoever watches has it."""
    session = await _session(parts)
    async for happening in _watched(runner, parts, session):
        if isinstance(happening, TextDelta) and happening.text.startswith("sent "):
            return (time.monotonic_ns() - int(happening.text.removeprefix("sent "))) / 1_000_000
    raise AssertionError


async def _watched(runner: Runner, parts: Parts, session: str) -> Any:
    happenings = parts.feed.follow(session, parts.log.read)
    starting = asyncio.create_task(_start_soon(runner, session))
    async for happening in happenings:
        yield happening
    await starting


async def _start_soon(runner: Runner, session: str) -> None:
    # The watcher has to be there first.
    await asyncio.sleep(0.05)
    await runner.start(session, "ada", "calls: 0")


async def _frozen(parts: Parts, database: Database) -> float:
    """A run whose Redis takes connections and never answers, less one whose store is in memory."""
    server = socket.create_server(("127.0.0.1", 0))
    url = f"redis://127.0.0.1:{server.getsockname()[1]}"
    times: dict[str, list[float]] = {"memory": [], "frozen": []}
    for _ in range(5):
        # A new one each time: it has not learned yet that nobody answers.
        async with RedisKeyValue(url) as redis:
            for name, store in (("memory", MemoryKeyValue()), ("frozen", redis)):
                feed = Feed(store)
                log = EventLog(database, Copies(store), feed)
                its = replace(parts, feed=feed, log=log)
                times[name].append(await _run(Runner(its), its, await _session(its), 1))
    server.close()
    return statistics.median(times["frozen"]) - statistics.median(times["memory"])


async def _commit(parts: Parts) -> float:
    session = await _session(parts)
    times = []
    for _ in range(50):
        before = time.perf_counter()
        await parts.log.append(session, UserMessage("run", "x"))
        times.append((time.perf_counter() - before) * 1000)
    return statistics.median(times)


def measure_peer(url: str) -> float:
    """Theirs: the milliseconds of one tool turn."""
    with tempfile.TemporaryDirectory() as folder:
        python = os.environ.get("PEER_PYTHON") or _peer_environment(Path(folder))
        told = subprocess.run(
            [python, HERE / "peer_turns.py", url, str(ROUNDS), str(CALLS)],
            capture_output=True,
            text=True,
            check=True,
        )
    measured = json.loads(told.stdout)
    return float(measured["some"] - measured["none"]) / CALLS


def _peer_environment(folder: Path) -> str:
    venv.create(folder / "peer", with_pip=True)
    python = str(folder / "peer" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True)
    return python


if __name__ == "__main__":
    main()
