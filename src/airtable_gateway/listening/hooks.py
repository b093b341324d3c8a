"""The webhooks that this installation has made, and the port that keeps them."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook of a base: its id, its address, and the secret that signs what is sent there."""

    base_id: str
    webhook_id: str
    url: str
    secret: bytes = field(repr=False)


class Hooks(Protocol):
    """Keeps one webhook a base, for every process that is served under the same address."""

    def changing(self) -> AbstractAsyncContextManager[None]:
        """Inside, no other process makes or drops a webhook."""
        ...

    async def hook(self, base_id: str) -> Hook | None:
        """The base's webhook; None where there is none, or its secret was sealed with a key that is gone."""
        ...

    async def keep(self, hook: Hook) -> None:
        """Keep it instead of an earlier one of its base."""
        ...


class MemoryHooks:
    """See `Hooks`; for one process that lives once."""

    def __init__(self) -> None:
        self._hooks: dict[str, Hook] = {}

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """See `Hooks.changing`."""
        yield

    async def hook(self, base_id: str) -> Hook | None:
        """See `Hooks.hook`."""
        return self._hooks.get(base_id)

    async def keep(self, hook: Hook) -> None:
        """See `Hooks.keep`."""
        self._hooks[hook.base_id] = hook
