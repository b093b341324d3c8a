"""Subscriptions of clients of 2025-11-25 and before: address by address, as long as the session lasts."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import anyio
from mcp import MCPError
from mcp.server.context import ServerRequestContext
from mcp.server.session import ServerSession
from mcp.server.subscriptions import ResourceUpdated, ServerEvent
from mcp.types import INVALID_REQUEST

from airtable_gateway import Gateway
from pyairtable_mcp.subscribing.following import followed
from pyairtable_mcp.watching import Watchers

_KEY = "pyairtable subscriptions"
MOST = 200
"""Addresses that one session is told of."""


class SessionSubscriptions:
    """The addresses that one session is told of, on its own stream."""

    def __init__(self, session: ServerSession, gateway: Gateway, watchers: Watchers) -> None:
        self._session = session
        self._gateway = gateway
        self._watchers = watchers
        self._held: dict[str, AsyncExitStack] = {}
        self._news: asyncio.Queue[str] = asyncio.Queue()
        self._leave = watchers.subscribe(self._hear)
        self._sending = asyncio.create_task(self._send())

    async def add(self, uri: str) -> None:
        """Tell of what changes there, from now on. Raises MCPError for more than a session is told of."""
        if uri in self._held:
            return
        if len(self._held) >= MOST:
            raise MCPError(
                INVALID_REQUEST,
                f"A session is told of {MOST} resources at most: unsubscribe from some of them first.",
            )
        held = self._held[uri] = AsyncExitStack()
        await held.enter_async_context(followed(self._gateway, [uri], self._news.put_nowait))

    async def remove(self, uri: str) -> None:
        """Tell no more."""
        held = self._held.pop(uri, None)
        if held is not None:
            await held.aclose()

    async def close(self) -> None:
        """End with the session."""
        self._leave()
        self._sending.cancel()
        for uri in list(self._held):
            await self.remove(uri)
        await asyncio.gather(self._sending, return_exceptions=True)

    def _hear(self, event: ServerEvent) -> None:
        if isinstance(event, ResourceUpdated) and event.uri in self._held:
            self._news.put_nowait(event.uri)

    async def _send(self) -> None:
        while True:
            uri = await self._news.get()
            try:
                await self._session.send_resource_updated(uri)
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                return


def subscriptions_of(
    ctx: ServerRequestContext[Any, Any], gateway: Gateway, watchers: Watchers
) -> SessionSubscriptions:
    """Those of the session that the message came in."""
    # The SDK documents a connection's state and end for this use, and gives handlers no public way to it.
    connection = ctx.session._connection  # noqa: SLF001
    held: SessionSubscriptions | None = connection.state.get(_KEY)
    if held is None:
        held = connection.state[_KEY] = SessionSubscriptions(ctx.session, gateway, watchers)
        connection.exit_stack.push_async_callback(held.close)
    return held
