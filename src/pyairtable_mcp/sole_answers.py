"""The answer to a message that is told nothing before it: JSON with a length, where the SDK would stream it.

A server may answer a POST either way (spec: Streamable HTTP, "Sending Messages"), and the SDK settles it for
a whole session of 2025: a stream for every call, or progress and questions for none. Here it is settled by
what comes first, as the SDK does it itself for messages of 2026. The stream costs a client a connection each,
for it leaves when it has read the answer; and it cost this server a fifth of its time for a short call.

What comes first is taken from the SDK's transport where that puts it, and not at the end of the tasks and
streams that would carry it from there: they cost a twentieth more. So this file knows how it keeps a request.
"""

import asyncio
import inspect
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import suppress
from enum import Enum
from functools import partial
from typing import Any, Self, cast

from anyio.streams.memory import MemoryObjectReceiveStream
from mcp.server import streamable_http
from mcp.server.streamable_http import EventMessage, StreamableHTTPServerTransport
from mcp_types import JSONRPCError, JSONRPCResponse
from sse_starlette import EventSourceResponse
from starlette.types import Receive, Scope, Send

_LOG = logging.getLogger(__name__)

Event = dict[str, Any]
"""One event of a stream, as sse_starlette is given it."""

Sender = Callable[[], Coroutine[Any, Any, None]]

_OF_STREAMS = {"content-type", "connection", "cache-control"}

_OF_SENDER = ["self", "request_id", "sse_stream_writer", "request_stream_reader", "priming_event"]


def send_sole_answers_as_json() -> None:
    """Have the SDK answer with a `SoleAnswer`, from now on and in the whole process.

    There is no way to hand it one: the transport that answers takes the class from its module, and is made by
    a manager that the server makes. Where it is another transport than this file knows, it streams as ever.
    """
    if not (hasattr(streamable_http, "EventSourceResponse") and _is_known(StreamableHTTPServerTransport)):
        _LOG.warning(
            "This version of mcp makes its streams in another way than is known: every answer is one."
        )
        return
    streamable_http.EventSourceResponse = SoleAnswer


def _is_known(transport: type[StreamableHTTPServerTransport]) -> bool:
    sender = getattr(transport, "_run_sse_writer", None)
    return (
        sender is not None
        and list(inspect.signature(sender).parameters) == _OF_SENDER
        and getattr(transport(None), "_request_streams", None) == {}
    )


_ANY_GRACE_SECONDS = 3600
"""More than a server gives what it is answering when it stops."""


