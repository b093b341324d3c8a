"""One connection to an MCP server, kept open by a task of its own, and made anew after it broke."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context

from mcp import Client

from orchestrator.errors import ToolsUnreachable

Connect = Callable[[], Client]


class Connection:
    """The SDK closes a client in the task that opened it; calls come from many. So one task holds it."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._holding: asyncio.Task[None] | None = None
        self._opened: asyncio.Future[Client] | None = None
        self._leaving = asyncio.Event()
        self._turn = asyncio.Lock()

    async def client(self) -> Client:
        """The client, opened if it is not. Raises ToolsUnreachable."""
        async with self._turn:
            if self._opened is None:
                self._opened = asyncio.get_running_loop().create_future()
                self._leaving = asyncio.Event()
                # In a context of its own: nothing of the call that happens to open it may stay with it.
                self._holding = asyncio.create_task(
                    self._hold(self._opened, self._leaving), context=Context()
                )
            opened = self._opened
        try:
            return await asyncio.shield(opened)
        except ToolsUnreachable:
            await self.close()
            raise

    async def close(self, broken: Client | None = None) -> None:
        """Let go; the next call opens it anew. With `broken` only if it is still that one."""
        async with self._turn:
            if broken is not None and not self._is(broken):
                return
            holding, self._holding, self._opened = self._holding, None, None
            self._leaving.set()
        if holding is not None:
            with suppress(asyncio.CancelledError, Exception):
                await holding

    def _is(self, client: Client) -> bool:
        opened = self._opened
        return opened is not None and opened.done() and not opened.exception() and opened.result() is client

    async def _hold(self, opened: "asyncio.Future[Client]", leaving: asyncio.Event) -> None:
        try:
            async with self._connect() as client:
                opened.set_result(client)
                await leaving.wait()
        except Exception as error:  # noqa: BLE001 - whatever a transport raises, the server is not there
            if not opened.done():
                told = f"The MCP server cannot be reached: {_root(error)!r}."
                opened.set_exception(ToolsUnreachable(told))
                opened.exception()


def _root(error: Exception) -> Exception:
    """What a task group wraps, if that is one error."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
