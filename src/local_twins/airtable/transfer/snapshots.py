"""The whole store as one file: kept, brought back, or emptied, by SQLite's own backup."""

import sqlite3
from contextlib import closing
from pathlib import Path

from local_twins.airtable.storage import sql
from local_twins.airtable.storage.store import Store


class NoSnapshot(Exception):
    """The file is no snapshot of a store, or one of a newer version."""


def save_snapshot(store: Store, path: Path) -> None:
    """Write all that the store holds to a new SQLite file. Raises FileExistsError, OSError, sqlite3.Error."""
    path.touch(exist_ok=False)
    with store.lock, closing(sqlite3.connect(path)) as target:
        store.connection.backup(target)
        # One file alone: readable from a folder that cannot be written, and nothing beside it to lose.
        target.execute(sql.PLAIN_JOURNAL)


def restore_snapshot(store: Store, path: Path) -> None:
    """Let the store hold what the snapshot holds, and nothing else; the file stays as it is.

    The feed of changes begins anew, behind all that it told before.

    Raises NoSnapshot, and then nothing is changed.
    """
    with Store.open(":memory:") as draft:
        _read(path, draft)
        _replace(store, draft)


def reset(store: Store) -> None:
    """Empty the store: no bases, and no users but the owner."""
    with Store.open(":memory:") as empty:
        _replace(store, empty)


def _read(path: Path, draft: Store) -> None:
    """The snapshot in memory, at this version of the schema. Raises NoSnapshot."""
    wanted = _shape(draft)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source:
            source.backup(draft.connection)
        draft.migrate()
        draft.complete()
        found = _shape(draft)
    except sqlite3.Error as error:
        raise NoSnapshot(f"{path.name}: {error}") from error
    if found != wanted:
        raise NoSnapshot(f"{path.name} is a database, and not one of a local Airtable")


def _shape(store: Store) -> set[tuple[str, ...]]:
    """The tables, indexes, triggers and views of a store: a foreign trigger must not come in."""
    return set(store.connection.execute(sql.SHAPE))


def _replace(store: Store, content: Store) -> None:
    with store.lock:
        content.changes.begin_anew(store.changes.last())
        content.connection.backup(store.connection)
        store.forget()
