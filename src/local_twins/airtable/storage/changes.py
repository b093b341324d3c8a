"""The log of changes: what each transaction did to a base, written within it."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from local_twins.airtable.model.rows import to_text
from local_twins.airtable.storage import sql

KEPT = 10_000
"""So many changes are remembered; older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class Change:
    """One transaction; `seq` counts over all bases, `number` within the base.

    `body` holds `changedTablesById` or `createdTablesById`, with cells in the REST form.
    """

    seq: int
    base_id: str
    number: int
    time: str
    user_id: str
    body: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The change as the feed shows it."""
        told = {"seq": self.seq, "baseId": self.base_id, "baseTransactionNumber": self.number}
        return told | {"timestamp": self.time, "userId": self.user_id} | self.body


class Changes:
    """The table of changes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, base_id: str, time: str, user_id: str, body: dict[str, Any]) -> Change:
        """Write a change down, and forget the oldest."""
        (number,) = self._connection.execute(sql.NEXT_TRANSACTION, (base_id,)).fetchone()
        line = (base_id, number, time, user_id, to_text(body))
        (seq,) = self._connection.execute(sql.ADD_CHANGE, line).fetchone()
        self._connection.execute(sql.FORGET_CHANGES, (seq - KEPT,))
        return Change(seq, base_id, number, time, user_id, body)

    def since(self, seq: int, limit: int) -> list[Change]:
        """Up to `limit` changes after the one of that number, oldest first."""
        lines = self._connection.execute(sql.CHANGES, (seq, limit))
        return [_change(*line) for line in lines]

    def begin_anew(self, last: int) -> None:
        """Forget every change, and count on behind `last`, so that nobody takes new ones for known ones."""
        self._connection.execute(sql.FORGET_ALL_CHANGES)
        if not self._connection.execute(sql.COUNT_CHANGES_FROM, (last + 1,)).rowcount:
            self._connection.execute(sql.BEGIN_COUNT_OF_CHANGES, (last + 1,))

    def last(self) -> int:
        """The number that was given out last."""
        line = self._connection.execute(sql.LAST_CHANGE).fetchone()
        return line[0] if line else 0

    def bounds(self) -> tuple[int, int]:
        """The numbers of the oldest and the newest change that are remembered; (0, 0) when there are none."""
        first, last = self._connection.execute(sql.CHANGE_BOUNDS).fetchone()
        return (first or 0, last or 0)


def _change(seq: int, base_id: str, number: int, time: str, user_id: str, body: str) -> Change:
    return Change(seq, base_id, number, time, user_id, json.loads(body))
