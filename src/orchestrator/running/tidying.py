"""What time brings about and nobody asks for: sessions end, approvals run out, reservations are left open."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

from orchestrator.running.parts import Parts
from pyairtable_platform.kernel import Unavailable

EVERY_SECONDS = 60.0

LEFT_OPEN = timedelta(minutes=10)
"""A reservation of a process that ended is counted as spent after so long."""


async def tidy(parts: Parts) -> None:
    """Do what is due. Raises Unavailable."""
    now = parts.now()
    await parts.ledger.sweep(before=now - LEFT_OPEN, at=now)
    await parts.approvals.expire(at=now)
    await parts.sessions.purge(at=now)


@contextlib.asynccontextmanager
async def tidied(parts: Parts, *, every_seconds: float = EVERY_SECONDS) -> AsyncIterator[None]:
    """Tidy now and again and again while the block lasts. Raises Unavailable for the first time only."""
    await tidy(parts)
    tidying = asyncio.create_task(_tidy_often(parts, every_seconds))
    try:
        yield
    finally:
        tidying.cancel()
        await asyncio.gather(tidying, return_exceptions=True)


async def _tidy_often(parts: Parts, every_seconds: float) -> None:
    while True:
        await asyncio.sleep(every_seconds)
        with contextlib.suppress(Unavailable):
            await tidy(parts)
