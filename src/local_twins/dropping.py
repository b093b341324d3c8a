"""Connections that end without an answer: an HTTP protocol that can drop them, and a response that does."""

import asyncio
from typing import TYPE_CHECKING, cast

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from local_twins.gathering import GatheringTransport

_STATE = "drop_connection"

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol as _HttpProtocol
else:
    _HttpProtocol = AutoHTTPProtocol


class DroppingProtocol(_HttpProtocol):
    """Uvicorn's protocol; each request's state says how to drop its connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """Note how this connection is dropped."""
        gathering = GatheringTransport(transport, self.loop)
        super().connection_made(cast("asyncio.Transport", gathering))
        self.app_state = {**self.app_state, _STATE: gathering.abort}


class Dropped(Response):
    """No answer at all; needs a server with DroppingProtocol."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Drop the connection, and wait until it is gone."""
        drop(scope)
        while (await receive())["type"] != "http.disconnect":
            pass


def drop(scope: Scope) -> None:
    """Drop the connection of this request, whatever was sent of its answer."""
    scope["state"][_STATE]()


def can_drop(scope: Scope) -> bool:
    """Whether the server of this request can drop its connection."""
    return _STATE in scope.get("state", {})
