"""Agents in processes of their own, each of which kills itself at the n-th thing that it does.

Run by test_crashes. Each line of its input is JSON for one agent: database, gemini, airtable, journal,
session, do (start, resume, recover), kill_at, later (seconds by which its clock is ahead, so that leases of
dead processes are over). The agent is a fork of this process, which has read all modules; its exit status is
the answer.
"""

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx2

from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway
from airtable_gateway.journal.sqlite import SqliteJournal
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from orchestrator.approvals import Approvals, Grants
from orchestrator.cost import Estimates, Ledger, Prices
from orchestrator.model.gemini import GeminiModel
from orchestrator.model.steady import SteadyModel
from orchestrator.running import Options, Parts, Runner
from orchestrator.sessions import Copies, EventLog, Feed, Leases, Sessions
from orchestrator.toolbox.mcp import McpToolbox
from pyairtable_mcp import ToolContext, build_server
from pyairtable_platform.kernel import Database, MemoryKeyValue


class Fuse:
    """Counts what is done, before and after; at the n-th count the process is dead."""

    def __init__(self, kill_at: int) -> None:
        self._left = kill_at

    def burn(self) -> None:
        """One more."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, thing: Any, *names: str) -> Any:
        """The thing, with a count before and after each of these methods."""
        for name in names:
            setattr(thing, name, self._fused(getattr(thing, name)))
        return thing

    def _fused(self, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def counted(*given: Any, **named: Any) -> Any:
            self.burn()
            result = await method(*given, **named)
            self.burn()
            return result

        return counted


async def main(told: dict[str, Any]) -> None:
    """Do what is told, until the run rests."""
    fuse = Fuse(told["kill_at"])
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(told["database"]))
        http = await stack.enter_async_context(httpx2.AsyncClient())
        inner = PyAirtableGateway(FixedEndpoint(Endpoint(told["airtable"], "pat")), rate_limit=None)
        gateway = JournaledGateway(inner, SqliteJournal(Path(told["journal"])), settling_seconds=0)
        await stack.enter_async_context(gateway)
        toolbox = await stack.enter_async_context(McpToolbox(build_server(ToolContext(gateway))))
        store = MemoryKeyValue()
        log = fuse.around(EventLog(database, Copies(store), Feed(store)), "add", "tell")
        parts = Parts(
            sessions=Sessions(database, Copies(store), log),
            log=log,
            leases=fuse.around(Leases(database), "take", "give_back"),
            feed=Feed(store),
            approvals=fuse.around(Approvals(database), "ask"),
            grants=Grants(database),
            ledger=fuse.around(Ledger(database), "reserve", "settle"),
            prices=Prices(),
            estimates=Estimates(),
            model=SteadyModel(GeminiModel(http, api_key="key", base_url=told["gemini"])),
            toolbox=fuse.around(toolbox, "call"),
            defaults=Options("gemini-3.8-flash"),
            now=lambda: datetime.now(UTC) + timedelta(seconds=told["later"]),
        )
        runner = Runner(parts)
        match told["do"]:
            case "start":
                await runner.start(told["session"], "ada", "Add it.")
            case "resume":
                await runner.resume(told["session"], "ada")
            case "recover":
                await runner.recover()
        await runner.wait(told["session"])
        await runner.close(seconds=10)


def in_a_process(told: dict[str, Any]) -> int:
    """The exit status of a process that did what is told, negative for the signal that ended it."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            asyncio.run(main(told))
            status = 0
        except BaseException:  # noqa: BLE001 - whatever it was, the parent reads of it
            traceback.print_exc()
        finally:
            # Nothing of this process is for its parent to finish.
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def read_all_modules() -> None:
    """What is read on first use otherwise, by each fork anew."""
    for name in ("genai_prices.data", "h11", "httpcore2", "jsonschema", "pyairtable", "truststore"):
        import_module(name)
    nowhere = PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1", "pat")), rate_limit=None)
    build_server(ToolContext(nowhere))


if __name__ == "__main__":
    read_all_modules()
    for line in sys.stdin:
        sys.stdout.write(f"{in_a_process(json.loads(line))}\n")
        sys.stdout.flush()