class SoleAnswer:
    """Stands where the SDK makes an EventSourceResponse, and makes one when there is more than an answer.

    An EventSourceResponse starts four tasks beside the sender before anything is sent: for the events, the
    pings, a client that leaves and a server that stops. Most calls are answered before any of these matters:
    of the 655 microseconds that the shortest call took over HTTP, 225 went there.
    """

    ping_seconds: float = EventSourceResponse.DEFAULT_PING_INTERVAL
    """When a client that still waits is given a sign of life."""

    quick_seconds: float = 1
    """Who leaves sooner is not missed: most answers come before, and it costs a task to look."""

    def __init__(
        self,
        *,
        content: MemoryObjectReceiveStream[Event],
        data_sender_callable: Sender,
        headers: Mapping[str, str],
    ) -> None:
        self._events = content
        self._sender = data_sender_callable
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what there is. Who only listens, by a GET, has a stream before there is anything.

        So has who may come back for the rest of it, and is told first how: by a priming event.
        """
        match self._sender:
            case partial(args=(_, _, _, None)):
                await self._answer(_Posted(self._sender), scope, receive, send)
            case _:
                await self._streamed(self._events, self._sender)(scope, receive, send)

    async def _answer(self, posted: "_Posted", scope: Scope, receive: Receive, send: Send) -> None:
        try:
            begun = await self._begun(posted, receive)
        except asyncio.CancelledError:
            posted.forget()
            raise
        match begun:
            case _Instead.LEFT:
                posted.forget()
            case EventMessage(message=JSONRPCResponse() | JSONRPCError() as answer, event_id=None):
                posted.forget()
                await self._alone(answer, send)
            case _Instead.LASTS:
                whole = self._streamed(_after_a_ping(self._events), posted.sender(), stays=True)
                await whole(scope, receive, send)
            case _:
                await self._streamed(self._events, posted.sender(begun), stays=True)(scope, receive, send)

    async def _begun(self, posted: "_Posted", receive: Receive) -> "_Begun":
        """What comes first, None where nothing will come; a server that stops breaks it off in its time."""
        watching: list[asyncio.Task[None]] = []

        def watch() -> None:
            watching.append(asyncio.create_task(self._watch(posted, receive)))

        timer = asyncio.get_running_loop().call_later(self.quick_seconds, watch)
        try:
            return await posted.first
        finally:
            timer.cancel()
            for task in watching:
                task.cancel()

    async def _watch(self, posted: "_Posted", receive: Receive) -> None:
        """End the wait for what comes first when the client has left, or needs a sign of life."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.ping_seconds - self.quick_seconds):
                while (await receive())["type"] != "http.disconnect":
                    pass
                posted.settle(_Instead.LEFT)
        posted.settle(_Instead.LASTS)

    async def _alone(self, answer: JSONRPCResponse | JSONRPCError, send: Send) -> None:
        body = answer.model_dump_json(by_alias=True, exclude_unset=True).encode()
        kept = [(name.lower(), value) for name, value in self._headers.items()]
        headers = [
            *((name.encode(), value.encode()) for name, value in kept if name not in _OF_STREAMS),
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _streamed(
        self, events: AsyncIterator[Event], sender: Sender, *, stays: bool = False
    ) -> EventSourceResponse:
        """The stream. It ends when the server begins to stop; one that `stays`, when that breaks it off."""
        return EventSourceResponse(
            events,
            headers=self._headers,
            data_sender_callable=sender,
            shutdown_grace_period=_ANY_GRACE_SECONDS if stays else 0,
        )


class _Instead(Enum):
    """What a wait may end with before there is a message."""

    LEFT = 1
    LASTS = 2


_Begun = EventMessage | _Instead | None


class _Posted:
    """A request that was posted, standing where the transport sends its messages.

    The first one is told to who waits, the others go the SDK's way, which begins with a stream.
    """

    def __init__(self, sender: "partial[Any]") -> None:
        self.first: asyncio.Future[_Begun] = asyncio.get_running_loop().create_future()
        self._send_events = sender.func
        self._id, self._events, self._messages, _ = sender.args
        self._transport = cast("Any", sender.func).__self__
        # It has no door to them, and `_is_known` has seen that they are there.
        self._streams: dict[str, Any] = self._transport._request_streams  # noqa: SLF001
        self._rest, _ = self._streams[self._id]
        self._streams[self._id] = (self, self._messages)

    async def send(self, message: EventMessage) -> None:
        """Take a message; waits while there are too many that nobody fetches."""
        if self.first.done():
            await self._rest.send(message)
        else:
            self.first.set_result(message)

    def settle(self, with_what: _Begun) -> None:
        """Have the wait for the first message end, if it lasts."""
        if not self.first.done():
            self.first.set_result(with_what)

    def close(self) -> None:
        """There will be no message any more."""
        self.settle(None)
        self._rest.close()

    async def aclose(self) -> None:
        """See `close`."""
        self.close()

    def sender(self, first: EventMessage | None = None) -> Sender:
        """What makes events of that message and of those that follow."""
        return partial(self._send_events, self._id, self._events, _After(first, self._messages), None)

    def forget(self) -> None:
        """Have the transport keep nothing of it: there is no more to say, or nobody to say it to."""
        sender, _ = self._streams.get(self._id, (None, None))
        if sender is self:
            self._transport.close_sse_stream(self._id)
            return
        # A request with the same id has taken its place, and is not ended with it.
        self.close()
        self._messages.close()
        self._events.close()


class _After:
    """That message, then the others, for a sender that closes them in the end."""

    def __init__(self, first: EventMessage | None, others: MemoryObjectReceiveStream[EventMessage]) -> None:
        self._first = first
        self._others = others

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._others.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> EventMessage:
        if self._first is None:
            return await anext(self._others)
        first, self._first = self._first, None
        return first


async def _after_a_ping(events: AsyncIterator[Event]) -> AsyncIterator[Event]:
    yield {"comment": "ping"}
    async for event in events:
        yield event
