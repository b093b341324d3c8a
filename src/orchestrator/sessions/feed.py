"""Watching a session: its events as they are logged, and the moments between them.

A word in the key-value store wakes whoever watches; then the log is read. A word that is lost costs a second
and never an event. The log may be ahead of the words: moments that it has gone past are told by its events.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Protocol

from orchestrator.events import Delta, Logged, TextDelta, ThoughtDelta, told
from pyairtable_platform.kernel import KeyValue, Unavailable

_POLL_SECONDS = 1.0
_DELTAS: dict[str, Callable[..., Delta]] = {TextDelta.kind: TextDelta, ThoughtDelta.kind: ThoughtDelta}


_END = b'{"kind": "end"}'


class _Ended(Exception):
    """The session is no more."""


class Read(Protocol):
    """How the log is read: `EventLog.read`."""

    async def __call__(self, session: str, *, after: int) -> list[Logged]:
        """The events behind a number."""
        ...


class Feed:
    """The words that pass between whoever runs a session and whoever watches it."""

    def __init__(self, store: KeyValue) -> None:
        self._store = store
        self._is_closed = False

    def close(self) -> None:
        """Let nobody of this process follow any longer: it is about to stop."""
        self._is_closed = True

    async def wake(self, session: str) -> None:
        """Tell that the log has grown."""
        await self._publish(session, b"{}")

    async def show(self, session: str, delta: Delta, *, behind: int) -> None:
        """Show a moment, which comes behind the event of that number, to those who watch now."""
        word = {"moment": {"kind": delta.kind, **told(delta)}, "behind": behind}
        await self._publish(session, json.dumps(word).encode())

    async def end(self, session: str) -> None:
        """Tell that the session is no more."""
        await self._publish(session, _END)

    async def follow(self, session: str, read: Read, *, after: int = 0) -> AsyncGenerator[Logged | Delta]:
        """The events behind number `after`, then what happens, until the session is no more.

        Raises Unavailable within a second after the feed was closed.
        """
        async with self._words(session) as words:
            while not self._is_closed:
                for logged in await read(session, after=after):
                    after = logged.number
                    yield logged
                try:
                    while not self._is_closed and (moment := await _next(words)) is not None:
                        delta, behind = moment
                        # Else the message that it became was read from the log before this word was.
                        if behind >= after:
                            yield delta
                except _Ended:
                    return
        raise Unavailable(
            "The server is about to stop. What was begun goes on: read the session again in a moment."
        )

    @asynccontextmanager
    async def _words(self, session: str) -> AsyncIterator["asyncio.Queue[bytes]"]:
        """The words from now on, collected beside whoever reads them."""
        words: asyncio.Queue[bytes] = asyncio.Queue()
        listening = asyncio.Event()
        collecting = asyncio.create_task(self._collect(session, words, listening))
        try:
            await listening.wait()
            yield words
        finally:
            collecting.cancel()
            with suppress(asyncio.CancelledError):
                await collecting

    async def _collect(self, session: str, words: "asyncio.Queue[bytes]", listening: asyncio.Event) -> None:
        """Listen until cancelled; without a store that answers, the log is read every second instead."""
        try:
            async with self._store.listening(_channel(session)) as messages:
                listening.set()
                async for message in messages:
                    words.put_nowait(message)
        except Unavailable:
            listening.set()

    async def _publish(self, session: str, word: bytes) -> None:
        with suppress(Unavailable):
            await self._store.publish(_channel(session), word)


async def _next(words: "asyncio.Queue[bytes]") -> tuple[Delta, int] | None:
    """The next moment, and the number of the event before it. Raises _Ended.

    None when the log has grown, or nothing came for a second.
    """
    try:
        async with asyncio.timeout(_POLL_SECONDS):
            said = await words.get()
    except TimeoutError:
        return None
    if said == _END:
        raise _Ended
    word = json.loads(said)
    moment = word.get("moment", {})
    made = _DELTAS.get(moment.pop("kind", ""))
    return None if made is None else (made(**moment), word["behind"])


def _channel(session: str) -> str:
    return f"session:{session}"
