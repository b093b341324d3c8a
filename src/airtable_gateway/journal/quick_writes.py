"""What waits for no disk, done by the event loop: to wake a thread would take longer than it does."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from airtable_gateway.journal import sql

T = TypeVar("T")


class QuickWrites:
    """Works with a file that is there, by a connection of its own; what is busy just now is left alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the work gives, all of it done. Raises sqlite3.Error, also while anybody else writes."""
        connection = self._connection or self._opened()
        connection.execute(sql.BEGIN)
        try:
            done = work(connection)
            connection.execute(sql.COMMIT)
        except BaseException:
            if connection.in_transaction:
                connection.execute(sql.ROLLBACK)
            raise
        return done

    def write_one(self, statement: str, row: Sequence[Any]) -> None:
        """A statement that is all there is to write. Raises sqlite3.Error, also while anybody else writes."""
        connection = self._connection or self._opened()
        # Outside of a transaction, it is one by itself.
        connection.execute(statement, row)

    def find(self, statement: str, values: Sequence[Any]) -> list[Any]:
        """The rows that a statement selects, few and by an index. Raises sqlite3.Error."""
        connection = self._connection or self._opened()
        return connection.execute(statement, values).fetchall()

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _opened(self) -> sqlite3.Connection:
        # It waits for nobody, not for the disk, and does not bring there what others have written.
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=rw", timeout=0, isolation_level=None, uri=True
        )
        connection.row_factory = sqlite3.Row
        for pragma in (sql.LEAVE_IT_TO_SYSTEM, sql.NO_CHECKPOINT):
            connection.execute(pragma)
        self._connection = connection
        return connection
