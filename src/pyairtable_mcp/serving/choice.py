"""Which gateway serves the call under way, and whether the caller has the right that the call needs."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Literal, Protocol, Self

from airtable_gateway import Gateway

Right = Literal["read", "write", "schema"]
"""What a call does: reads; writes records, comments and files; changes what holds them, or webhooks."""


class Choice(Protocol):
    """Chooses by who calls. `async with choice:` opens it; a gateway is given only in between."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *exc: object) -> None: ...

    async def gateway(self, right: Right) -> Gateway:
        """The caller's gateway, open. Raises Refused when the caller may not."""
        ...


class LateGateway:
    """The same gateway for everybody, with every right; `make` makes it for the first call.

    A client that starts a server asks for the tools first, and waits for whatever was loaded before.
    """

    def __init__(self, make: Callable[[], Gateway]) -> None:
        self._make = make
        self._opened = AsyncExitStack()
        self._inner: Gateway | None = None
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._opened.aclose()

    async def gateway(self, right: Right) -> Gateway:  # noqa: ARG002 - everybody may do everything
        """See `Choice.gateway`."""
        return self._inner or await self._made()

    async def _made(self) -> Gateway:
        """The gateway, opened by the first of the calls that wait for it."""
        async with self._opening:
            if self._inner is None:
                self._inner = await self._opened.enter_async_context(self._make())
            return self._inner
