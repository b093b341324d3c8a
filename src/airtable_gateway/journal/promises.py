"""How far a write will be undoable, said before it is sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from airtable_gateway.journal.change import UndoPromise
from airtable_gateway.schema import FieldSchema, TableSchema

LINK, ATTACHMENTS = "multipleRecordLinks", "multipleAttachments"

_CHOICES = frozenset({"singleSelect", "multipleSelects"})
_MODIFIED = frozenset({"lastModifiedTime", "lastModifiedBy"})
_GIVEN_BY_AIRTABLE = frozenset({"aiText", "externalSyncSource", "manualSort"})

RECORD_ID = "the record's id: it comes back under a new one"
CREATED = "created time and creator"
AUTO_NUMBER = "the autoNumber"
MODIFIED = "modified time and modifier"
COMMENTS = "comments"
NOT_TAKEN = "texts by AI, synced values and manual order: the API takes none"
LINK_ORDER = "the order of links in the linked records"
ATTACHMENT_IDS = "attachments: their ids and addresses, and files that the journal did not keep"
CHOICES = "choices that typecast makes"
LINKED_RECORDS = "records that typecast makes in linked tables"
COMMENT_TIME = "the time at which the comment was last changed"
COMMENT_IDENTITY = "the comment's id, author, times and reactions"
CHOICES_STAY = "choices that the options add: Airtable's API deletes none"
CHOICES_GO = "choices that the options leave out, with their ids, and the cells that held them"
NO_DELETION = "Airtable's API deletes neither bases, tables nor fields"
NO_SCHEMA = "the token may not read the schema, so that what may be written is not known"
NO_IMAGE = "the token may not read the records, so that nothing is known of what was there"
NOT_KNOWN = "a request of a kind that the journal does not know: what was there before was not noted"
NOT_SEEN = "what it names was not found beforehand, so that nothing is known of what was there"
UNSEEN = "records that are changed: the merge fields do not tell beforehand which"


def promise_of_creation(fields: Sequence[FieldSchema], *, typecast: bool) -> UndoPromise:
    """What deleting the created records again leaves behind."""
    return _promise(_made_by_typecast(fields, typecast=typecast))


def promise_of_update(
    table: TableSchema | None, fields: Sequence[FieldSchema], *, typecast: bool
) -> UndoPromise:
    """What writing the old values into those fields does not bring back."""
    types = {field.type for field in fields}
    losses = [
        *([LINK_ORDER] if LINK in types else []),
        *([ATTACHMENT_IDS] if ATTACHMENTS in types else []),
        *([MODIFIED] if table and _tells_modification(table) else []),
        *_made_by_typecast(fields, typecast=typecast),
    ]
    return _promise(losses)


def promise_of_deletion(table: TableSchema | None) -> UndoPromise:
    """What making the records again does not bring back."""
    if table is None:
        return UndoPromise("none", (NO_SCHEMA,))
    types = {field.type for field in table.fields}
    losses = [
        RECORD_ID,
        CREATED,
        MODIFIED,
        COMMENTS,
        *([NOT_TAKEN] if types & _GIVEN_BY_AIRTABLE else []),
        *([AUTO_NUMBER] if "autoNumber" in types else []),
        *([LINK_ORDER] if LINK in types else []),
        *([ATTACHMENT_IDS] if ATTACHMENTS in types else []),
    ]
    return _promise(losses)


def promise_of_options(field: FieldSchema, options: Mapping[str, Any]) -> UndoPromise:
    """What giving the field its old options again does not bring back."""
    if "choices" not in options:
        return UndoPromise("full")
    given = options["choices"] if isinstance(options["choices"], list) else []
    left = {choice.get("id") for choice in given if isinstance(choice, Mapping)}
    goes = any(choice.get("id") not in left for choice in field.options.get("choices", ()))
    return _promise([CHOICES_STAY, *([CHOICES_GO] if goes else [])])


def both(first: UndoPromise, second: UndoPromise) -> UndoPromise:
    """The promise of a write that does two things."""
    return _promise([*first.losses, *second.losses])


def _promise(losses: Iterable[str]) -> UndoPromise:
    distinct = tuple(dict.fromkeys(losses))
    return UndoPromise("partial" if distinct else "full", distinct)


def _made_by_typecast(fields: Sequence[FieldSchema], *, typecast: bool) -> list[str]:
    types = {field.type for field in fields} if typecast else set()
    return [*([CHOICES] if types & _CHOICES else []), *([LINKED_RECORDS] if LINK in types else [])]


def _tells_modification(table: TableSchema) -> bool:
    return any(
        field.type in _MODIFIED or "LAST_MODIFIED_TIME" in str(field.options.get("formula", "")).upper()
        for field in table.fields
    )
