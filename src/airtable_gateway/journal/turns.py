"""One write at a time for each record, so that what a write saw before it is what it changed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext


class Turns:
    """Locks by name, kept only while somebody needs them."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: Counter[str] = Counter()

    def of(self, names: Iterable[str]) -> AbstractAsyncContextManager[None]:
        """Inside, nobody else is inside for any of these names. The order of locking is one for all."""
        wanted = sorted(set(names))
        return self._held(wanted) if wanted else nullcontext()

    @asynccontextmanager
    async def _held(self, wanted: Sequence[str]) -> AsyncIterator[None]:
        self._users.update(wanted)
        try:
            async with AsyncExitStack() as stack:
                for name in wanted:
                    await stack.enter_async_context(self._locks.setdefault(name, asyncio.Lock()))
                yield
        finally:
            self._users.subtract(wanted)
            for name in wanted:
                if not self._users[name]:
                    del self._users[name]
                    self._locks.pop(name, None)
