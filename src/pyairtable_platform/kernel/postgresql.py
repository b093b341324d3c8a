"""PostgreSQL by asyncpg."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

# What was committed so outlives our process at once, and the server's power cut a moment later.
_NOT_WAITING = text("SET LOCAL synchronous_commit = off")


class PostgresConnections:
    """See `Connections`. `url` is postgresql+asyncpg://..."""

    def __init__(self, url: str, connections: int) -> None:
        self._engine = create_async_engine(
            make_url(url),
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=True,
            pool_timeout=10,
            # Errors are logged, and what people wrote is not.
            hide_parameters=True,
        )

    @asynccontextmanager
    async def writing(self, *, waits_for_disk: bool) -> AsyncIterator[AsyncConnection]:
        """See `Connections.writing`."""
        async with self._engine.begin() as connection:
            if not waits_for_disk:
                await connection.execute(_NOT_WAITING)
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """See `Connections.reading`."""
        async with self._engine.connect() as connection:
            yield connection

    async def close(self) -> None:
        """See `Connections.close`."""
        await self._engine.dispose()
