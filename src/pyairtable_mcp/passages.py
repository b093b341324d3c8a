"""How messages pass between the tasks of a session over HTTP: as the SDK has it, without its detours.

Its own ways are streams of anyio in a wrapper. Each end gives up its turn before it does anything, and looks
up the loop and the task again: a twenty-fifth of the server's time for a call.
"""

import asyncio
from collections import deque
from contextvars import Context, copy_context
from typing import Any, Self

from anyio import BrokenResourceError, ClosedResourceError, EndOfStream
from mcp.server import streamable_http

_Sent = tuple[Context, Any]


def send_by_passages() -> None:
    """Have the sessions of the SDK over HTTP send by passages, from now on and in the whole process.

    There is no way to hand them any. Raises RuntimeError when the SDK makes its own elsewhere.
    """
    if not hasattr(streamable_http, "create_context_streams"):
        raise RuntimeError("This version of mcp makes the streams of a session elsewhere than is known here.")
    streamable_http.create_context_streams = Passages


class Passages:
    """Stands where the SDK has `create_context_streams`, and is called as that: `Passages[kind](0)`."""

    def __class_getitem__(cls, _: object) -> type["Passages"]:
        return cls

    def __new__(cls, _room: float = 0) -> Any:
        """A passage as its two ends. It has no room: who sends waits until the message is taken."""
        passage = _Passage()
        return WayIn(passage), WayOut(passage)


class _Passage:
    """Who waits at which end, and which of the ends are closed. A future of who gave up waiting is done."""

    def __init__(self) -> None:
        self.senders: deque[tuple[asyncio.Future[bool], _Sent]] = deque()
        self.takers: deque[asyncio.Future[_Sent | None]] = deque()
        self.is_closed_to_senders = False
        self.is_closed_to_takers = False

    def send_away(self) -> None:
        """Have nobody wait any more."""
        for taken, _ in self.senders:
            if not taken.done():
                taken.set_result(False)
        for taker in self.takers:
            if not taker.done():
                taker.set_result(None)
        self.senders.clear()
        self.takers.clear()


class WayIn:
    """The end of a passage where messages are sent."""

    def __init__(self, passage: _Passage) -> None:
        self._passage = passage

    async def send(self, message: Any) -> None:
        """Until it is taken. Raises ClosedResourceError, or BrokenResourceError where nobody takes any."""
        passage = self._passage
        if passage.is_closed_to_senders or passage.is_closed_to_takers:
            raise self._end()
        sent = (copy_context(), message)
        while passage.takers:
            taker = passage.takers.popleft()
            if not taker.done():
                taker.set_result(sent)
                return
        taken: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        passage.senders.append((taken, sent))
        if not await taken:
            raise self._end()

    def _end(self) -> Exception:
        return ClosedResourceError() if self._passage.is_closed_to_senders else BrokenResourceError()

    def close(self) -> None:
        """Send no more: who takes is told the end."""
        self._passage.is_closed_to_senders = True
        self._passage.send_away()

    async def aclose(self) -> None:
        """See `close`."""
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


class WayOut:
    """The end of a passage where messages are taken; `last_context` is that of who sent the last one."""

    def __init__(self, passage: _Passage) -> None:
        self._passage = passage
        self.last_context: Context | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        self.last_context, message = self._waiting() or await self._next()
        return message

    def _waiting(self) -> _Sent | None:
        """The message of who waits to send one."""
        senders = self._passage.senders
        while senders:
            taken, sent = senders.popleft()
            if not taken.done():
                taken.set_result(True)
                return sent
        return None

    async def _next(self) -> _Sent:
        passage = self._passage
        if passage.is_closed_to_takers or passage.is_closed_to_senders:
            raise self._end()
        taker: asyncio.Future[_Sent | None] = asyncio.get_running_loop().create_future()
        passage.takers.append(taker)
        sent = await taker
        if sent is None:
            raise self._end()
        return sent

    def _end(self) -> Exception:
        return ClosedResourceError() if self._passage.is_closed_to_takers else StopAsyncIteration()

    async def receive(self) -> Any:
        """The next message. Raises EndOfStream after the last one, ClosedResourceError."""
        try:
            return await anext(self)
        except StopAsyncIteration:
            raise EndOfStream from None

    def close(self) -> None:
        """Take no more: who sends is told that nobody does."""
        self._passage.is_closed_to_takers = True
        self._passage.send_away()

    async def aclose(self) -> None:
        """See `close`."""
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()
