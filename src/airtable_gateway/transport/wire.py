"""The way from asyncio to Airtable: a pool of threads, a connection, and one attempt for each call."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

from airtable_gateway.calls.call import Call, Repeat
from airtable_gateway.endpoint import Endpoint, EndpointSource
from airtable_gateway.errors import NothingListens, Unreachable
from airtable_gateway.transport.threads import Threads

if TYPE_CHECKING:
    from airtable_gateway.transport.connection import Connection

T = TypeVar("T")

_DOUBT = " The write may have been applied all the same."
_READ_HINT = "Nothing was changed: call again."


@dataclass(frozen=True, slots=True)
class _Link:
    """An endpoint and the connection to it."""

    endpoint: Endpoint
    connection: "Connection"
    token_name: str


class Wire:
    """Sends calls through its own threads, so that nobody else's blocking work delays them.

    `before_write` is called by the thread that sends a write, before it: see `Ports`.
    """

    def __init__(
        self,
        endpoints: EndpointSource,
        *,
        timeout: tuple[int, int],
        threads: int,
        before_write: Callable[[], None] = lambda: None,
    ) -> None:
        self._endpoints = endpoints
        self._before_write = before_write
        self._timeout = timeout
        self._threads = threads
        self._pool: Threads | None = None
        self._link: _Link | None = None
        self._linking = asyncio.Lock()

    def open(self) -> None:
        """Make ready; no connection is made before the first call."""
        self._pool = Threads(self._threads)

    async def close(self) -> None:
        """Wait for the calls that are under way, then let go of threads and sockets."""
        if self._pool is not None:
            await self._pool.close()
        if self._link is not None:
            self._link.connection.close()
        self._pool = self._link = None

    async def token_name(self) -> str:
        """The Airtable and the token in use, as two digests with a colon between them; made once."""
        link = self._link or await self._linked()
        return link.token_name

    def now(self) -> datetime | None:
        """Airtable's time by its last answer, None before the first one."""
        return self._link.connection.server_time() if self._link else None

    async def send(self, call: Call[T]) -> T:
        """One attempt; a second one only when nothing listened and the endpoint has moved.

        Raises AirtableError. When the caller is cancelled, a call that waits for a thread is not sent, and
        one that has a thread runs to its end.
        """
        link = self._link or await self._linked()
        try:
            return await self._attempt(link, call)
        except NothingListens:
            moved = await self._moved(link)
            if moved is None:
                raise
        return await self._attempt(moved, call)

    async def _attempt(self, link: _Link, call: Call[T]) -> T:
        try:
            return await self._in_thread(partial(self._sent, link, call))
        except Unreachable as error:
            raise _told(error, call.repeat) from None

    def _sent(self, link: _Link, call: Call[T]) -> T:
        if call.repeat is not Repeat.ALWAYS:
            self._before_write()
        return link.connection.send(call)

    def _in_thread(self, work: Callable[[], T]) -> Awaitable[T]:
        if self._pool is None:
            raise RuntimeError("The gateway is not open: use it inside `async with gateway:`.")
        return self._pool.run(work)

    async def _linked(self) -> _Link:
        """The first link, which the first caller makes while the others wait."""
        async with self._linking:
            self._link = self._link or await self._new_link()
            return self._link

    async def _moved(self, lost: _Link) -> _Link | None:
        """The link instead of the lost one, None when there is no other place; asked once for all callers."""
        async with self._linking:
            if self._link is lost:
                if not await self._endpoints.lost(lost.endpoint):
                    return None
                self._link = await self._new_link()
                lost.connection.close()
            return self._link

    async def _new_link(self) -> _Link:
        endpoint = await self._endpoints.endpoint()
        connection = await self._in_thread(partial(self._connect, endpoint))
        return _Link(endpoint, connection, f"{_digest(endpoint.url)}:{_digest(endpoint.token)}")

    def _connect(self, endpoint: Endpoint) -> "Connection":
        """Runs in a thread, since the import alone would stop the loop for a third of a second."""
        from airtable_gateway.transport.connection import Connection

        try:
            return Connection(endpoint, timeout=self._timeout, connections=self._threads)
        except ValueError:
            # The address itself stays unsaid: what cannot be parsed may hide a password.
            raise Unreachable("The address of Airtable is not valid.", may_be_applied=False) from None


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _told(error: Unreachable, repeat: Repeat) -> Unreachable:
    """The error with what it means for this call: a read changes nothing, a write may have been applied."""
    is_read = repeat is Repeat.ALWAYS
    in_doubt = error.may_be_applied and not is_read
    return type(error)(
        error.message + (_DOUBT if in_doubt else ""),
        status=error.status,
        type=error.type,
        hint=_READ_HINT if is_read and error.hint == Unreachable.hint else error.hint,
        may_be_applied=in_doubt,
        retry_after_seconds=error.retry_after_seconds,
    )
