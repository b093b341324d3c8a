"""The database of a service: SQLite in one file, or PostgreSQL; one transaction a unit of work.

Rules do not know when they are saved: whoever opens the transaction ends it by leaving the block.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Self

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError

from pyairtable_platform.kernel.connections import Connection, Connections
from pyairtable_platform.kernel.errors import Unavailable

_SQLITE = "sqlite"
_POSTGRES = "postgresql+asyncpg"

_DRIVERS = {"sqlite": _SQLITE, "postgres": _POSTGRES, "postgresql": _POSTGRES}


class UnknownDatabase(ValueError):
    """The address names no database that is spoken here: sqlite:///file or postgresql://user@host/name."""


class Database:
    """One database. `async with database:` opens it; in between, `writing` and `reading` give connections.

    `url` is sqlite:///relative.db, sqlite:////absolute.db or postgresql://user:password@host:port/name.
    Raises UnknownDatabase for any other. A server that has not answered a read after `read_seconds` is away.
    """

    def __init__(self, url: str, *, connections: int = 10, read_seconds: float = 5.0) -> None:
        self._read_seconds = read_seconds
        self._url = _with_driver(url)
        self._most = connections
        self._connections: Connections | None = None
        # The transaction that the task at hand has begun with `together`.
        self._joined: ContextVar[Connection | None] = ContextVar("joined", default=None)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of this machine."""
        return self._url.startswith(_SQLITE)

    @property
    def _open(self) -> Connections:
        if self._connections is None:
            raise RuntimeError("The database is not open: use `async with database:`.")
        return self._connections

    async def __aenter__(self) -> Self:
        self._connections = _connections(self._url, self._most, self._read_seconds)
        return self

    async def __aexit__(self, *_: object) -> None:
        connections, self._connections = self._open, None
        await connections.close()

    @asynccontextmanager
    async def writing(self, *, waits_for_disk: bool = True) -> AsyncIterator[Connection]:
        """A transaction that is committed at the end of the block, undone if the block raises.

        What is committed outlives the process, however it ends, and a power cut; without `waits_for_disk` the
        latter once something later was committed with it. Within `together` it is part of that one.
        Raises Unavailable if the database does not answer.
        """
        if (joined := self._joined.get()) is not None:
            yield joined
            return
        with _translated():
            async with self._open.writing(waits_for_disk=waits_for_disk) as connection:
                yield connection

    @asynccontextmanager
    async def together(self, *, waits_for_disk: bool = True) -> AsyncIterator[None]:
        """What this task writes inside is committed at the end, all of it or none. See `writing`."""
        async with self.writing(waits_for_disk=waits_for_disk) as connection:
            token = self._joined.set(connection)
            try:
                yield
            finally:
                self._joined.reset(token)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A view of the data at one moment, from which nothing is written. Raises Unavailable."""
        with _translated():
            async with self._open.reading() as connection:
                yield connection

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
            isinstance(error, DBAPIError)
            and (error.connection_invalidated or _is_busy(error) or _is_away(error))
        ):
            raise Unavailable("The database does not answer.") from error


_AWAY = ("08", "53300", "57P")
"""SQLSTATEs of a server that breaks off, has no connection left, stops, or is starting up."""


def _is_away(error: DBAPIError) -> bool:
    """Whether a server says that it does not serve just now."""
    return (getattr(error.orig, "sqlstate", None) or "").startswith(_AWAY)


def _is_busy(error: DBAPIError) -> bool:
    """Whether another process kept SQLite's file to itself for longer than is waited for."""
    return getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def _with_driver(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    driver = _DRIVERS.get(scheme.partition("+")[0])
    if not separator or driver is None:
        raise UnknownDatabase(
            f"{scheme!r} is no database that is spoken here: sqlite:///FILE or postgresql://..."
        )
    return f"{driver}://{rest}"


def _connections(url: str, most: int, read_seconds: float) -> Connections:
    """Each kind is read when it is used: a laptop needs no driver of a server."""
    if url.startswith(_SQLITE):
        from pyairtable_platform.kernel.sqlite import SqliteConnections

        return SqliteConnections(url, most)
    from pyairtable_platform.kernel.postgresql import PostgresConnections

    return PostgresConnections(url, most, read_seconds=read_seconds)
