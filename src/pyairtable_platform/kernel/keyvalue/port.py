"""What a service may ask of a key-value store."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol, Self


class KeyValue(Protocol):
    """Every method raises Unavailable when the store does not answer within its timeout."""

    async def __aenter__(self) -> Self:
        """Make ready for use."""
        ...

    async def __aexit__(self, *_: object) -> None:
        """Let go of connections."""
        ...

    async def get(self, key: str) -> bytes | None:
        """The value, None when there is none or its time is over."""
        ...

    async def set(self, key: str, value: bytes, *, ttl_seconds: float) -> None:
        """Keep the value for so long."""
        ...

    async def delete(self, key: str) -> None:
        """Forget the value, if there is one."""
        ...

    async def add(self, key: str, amount: int, *, ttl_seconds: float) -> int:
        """Add to a number that begins at 0 and lives so long from its first addition; the sum."""
        ...

    async def publish(self, channel: str, message: bytes) -> None:
        """Tell everyone who listens now; nobody else will ever hear it."""
        ...

    def listening(self, channel: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """What is published from now on, while the block lasts."""
        ...

    async def ping(self) -> None:
        """Ask for an answer."""
        ...
