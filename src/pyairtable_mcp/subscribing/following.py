"""The mirrors that a subscription needs: in use from its begin to its end, by the subscriber's credential."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from airtable_gateway import (
    AirtableError,
    ForeignChanges,
    Gateway,
    TooManyMirrors,
    TooManyRequests,
    Unreachable,
)
from pyairtable_mcp.subscribing.interests import BaseInterests, by_base

Tell = Callable[[str], None]
"""Is told the address of what changed."""

_RETRY_SECONDS = 60.0

logger = logging.getLogger(__name__)


@asynccontextmanager
async def followed(gateway: Gateway, uris: Iterable[str], tell: Tell) -> AsyncIterator[None]:
    """Inside, `tell` is told of what others change at these addresses.

    The work is done by tasks of this context, so that it sees what the caller may see and no more.
    """
    tasks = [asyncio.create_task(_follow(gateway, interests, tell)) for interests in by_base(uris)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _follow(gateway: Gateway, interests: BaseInterests, tell: Tell) -> None:
    while True:
        try:
            await _listen(gateway, interests, tell)
        except (Unreachable, TooManyRequests, TooManyMirrors) as error:
            logger.info("The base %s is not followed for now: %s", interests.base, error)
        except AirtableError as error:
            # Without a copy, what is written through us is told still.
            logger.info("The base %s is not followed: %s", interests.base, error)
            return
        await asyncio.sleep(_RETRY_SECONDS)


async def _listen(gateway: Gateway, interests: BaseInterests, tell: Tell) -> None:
    news: asyncio.Queue[ForeignChanges] = asyncio.Queue()
    mirror = await gateway.mirror(interests.base)
    async with mirror.listening(news.put):
        await interests.find(gateway)
        while True:
            changes = await news.get()
            if changes.reshapes:
                await interests.find(gateway)
            for uri in interests.touched(changes):
                tell(uri)
