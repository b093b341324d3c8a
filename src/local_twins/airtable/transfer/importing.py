"""Whole bases in: a document's bases with their records, all of it or nothing.

The format, as `docs/import-format.md` tells it: `{"users": [...], "bases": [{"id", "name", "workspaceId",
"tables": [<as the meta API shows them>], "records": {table: [{"id", "createdTime", "fields"}]}}]}`.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from local_twins.airtable.model.schema import Base, Named, User
from local_twins.airtable.storage.store import Store
from local_twins.airtable.transfer.companions import import_files
from local_twins.airtable.transfer.imported_records import ImportedRecords
from local_twins.airtable.transfer.imported_schema import imported_base
from local_twins.airtable.transfer.refusals import ImportRefused

Document = Mapping[str, Any]


def import_document(store: Store, document: Document) -> dict[str, int]:
    """Add the document's users and bases; how many users, bases, tables and records came in.

    Missing ids are made, given ones kept. A user who is known already, just so, is passed over.
    Raises ImportRefused when an id exists or the document is not sound; then nothing is changed.
    """
    with importing(store) as incoming:
        for user in document.get("users", ()):
            incoming.add_user(user)
        for model in document.get("bases", ()):
            records = incoming.add_base(model)
            for key, models in (model.get("records") or {}).items():
                records.read(key, models)
            incoming.complete(records, model)
        return incoming.counts


@contextmanager
def importing(store: Store) -> Iterator["Incoming"]:
    """What is added inside comes in whole or not at all. Raises ImportRefused."""
    try:
        with store.transaction():
            yield Incoming(store)
    except sqlite3.IntegrityError as error:
        raise ImportRefused(f"the id of a comment or a file exists already: {error}") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ImportRefused(f"this is not the import format: {type(error).__name__} {error}") from error


class Incoming:
    """Users and bases on their way in; `counts` are of those that came. A method may raise ImportRefused."""

    def __init__(self, store: Store) -> None:
        self.counts = dict.fromkeys(("users", "bases", "tables", "records"), 0)
        self._store = store

    def add_user(self, model: Mapping[str, Any]) -> None:
        """Make a user known."""
        user = User(model["id"], model.get("email") or "", model.get("name") or "")
        known = self._store.users.get(user.id)
        if known is None:
            self._store.add_user(user)
            self.counts["users"] += 1
        elif known != user:
            raise ImportRefused(f"user {user.id} exists with another address or name", (user.id,))

    def add_base(self, model: Mapping[str, Any]) -> ImportedRecords:
        """Write a base without its records, which are read next."""
        base = imported_base(model)
        _refuse_taken(_schema_ids(base), _stored_schema_ids(self._store))
        self._store.add_base(base)
        open_base = self._store.base(base.id)
        if open_base is None:
            raise LookupError(base.id)
        self.counts["bases"] += 1
        self.counts["tables"] += len(base.tables)
        return ImportedRecords(self._store, open_base)

    def complete(self, records: ImportedRecords, model: Mapping[str, Any]) -> None:
        """Write what the base has beside the cells that were read: links, computed values, files."""
        if records.taken:
            raise _exist_already(records.taken)
        records.write()
        self.counts["records"] += records.count
        import_files(self._store, model.get("files") or ())


def _refuse_taken(ids: list[str], stored: set[str]) -> None:
    """Raises ImportRefused for ids that the store has, or the document has twice."""
    taken = [key for key, times in Counter(ids).items() if times > 1 or key in stored]
    if taken:
        raise _exist_already(taken)


def _exist_already(taken: list[str]) -> ImportRefused:
    return ImportRefused(f"these ids exist already: {', '.join(taken[:20])}", tuple(taken))


def _schema_ids(base: Base) -> list[str]:
    members: list[Named] = []
    for table in base.tables:
        members += [table, *table.fields, *table.views]
    return [base.id, *(member.id for member in members)]


def _stored_schema_ids(store: Store) -> set[str]:
    opened = [store.base(info.id) for info in store.bases()]
    return {key for open_base in opened if open_base for key in _schema_ids(open_base.base)}
