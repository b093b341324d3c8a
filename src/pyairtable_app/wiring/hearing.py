"""How this process hears what others change in Airtable, and whom it tells: itself, and other processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from airtable_gateway import Hearer, Webhooks, all_of, nobody_hears
from pyairtable_app.seal_key import kept_key
from pyairtable_app.settings import Settings
from pyairtable_app.wiring.stores import Stores

if TYPE_CHECKING:
    from airtable_gateway.listening import Hooks, Listener
    from airtable_gateway.listening.redis_news import RedisNews


class Hearing:
    """Hears through `gateway`'s webhooks and from other processes; `hearer` is told of it here.

    Nothing is heard unless the process `is_watched`: stdio lives too short for it.
    """

    def __init__(
        self, settings: Settings, stores: Stores, gateway: Webhooks, hearer: Hearer, *, is_watched: bool
    ) -> None:
        self._settings = settings
        self._stores = stores
        self._gateway = gateway
        self._hearer = hearer
        self._is_watched = is_watched

    @cached_property
    def listener(self) -> "Listener | None":
        """Listens to the bases that are read, None where Airtable cannot reach this process."""
        address = self._settings.http.public_url
        if address is None or not self._is_watched:
            return None
        from airtable_gateway.listening import HOOKS, Listener

        return Listener(self._gateway, self._hooks(), address + HOOKS, all_of(self._hearer, self.tell_others))

    @property
    def tell_others(self) -> Hearer:
        """Tells the processes that share our Redis."""
        return self._news.tell if self._news is not None else nobody_hears

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """What is heard inside is told on."""
        async with AsyncExitStack() as stack:
            if self._news is not None:
                hearing = asyncio.create_task(self._news.listen(self._hearer))
                stack.push_async_callback(_ended, hearing)
            if self.listener is not None:
                await stack.enter_async_context(self.listener)
            yield

    @cached_property
    def _news(self) -> "RedisNews | None":
        redis = self._stores.redis
        if redis is None or not self._is_watched:
            return None
        from airtable_gateway.listening.redis_news import RedisNews

        return RedisNews(redis)

    def _hooks(self) -> "Hooks":
        """Where webhooks are kept: with Redis for all who share it, and who have the same token."""
        folder, token = self._settings.data.folder, self._settings.airtable.token
        if self._stores.redis is not None and token is not None:
            from airtable_gateway.listening.redis_hooks import RedisHooks

            return RedisHooks(self._stores.redis, token.value.encode())
        from airtable_gateway.listening.file_hooks import FileHooks

        return FileHooks(folder / "webhooks.json", kept_key(folder))


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
