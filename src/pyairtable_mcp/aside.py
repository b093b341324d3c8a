"""Work on many rows done beside the event loop, which serves other calls meanwhile."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

_AT_ONCE = 100
"""Rows that are done with sooner than a thread would begin to."""


async def aside(work: Callable[[], Answer], rows: int) -> Answer:
    """What comes of the work on so many rows; on many of them it is done by a thread."""
    return await asyncio.to_thread(work) if rows > _AT_ONCE else work()
