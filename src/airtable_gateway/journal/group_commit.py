"""Writes of many callers in one transaction: those that wait together wait for the disk once."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from airtable_gateway.journal import sql

T = TypeVar("T")

Work = Callable[[sqlite3.Connection], T]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A write, and where its caller waits."""

    work: Work[Any]
    done: "Future[Any]"


class GroupCommit:
    """Does writes in a thread; each is on the disk when its caller goes on, or undone when it raised."""

    def __init__(self, thread: ThreadPoolExecutor, connection: Callable[[], sqlite3.Connection]) -> None:
        self._thread = thread
        self._connection = connection
        self._waiting: deque[_Waiting] = deque()

    async def write(self, work: Work[T]) -> T:
        """What the work gives, once it is on the disk. Raises what the work raises."""
        done: Future[T] = Future()
        self._waiting.append(_Waiting(work, done))
        self._thread.submit(self._commit)
        return await asyncio.wrap_future(done)

    def _commit(self) -> None:
        """Do all that waits; whose caller has gone away before is left out."""
        group = []
        while self._waiting:
            waiting = self._waiting.popleft()
            if waiting.done.set_running_or_notify_cancel():
                group.append(waiting)
        if not group:
            return
        try:
            ends = self._in_one_transaction([waiting.work for waiting in group])
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait raise it
            for waiting in group:
                waiting.done.set_exception(error)
            return
        for waiting, end in zip(group, ends, strict=True):
            end(waiting.done)

    def _in_one_transaction(self, works: list[Work[Any]]) -> list[Callable[["Future[Any]"], None]]:
        """How each of them ended, once all that succeeded is on the disk."""
        connection = self._connection()
        connection.execute(sql.BEGIN)
        try:
            ends = [_attempt(connection, work) for work in works]
            connection.execute(sql.COMMIT)
        except BaseException:
            if connection.in_transaction:
                connection.execute(sql.ROLLBACK)
            raise
        return ends


def _attempt(connection: sqlite3.Connection, work: Work[Any]) -> Callable[["Future[Any]"], None]:
    """One write of the transaction; one that fails takes back itself alone."""
    connection.execute(sql.SAVEPOINT)
    try:
        value = work(connection)
    except Exception as error:  # noqa: BLE001 - its caller raises it
        connection.execute(sql.ROLLBACK_TO_SAVEPOINT)
        connection.execute(sql.RELEASE)
        failure = error
        return lambda done: done.set_exception(failure)
    connection.execute(sql.RELEASE)
    return lambda done: done.set_result(value)
