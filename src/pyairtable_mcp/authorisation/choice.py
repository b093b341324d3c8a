"""The gateway of whoever calls: with their own credential where there is a store, within their scopes."""

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from mcp.server.auth.middleware.auth_context import get_access_token

from airtable_gateway import Gateway, Refused
from pyairtable_mcp.authorisation.credentials import CredentialError, CredentialStore
from pyairtable_mcp.authorisation.scopes import SCOPE_OF, grants
from pyairtable_mcp.principal import principal
from pyairtable_mcp.serving import Right


@dataclass(frozen=True, slots=True)
class Way:
    """A gateway by one credential, and the time at the Airtable that it reaches, None before an answer."""

    gateway: Gateway
    server_time: Callable[[], datetime | None]


class PrincipalChoice:
    """See `Choice`. Who came through no door, and everybody where there is no `store`, has `shared`."""

    def __init__(self, shared: Way, store: CredentialStore | None, make: Callable[[str], Way]) -> None:
        """`make` gives the way for a token of Airtable's; this opens and closes its gateway."""
        self._shared = shared
        self._store = store
        self._make = make
        self._own: dict[tuple[str, bytes], Way] = {}
        self._latest: dict[str, Way] = {}
        self._opening = asyncio.Lock()
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._opened.enter_async_context(self._shared.gateway)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._own.clear()
        self._latest.clear()
        await self._opened.aclose()

    async def gateway(self, right: Right) -> Gateway:
        """See `Choice.gateway`."""
        caller = get_access_token()
        if caller is None:
            return self._shared.gateway
        if not grants(caller.scopes, SCOPE_OF[right]):
            raise Refused(
                f"Your token lacks the scope {SCOPE_OF[right]}.", hint="Ask for it when you sign in again."
            )
        if self._store is None:
            return self._shared.gateway
        return await self._gateway_of(self._store, principal())

    def server_time(self) -> datetime | None:
        """Airtable's time by the last answer to the caller's own gateway; by another's before it has one."""
        own = self._latest.get(principal()) if get_access_token() else None
        for way in (own, self._shared, *self._own.values()):
            if way and (moment := way.server_time()):
                return moment
        return None

    async def _gateway_of(self, store: CredentialStore, owner: str) -> Gateway:
        try:
            token = await asyncio.to_thread(store.token, owner)
        except CredentialError as error:
            raise Refused(f"Your Airtable credential cannot be read: {error}.") from error
        if token is None:
            raise Refused(
                f"No Airtable credential is stored for {owner!r}.",
                hint=f"The server's owner adds one: pyairtable-mcp credentials add {owner!r}.",
            )
        # Keyed by the credential too: one that was replaced is used from then on.
        key = (owner, hashlib.sha256(token.encode()).digest())
        async with self._opening:
            if key not in self._own:
                way = self._make(token)
                await self._opened.enter_async_context(way.gateway)
                self._own[key] = way
            self._latest[owner] = self._own[key]
            return self._own[key].gateway
