"""SQLite: a writer's statements run where they stand; reads, and waits for a lock or the disk, in threads.

A small statement takes SQLite less time than the way to a thread and back, and a transaction has many. So a
transaction goes to a thread twice: to get its turn among processes, and to be written.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import Connection as Plain
from sqlalchemy import CursorResult, Delete, Executable, QueuePool, create_engine, event
from sqlalchemy.engine import Dialect

T = TypeVar("T")

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
)

_SYNCHRONOUS = {True: "PRAGMA synchronous = FULL", False: "PRAGMA synchronous = NORMAL"}
"""What is written with NORMAL outlives the process at once, and a power cut once the next FULL is written."""


class SqliteConnections:
    """See `Connections`. `url` is sqlite:///file."""

    def __init__(self, url: str, connections: int) -> None:
        self._engine = create_engine(
            url,
            poolclass=QueuePool,
            # The writer's own beside them, so that it never waits for a reader.
            pool_size=connections + 1,
            max_overflow=0,
            # Errors are logged, and what people wrote is not.
            hide_parameters=True,
            connect_args={"isolation_level": None, "check_same_thread": False},
        )
        event.listen(self._engine, "connect", _set_pragmas)
        event.listen(self._engine, "begin", _begin)
        self._threads = ThreadPoolExecutor(connections + 1, thread_name_prefix="sqlite")
        # SQLite lets one writer in; waiting here is fair and cheap, waiting in SQLite is neither.
        self._turn = asyncio.Lock()
        # A thread must never wait for a connection whose holder waits for a thread.
        self._readers = asyncio.Semaphore(connections)

    @asynccontextmanager
    async def writing(self, *, waits_for_disk: bool) -> AsyncIterator["_Connection"]:
        """See `Connections.writing`."""
        async with self._turn:
            opened = _Opened(self._engine.connect, writes=True, waits_for_disk=waits_for_disk)
            try:
                await self._in_thread(opened.begin)
                yield _Connection(opened, self._in_thread)
                await self._in_thread(opened.commit)
            finally:
                opened.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator["_Connection"]:
        """See `Connections.reading`."""
        async with self._readers:
            opened = _Opened(self._engine.connect, writes=False)
            try:
                yield _Connection(opened, self._in_thread)
            finally:
                opened.close()

    async def close(self) -> None:
        """See `Connections.close`."""
        self._threads.shutdown()
        self._engine.dispose()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """What the work gives; it is never left alone with a connection that others will use."""
        doing = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(doing)
        except asyncio.CancelledError:
            await _end_of(doing)
            raise


class _Opened:
    """A connection of the pool, from its first use to the end of its transaction."""

    def __init__(self, connect: Callable[[], Plain], *, writes: bool, waits_for_disk: bool = True) -> None:
        self._connect = connect
        self._plain: Plain | None = None
        self.writes = writes
        self._waits_for_disk = waits_for_disk

    @property
    def plain(self) -> Plain:
        """SQLAlchemy's connection, its transaction begun."""
        if self._plain is None:
            self.begin()
        return cast("Plain", self._plain)

    def begin(self) -> None:
        """Begin the transaction: a writer waits for its turn among processes."""
        self._plain = self._connect().execution_options(reads_only=not self.writes)
        if self.writes:
            cast("Any", self._plain.connection.driver_connection).execute(_SYNCHRONOUS[self._waits_for_disk])
        self._plain.begin()

    def commit(self) -> None:
        """Write what was done."""
        self.plain.commit()

    def close(self) -> None:
        """Give the connection back; what was not committed is undone."""
        if self._plain is not None:
            self._plain.close()


class _Connection:
    """See `Connection`."""

    def __init__(self, opened: _Opened, in_thread: Callable[[Callable[[], Any]], Any]) -> None:
        self._opened = opened
        self._in_thread = in_thread

    @property
    def dialect(self) -> Dialect:
        """See `Connection.dialect`."""
        return self._opened.plain.dialect

    async def execute(self, statement: Executable, parameters: Any = None, /) -> CursorResult[Any]:
        """See `Connection.execute`. A deletion may take a whole conversation with it: it runs in a thread."""
        if self._opened.writes and not isinstance(statement, Delete):
            return self._opened.plain.execute(statement, parameters)
        return cast("CursorResult[Any]", await self._in_thread(lambda: self._fetched(statement, parameters)))

    async def scalar(self, statement: Executable, parameters: Any = None, /) -> Any:
        """See `Connection.scalar`."""
        return (await self.execute(statement, parameters)).scalar()

    async def run_sync(self, work: Callable[[Plain], T], /) -> T:
        """See `Connection.run_sync`."""
        return cast("T", await self._in_thread(lambda: work(self._opened.plain)))

    def _fetched(self, statement: Executable, parameters: Any) -> Any:
        """The result with its rows: the loop's thread does not wait for them."""
        result = self._opened.plain.execute(statement, parameters)
        return result.freeze()() if result.returns_rows else result


async def _end_of(doing: "asyncio.Future[Any]") -> None:
    while not doing.done():
        try:
            await asyncio.wait([doing])
        except asyncio.CancelledError:
            continue


def _set_pragmas(connection: Any, _record: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Any) -> None:
    """A writer takes its turn at the beginning: one that began by reading could never become a writer."""
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
