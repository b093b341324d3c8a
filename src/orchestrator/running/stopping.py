"""Stopping a run: a request to stop breaks off what only reads, and waits for what writes."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Literal, TypeVar

T = TypeVar("T")

Why = Literal["cancelled", "leaving"]


class Stopped(Exception):
    """The run was asked to stop; `why` says whether for good, or for another process to go on."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


class Stopping:
    """The request to stop one run."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._why: Why = "cancelled"

    def ask(self, why: Why) -> None:
        """Ask the run to stop; the first request counts."""
        if not self._asked.is_set():
            self._why = why
            self._asked.set()

    def check(self) -> None:
        """Nothing, unless a request was made. Raises Stopped."""
        if self._asked.is_set():
            raise Stopped(self._why)

    async def unless_stopped(self, work: Coroutine[Any, Any, T]) -> T:
        """What the work gives; it is broken off when a request comes. Raises Stopped."""
        doing = asyncio.ensure_future(work)
        waiting = asyncio.ensure_future(self._asked.wait())
        try:
            await asyncio.wait((doing, waiting), return_when=asyncio.FIRST_COMPLETED)
            if not doing.done():
                raise Stopped(self._why)
            return doing.result()
        finally:
            waiting.cancel()
            if not doing.done():
                doing.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await doing
