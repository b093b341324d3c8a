"""Whole bases in: a document's bases with their records, all of it or nothing.

The format, as `docs/import-format.md` tells it: `{"users": [...], "bases": [{"id", "name", "workspaceId",
"tables": [<as the meta API shows them>], "records": {table: [{"id", "createdTime", "fields"}]}}]}`.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from local_twins.airtable.model.rows import to_text
from local_twins.airtable.model.schema import Base, Named, User
from local_twins.airtable.storage import sql
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
    try:
        with store.transaction():
            return _import(store, document)
    except sqlite3.IntegrityError as error:
        raise ImportRefused(f"the id of a comment or a file exists already: {error}") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ImportRefused(f"this is not the import format: {type(error).__name__} {error}") from error


def _import(store: Store, document: Document) -> dict[str, int]:
    counts = dict.fromkeys(("users", "bases", "tables", "records"), 0)
    for user in _users(document):
        counts["users"] += _add_user(store, user)
    for model in document.get("bases", ()):
        base = imported_base(model)
        counts["bases"] += 1
        counts["tables"] += len(base.tables)
        counts["records"] += _add_base(store, base, model.get("records") or {})
        import_files(store, model.get("files") or ())
    return counts


def _users(document: Document) -> Iterator[User]:
    for model in document.get("users", ()):
        yield User(model["id"], model.get("email") or "", model.get("name") or "")


def _add_user(store: Store, user: User) -> bool:
    known = store.users.get(user.id)
    if known is None:
        store.add_user(user)
    elif known != user:
        raise ImportRefused(f"user {user.id} exists with another address or name", (user.id,))
    return known is None


def _add_base(store: Store, base: Base, records: Mapping[str, Any]) -> int:
    """Write a base and its records; how many."""
    _refuse_taken(_schema_ids(base), _stored_schema_ids(store))
    store.add_base(base)
    open_base = store.base(base.id)
    if open_base is None:
        raise LookupError(base.id)
    imported = ImportedRecords(store, open_base)
    for key, models in records.items():
        imported.read(key, models)
    _refuse_taken(imported.ids, _stored_record_ids(store, imported.ids))
    imported.write()
    return len(imported.ids)


def _refuse_taken(ids: list[str], stored: set[str]) -> None:
    """Raises ImportRefused for ids that the store has, or the document has twice."""
    taken = [key for key, times in Counter(ids).items() if times > 1 or key in stored]
    if taken:
        raise ImportRefused(f"these ids exist already: {', '.join(taken[:20])}", tuple(taken))


def _schema_ids(base: Base) -> list[str]:
    members: list[Named] = []
    for table in base.tables:
        members += [table, *table.fields, *table.views]
    return [base.id, *(member.id for member in members)]


def _stored_schema_ids(store: Store) -> set[str]:
    opened = [store.base(info.id) for info in store.bases()]
    return {key for open_base in opened if open_base for key in _schema_ids(open_base.base)}


def _stored_record_ids(store: Store, ids: list[str]) -> set[str]:
    return {line[0] for line in store.connection.execute(sql.TABLE_OF_ROWS, (to_text(ids),))}
