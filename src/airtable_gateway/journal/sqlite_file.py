"""What is asked of the journal's file, by whichever connection: each function is one piece of work."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from airtable_gateway.journal import sql
from airtable_gateway.journal.change import Change, Images, Outcome
from airtable_gateway.journal.documents import change_from, change_row, instant, outcome_row, to_text
from airtable_gateway.journal.port import ChangePage, ChangeQuery


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema to this version. Raises DatabaseError for a newer one."""
    (version,) = connection.execute(sql.VERSION).fetchone()
    if version > len(sql.MIGRATIONS):
        raise sqlite3.DatabaseError(f"made by a newer version: schema {version}, not {len(sql.MIGRATIONS)}")
    for number, script in enumerate(sql.MIGRATIONS[version:], start=version + 1):
        for statement in script.split(";\n"):
            connection.execute(statement)
        connection.execute(sql.SET_VERSION.format(number))


def begin(connection: sqlite3.Connection, change: Change, owner: str) -> Change | None:
    """See `Ledger.begin`; the owner is who makes the change."""
    if change.claim and (known := one(connection, sql.BY_CLAIM, change.claim)):
        return known
    connection.execute(sql.ADD, change_row(change, owner))
    _add_subjects(connection, change.id, change.before)
    return None


def settle(connection: sqlite3.Connection, change_id: str, outcome: Outcome) -> None:
    """See `Ledger.settle`."""
    connection.execute(sql.SETTLE, (*outcome_row(outcome), change_id))
    if outcome.frees_key:
        connection.execute(sql.FREE_KEY, (change_id,))
    _add_subjects(connection, change_id, outcome.after)
    if outcome.renamed:
        connection.execute(sql.ADD_RENAMED, {"renamed": to_text(outcome.renamed)})


def forget(connection: sqlite3.Connection, before: datetime) -> int:
    """See `Succession.prune`."""
    connection.execute(sql.PRUNE_FILES, (instant(before),))
    old = [row["seq"] for row in connection.execute(sql.FORGETTABLE, (instant(before),))]
    if old:
        connection.execute(sql.FORGET_SUBJECTS, (to_text(old),))
        connection.execute(sql.FORGET, (to_text(old),))
    return len(old)


def one(connection: sqlite3.Connection, statement: str, key: str) -> Change | None:
    """The change that the statement selects by the key."""
    return first(connection.execute(statement, (key,)).fetchall())


def first(rows: Sequence[Any]) -> Change | None:
    """The change in the first of the rows, None where there is none."""
    return change_from(rows[0]) if rows else None


def page(connection: sqlite3.Connection, query: ChangeQuery) -> ChangePage:
    """See `Ledger.changes`."""
    rows = connection.execute(sql.SELECT, _parameters(query)).fetchall()
    changes = tuple(change_from(row) for row in rows[: query.limit])
    is_whole = len(rows) <= query.limit
    return ChangePage(changes, "" if is_whole else str(rows[query.limit - 1]["seq"]))


def _add_subjects(connection: sqlite3.Connection, change_id: str, images: Images) -> None:
    connection.executemany(sql.ADD_SUBJECT, ((subject, change_id) for subject in images))


def _parameters(query: ChangeQuery) -> dict[str, Any]:
    """What SELECT is asked with; one row more than the limit shows whether the list goes on."""
    return {
        "cursor": int(query.cursor or 0),
        "base": query.base,
        "table": query.table,
        "record": query.record,
        "principal": query.principal,
        "call": query.call,
        "undoes": query.undoes,
        "since": instant(query.since) if query.since else "",
        "limit": query.limit + 1,
    }
