"""Keeping a lease while a run is under way; a request to stop it comes on the same way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from orchestrator.running.parts import Parts
from orchestrator.running.stopping import Stopping
from orchestrator.sessions import Lease, LeaseLost
from pyairtable_platform.kernel import Unavailable


@asynccontextmanager
async def kept(parts: Parts, lease: Lease, stopping: Stopping) -> AsyncIterator[None]:
    """The lease is renewed inside; when it is lost, the run is asked to leave, and can log nothing more."""
    renewing = asyncio.create_task(_renew(parts, lease, stopping))
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)


async def _renew(parts: Parts, lease: Lease, stopping: Stopping) -> None:
    while True:
        await asyncio.sleep(parts.limits.renew_seconds)
        try:
            if await parts.leases.renew(lease, at=parts.now()):
                stopping.ask("cancelled")
        except LeaseLost:
            stopping.ask("leaving")
            return
        except Unavailable:
            # Nobody can take the session over either, for as long as that lasts.
            continue
