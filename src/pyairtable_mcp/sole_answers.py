"""The answer to a message that is told nothing before it: JSON with a length, where the SDK would stream it.

A server may answer a POST either way (spec: Streamable HTTP, "Sending Messages"), and the SDK settles it for
a whole session of 2025: a stream for every call, or progress and questions for none. Here it is settled by
what comes first, as the SDK does it itself for messages of 2026. The stream costs a client a connection each,
for it leaves when it has read the answer; and it cost this server a fifth of its time for a short call.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream
from mcp.server import streamable_http
from sse_starlette import EventSourceResponse
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Event = dict[str, Any]
"""One event of a stream, as sse_starlette is given it."""

_RESPONSE = re.compile(r'\{"jsonrpc":"2\.0","id":(?:-?\d+|"[^"\\]*"),"(?:result|error)":')
"""How a response begins; whatever looks otherwise is streamed, which is right for everything."""

_OF_STREAMS = {"content-type", "connection", "cache-control"}


def send_sole_answers_as_json() -> None:
    """Have the SDK answer with a `SoleAnswer`, from now on and in the whole process.

    There is no way to hand it one: the transport that answers takes the class from its module, and is made by
    a manager that the server makes. Raises RuntimeError when it takes it from elsewhere.
    """
    if not hasattr(streamable_http, "EventSourceResponse"):
        raise RuntimeError("This version of mcp makes its streams in another way than `SoleAnswer` knows.")
    streamable_http.EventSourceResponse = SoleAnswer


class SoleAnswer:
    """Stands where the SDK makes an EventSourceResponse, and makes one when there is more than an answer.

    An EventSourceResponse starts four tasks beside the sender before anything is sent: for the events, the
    pings, a client that leaves and a server that stops. Most calls are answered before any of these matters:
    of the 655 microseconds that the shortest call took over HTTP, 225 went there.
    """

    ping_seconds: float = EventSourceResponse.DEFAULT_PING_INTERVAL
    """When a client that still waits is given a sign of life."""

    def __init__(
        self,
        *,
        content: MemoryObjectReceiveStream[Event],
        data_sender_callable: Callable[[], Coroutine[Any, Any, None]],
        headers: Mapping[str, str],
    ) -> None:
        self._events = content
        self._sender = data_sender_callable
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what the sender gives. Who only listens, by a GET, has a stream before there is anything."""
        if scope["method"] == "POST":
            await self._answer(scope, receive, send)
        else:
            whole = EventSourceResponse(self._events, 200, self._headers, data_sender_callable=self._sender)
            await whole(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(self._sender)
            with _watched(receive, group.cancel_scope):
                begun = await self._begun()
            match begun:
                case {"event": "message", "data": str(text), **more} if not more and _RESPONSE.match(text):
                    # The sender has no more to say; if it had, it would fail rather than wait for ever.
                    self._events.close()
                    await self._alone(text)(scope, receive, send)
                case _:
                    stream = EventSourceResponse(_followed(begun, self._events), headers=self._headers)
                    await stream(scope, receive, send)
                    group.cancel_scope.cancel()

    async def _begun(self) -> Event | None:
        """What comes first, None where nothing will come; a server that stops breaks it off in its time."""
        with anyio.move_on_after(self.ping_seconds):
            try:
                return await self._events.receive()
            except anyio.EndOfStream:
                return None
        return {"comment": "ping"}

    def _alone(self, text: str) -> Response:
        kept = {name: value for name, value in self._headers.items() if name.lower() not in _OF_STREAMS}
        return Response(text, headers=kept, media_type="application/json")


async def _followed(first: Event | None, rest: MemoryObjectReceiveStream[Event]) -> AsyncIterator[Event]:
    if first is not None:
        yield first
    async for event in rest:
        yield event


@contextmanager
def _watched(receive: Receive, waiting: anyio.CancelScope) -> Iterator[None]:
    """Cancel what waits as soon as the client leaves. A task of anyio would cost four times as much."""

    async def left() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        waiting.cancel()

    leaving = asyncio.create_task(left())
    try:
        yield
    finally:
        leaving.cancel()
