"""A write made anew from what the journal kept of it."""

from collections.abc import Callable, Mapping
from typing import Any

from airtable_gateway.journal.change import Change
from airtable_gateway.journal.mixed_upsert import MixedUpsert
from airtable_gateway.journal.record_writes import CreateRecords, DeleteRecords, UpdateRecords
from airtable_gateway.journal.upsert_write import UpsertRecords
from airtable_gateway.journal.write import Described
from airtable_gateway.records import RecordChange


def write_of(change: Change) -> Described[Any]:
    """The write that the change was. Raises KeyError for one that is not of records."""
    return _MAKERS[change.operation](change.arguments)


def _creation(said: Mapping[str, Any]) -> CreateRecords:
    return CreateRecords(said["base"], said["table"], said["rows"], said["typecast"])


def _update(said: Mapping[str, Any], *, replace: bool = False) -> UpdateRecords:
    changes = [RecordChange(item["id"], item["fields"]) for item in said["records"]]
    return UpdateRecords(said["base"], said["table"], changes, said["typecast"], replace)


def _upsert(said: Mapping[str, Any]) -> Described[Any]:
    if "ids" in said:
        return MixedUpsert(
            *(said["base"], said["table"], said["rows"], said["ids"], said["mergeOn"], said["typecast"]),
            replace=said["replace"],
        )
    return UpsertRecords(said["base"], said["table"], said["rows"], said["mergeOn"], said["typecast"])


def _deletion(said: Mapping[str, Any]) -> DeleteRecords:
    return DeleteRecords(said["base"], said["table"], tuple(said["records"]))


_MAKERS: Mapping[str, Callable[[Mapping[str, Any]], Described[Any]]] = {
    "create": _creation,
    "update": _update,
    "replace": lambda said: _update(said, replace=True),
    "upsert": _upsert,
    "delete": _deletion,
}
