"""Serving one MCP client over standard input and output, where nothing but the protocol may be written."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from importlib.util import find_spec
from typing import Any

import anyio
from mcp.server import MCPServer

from pyairtable_app.call_log import write_calls
from pyairtable_app.garbage import collect_seldom
from pyairtable_app.line_streams import LinesAsked, LinesTold
from pyairtable_app.messages import Messages
from pyairtable_app.pipes import can_be_pipes, taken_pipes
from pyairtable_app.settings import Settings
from pyairtable_app.wiring import Wiring

_ENDS_BY = (signal.SIGINT, signal.SIGTERM)


def serve_stdio(settings: Settings) -> None:
    """Serve until the client closes standard input, or a signal ends the process.

    A client that reads no more ends it too, in a line and with the status 1.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    write_calls(sys.stderr)
    # A fifth quicker on its way through the loop, where the extra `platform` has brought it.
    options = {"use_uvloop": find_spec("uvloop") is not None}
    is_read = True
    try:
        anyio.run(_serve, Wiring(settings), backend_options=options)
    except* ConnectionError:
        is_read = False
    if not is_read:
        raise SystemExit("pyairtable-mcp: the client closed the pipe that answers go through.")


async def _serve(wiring: Wiring) -> None:
    server = wiring.local_mcp
    collect_seldom()
    ended_by = _next_signal()
    async with AsyncExitStack() as stack:
        stack.enter_context(wiring.afterwards.keeping())
        await stack.enter_async_context(wiring.running())
        session = asyncio.ensure_future(_session(server, wiring.afterwards.tell))
        either: set[asyncio.Future[Any]] = {session, ended_by}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if session.done():
            session.result()
            return
    # A thread that reads a terminal cannot be interrupted, and an orderly exit would wait for it.
    os._exit(128 + ended_by.result())


async def _session(server: MCPServer[Any], answered: Callable[[], None]) -> None:
    """Serve one client, by the loop itself where that can be: each wait in a thread makes a call slower.

    There, `answered` is called when something has been sent.
    """
    if not can_be_pipes():
        await server.run_stdio_async()
        return
    served = server._lowlevel_server  # noqa: SLF001 - the SDK serves on given streams nowhere else
    async with taken_pipes(answered) as (lines, text):
        asked, told = LinesAsked(Messages(lines, text)), LinesTold(text)
        async with anyio.create_task_group() as group:
            group.start_soon(told.unheard)
            await served.run(asked, told, served.create_initialization_options())
            group.cancel_scope.cancel()


def _next_signal() -> "asyncio.Future[int]":
    """Resolves with the number of the first signal that asks the process to end."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[int] = loop.create_future()

    def arrive(number: int) -> None:
        if not arrived.done():
            arrived.set_result(number)

    for number in _ENDS_BY:
        # Windows has no such handlers; there the interpreter raises KeyboardInterrupt.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, arrive, number)
    return arrived
