"""Waiting for the database: nothing is begun while it does not answer, and nothing is given up at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pyairtable_platform.kernel import Unavailable

T = TypeVar("T")

_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 2.0


class Patience:
    """Tries again what the database did not answer, for so long; what is tried must bear a repetition."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def __call__(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """What the attempt gives at last. Raises Unavailable when the time is over."""
        now = asyncio.get_running_loop().time
        deadline = now() + self._seconds
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return await attempt()
            except Unavailable:
                if now() + pause > deadline:
                    raise
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
