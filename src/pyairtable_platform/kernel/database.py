"""The database of a service: SQLite in one file, or PostgreSQL; one transaction a unit of work.

Rules do not know when they are saved: whoever opens the transaction ends it by leaving the block.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from typing import Any, Self

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from pyairtable_platform.kernel.errors import Unavailable

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # An acknowledged event must survive a power cut: the ledger and the approvals stand on it.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
)


class UnknownDatabase(ValueError):
    """The address names no database that is spoken here: sqlite:///file or postgresql://user@host/name."""


class Database:
    """One database. `async with database:` opens it; in between, `writing` and `reading` give connections.

    `url` is sqlite:///relative.db, sqlite:////absolute.db or postgresql://user:password@host:port/name.
    Raises UnknownDatabase for any other.
    """

    def __init__(self, url: str, *, connections: int = 10) -> None:
        self._url = _with_driver(url)
        self._connections = connections
        self._engine: AsyncEngine | None = None
        # The transaction that the task at hand has begun with `together`.
        self._joined: ContextVar[AsyncConnection | None] = ContextVar("joined", default=None)
        # SQLite lets one writer in; waiting here is fair and cheap, waiting in SQLite is neither.
        self._turn: asyncio.Lock | None = asyncio.Lock() if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of this machine."""
        return self._url.startswith("sqlite")

    @property
    def engine(self) -> AsyncEngine:
        """The engine, while the database is open."""
        if self._engine is None:
            raise RuntimeError("The database is not open: use `async with database:`.")
        return self._engine

    async def __aenter__(self) -> Self:
        self._engine = _engine(self._url, self._connections)
        return self

    async def __aexit__(self, *_: object) -> None:
        engine, self._engine = self.engine, None
        await engine.dispose()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end of the block, undone if the block raises.

        Within `together` it is a part of that one. Raises Unavailable if the database does not answer.
        """
        if (joined := self._joined.get()) is not None:
            yield joined
            return
        async with AsyncExitStack() as stack:
            if self._turn is not None:
                await stack.enter_async_context(self._turn)
            with _translated():
                async with self.engine.begin() as connection:
                    yield connection

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """What this task writes inside is committed at the end, all of it or none. Raises Unavailable."""
        async with self.writing() as connection:
            token = self._joined.set(connection)
            try:
                yield
            finally:
                self._joined.reset(token)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A view of the data at one moment, from which nothing is written. Raises Unavailable."""
        with _translated():
            async with self.engine.connect() as connection:
                yield await connection.execution_options(reads_only=True)

    async def ping(self) -> None:
        """Ask for an answer. Raises Unavailable."""
        async with self.reading() as connection:
            await connection.execute(text("SELECT 1"))


class _translated:  # noqa: N801 - reads as a word after `with`
    """The errors of a database that cannot be reached are Unavailable; all others pass."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, InterfaceError | OSError | TimeoutError) or (
            isinstance(error, DBAPIError) and error.connection_invalidated
        ):
            raise Unavailable("The database does not answer.") from error


def _with_driver(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    driver = _DRIVERS.get(scheme.partition("+")[0])
    if not separator or driver is None:
        raise UnknownDatabase(
            f"{scheme!r} is no database that is spoken here: sqlite:///FILE or postgresql://..."
        )
    return f"{driver}://{rest}"


def _engine(url: str, connections: int) -> AsyncEngine:
    if url.startswith("sqlite"):
        engine = create_async_engine(url, pool_size=connections, connect_args={"isolation_level": None})
        event.listen(engine.sync_engine, "connect", _set_pragmas)
        event.listen(engine.sync_engine, "begin", _begin)
        return engine
    return create_async_engine(
        make_url(url), pool_size=connections, max_overflow=0, pool_pre_ping=True, pool_timeout=10
    )


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Any) -> None:
    """A writer takes its turn at the beginning: one that began by reading could never become a writer."""
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
