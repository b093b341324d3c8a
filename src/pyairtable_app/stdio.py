"""Serving one MCP client over standard input and output, where nothing but the protocol may be written."""

import asyncio
import gc
import logging
import os
import signal
import sys
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

import anyio

from pyairtable_app.call_log import write_calls
from pyairtable_app.settings import Settings
from pyairtable_app.wiring import Wiring

_ENDS_BY = (signal.SIGINT, signal.SIGTERM)


def serve_stdio(settings: Settings) -> None:
    """Serve until the client closes standard input, or a signal ends the process."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    write_calls(sys.stderr)
    # A fifth quicker on its way through the loop, where the extra `platform` has brought it.
    anyio.run(_serve, Wiring(settings), backend_options={"use_uvloop": find_spec("uvloop") is not None})


async def _serve(wiring: Wiring) -> None:
    server = wiring.local_mcp
    gc.freeze()
    gc.enable()
    ended_by = _next_signal()
    async with wiring.running():
        session = asyncio.ensure_future(server.run_stdio_async())
        either: set[asyncio.Future[Any]] = {session, ended_by}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if session.done():
            session.result()
            return
    # The thread that reads standard input cannot be interrupted, and an orderly exit would wait for it.
    os._exit(128 + ended_by.result())


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
