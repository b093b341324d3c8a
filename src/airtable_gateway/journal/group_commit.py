"""Writes of many callers in one transaction: those that wait together wait for the disk once."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from airtable_gateway.journal import sql

T = TypeVar("T")

Work = Callable[[sqlite3.Connection], T]

SOON_SECONDS = 1.0
"""When the disk has, at the latest, what nobody waited for."""

_CHECKPOINTS = 10
"""Under load there is always something new after the first ones. A log that never begins anew grows for ever,
and a disk takes twice as long for a file that grows."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A write, where its caller waits, and whether he waits for the disk."""

    work: Work[Any]
    done: "asyncio.Future[Any]"
    waits_for_disk: bool


@dataclass(frozen=True, slots=True)
class _End:
    """How a write ended: with a value, or with an error that takes back this write alone."""

    value: Any = None
    error: Exception | None = None


class GroupCommit:
    """Does writes in a thread; each is kept when its caller goes on, or undone when it raised.

    Kept means on the disk, or for those who do not wait for that: through any end of the process, and on
    the disk soon.
    """

    def __init__(self, thread: ThreadPoolExecutor, connection: Callable[[], sqlite3.Connection]) -> None:
        self._thread = thread
        self._connection = connection
        self._waiting: deque[_Waiting] = deque()
        self._later: asyncio.TimerHandle | None = None

    async def write(self, work: Work[T], *, waits_for_disk: bool = True) -> T:
        """What the work gives, once it is kept. Raises what the work raises."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._waiting.append(_Waiting(work, done, waits_for_disk))
        self._thread.submit(self._commit, loop)
        if not waits_for_disk:
            self.bring_to_disk_soon()
        return await done

    def bring_to_disk_soon(self) -> None:
        """Within a second, all that was written without waiting for it."""
        if self._later is None:
            self._later = asyncio.get_running_loop().call_later(SOON_SECONDS, self._bring_to_disk)

    def close(self) -> None:
        """Begin nothing more by itself; the last connection that closes brings everything to the disk."""
        if self._later is not None:
            self._later.cancel()

    def _commit(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do all that waits; whose caller has gone away before is left out."""
        group = []
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done.cancelled():
                group.append(waiting)
        if not group:
            return
        try:
            ends = self._in_one_transaction(group)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait raise it
            ends = [_End(error=error)] * len(group)
        loop.call_soon_threadsafe(_tell, group, ends)

    def _in_one_transaction(self, group: list[_Waiting]) -> list[_End]:
        """How each of them ended, once all that succeeded is kept."""
        connection = self._connection()
        waits_for_disk = any(waiting.waits_for_disk for waiting in group)
        connection.execute(sql.WAIT_FOR_DISK if waits_for_disk else sql.LEAVE_IT_TO_SYSTEM)
        connection.execute(sql.BEGIN)
        try:
            ends = [_attempt(connection, waiting.work) for waiting in group]
            connection.execute(sql.COMMIT)
        except BaseException:
            if connection.in_transaction:
                connection.execute(sql.ROLLBACK)
            raise
        return ends

    def _bring_to_disk(self) -> None:
        self._later = None
        self._thread.submit(self._checkpoint)

    def _checkpoint(self) -> None:
        """Until one finds nothing new: after that one alone the log begins anew, in the same place."""
        seen = -1
        # Where the disk refuses, the next write that waits for it says so.
        with suppress(sqlite3.Error):
            for _ in range(_CHECKPOINTS):
                [(_, written, _)] = self._connection().execute(sql.CHECKPOINT).fetchall()
                if written == seen:
                    return
                seen = written


def _attempt(connection: sqlite3.Connection, work: Work[Any]) -> _End:
    """One write of the transaction; one that fails takes back itself alone."""
    connection.execute(sql.SAVEPOINT)
    try:
        end = _End(work(connection))
    except Exception as error:  # noqa: BLE001 - its caller raises it
        connection.execute(sql.ROLLBACK_TO_SAVEPOINT)
        end = _End(error=error)
    connection.execute(sql.RELEASE)
    return end


def _tell(group: list[_Waiting], ends: list[_End]) -> None:
    """Let those who wait go on."""
    for waiting, end in zip(group, ends, strict=True):
        if waiting.done.cancelled():
            continue
        if end.error is None:
            waiting.done.set_result(end.value)
        else:
            waiting.done.set_exception(end.error)
