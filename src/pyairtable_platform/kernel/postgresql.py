"""PostgreSQL by asyncpg, with an end to every wait: a frozen server answers nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

# What was committed so outlives our process at once, and the server's power cut a moment later.
_NOT_WAITING = text("SET LOCAL synchronous_commit = off")

_CONNECT_SECONDS = 10.0
_COMMAND_SECONDS = 30.0

_REST_SECONDS = 3.0
"""After a read that was not answered no other is tried for so long: each would wait as long."""


class PostgresConnections:
    """See `Connections`. `url` is postgresql+asyncpg://...; a read is given `read_seconds`."""

    def __init__(self, url: str, connections: int, *, read_seconds: float) -> None:
        self._read_seconds = read_seconds
        self._rests_until = 0.0
        self._answered_at = 0.0
        self._engine = create_async_engine(
            make_url(url),
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=True,
            pool_timeout=10,
            connect_args={
                "timeout": _CONNECT_SECONDS,
                "command_timeout": _COMMAND_SECONDS,
                # A day is one of UTC, wherever the server stands.
                "server_settings": {"timezone": "UTC"},
            },
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
        now = asyncio.get_running_loop().time
        if now() < self._rests_until:
            raise TimeoutError
        began = now()
        try:
            async with asyncio.timeout(self._read_seconds), self._engine.connect() as connection:
                yield connection
        except TimeoutError:
            # While others are answered, it was this question that took so long.
            if self._answered_at < began:
                self._rests_until = now() + _REST_SECONDS
            raise
        self._answered_at = now()

    async def close(self) -> None:
        """See `Connections.close`."""
        await self._engine.dispose()
