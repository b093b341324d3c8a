"""The bodies of writes: one record or up to ten, with options beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

from local_twins.airtable import errors
from local_twins.airtable.errors import Kind, Refusal
from local_twins.airtable.model.ids import is_id
from local_twins.airtable.web.calls import Json
from local_twins.airtable.writing.records import Change

BATCH = 10
"""Airtable takes ten records per write (docs: "Create records")."""


def single(body: Json, record_id: str = "") -> Change:
    """The change of a body with `fields`. Raises Refusal."""
    values = body.get("fields")
    if values is None:
        raise Refusal(errors.FIELDS_MISSING)
    if not isinstance(values, dict):
        raise Refusal(errors.PARAMETERS_INVALID)
    return Change(values, record_id)


def creations(body: Json) -> list[Change]:
    """The records of a create. Raises Refusal."""
    items = _items(body, errors.RECORDS_TO_CREATE_INVALID)
    if len(items) > BATCH:
        raise Refusal(errors.TOO_MANY_TO_CREATE, count=len(items))
    return [_change(item, errors.RECORDS_TO_CREATE_INVALID) for item in items]


def updates(body: Json, *, may_lack_id: bool = False) -> list[Change]:
    """The records of an update, each with its id; in an upsert the id may be missing. Raises Refusal."""
    items = _items(body, errors.RECORDS_TO_UPDATE_INVALID)
    if len(items) > BATCH:
        raise Refusal(errors.RECORDS_TO_UPDATE_INVALID)
    changes = [_change(item, errors.RECORDS_TO_UPDATE_INVALID) for item in items]
    ids = [change.record_id for change in changes if change.record_id or not may_lack_id]
    if not all(is_id(record_id, "rec") for record_id in ids):
        raise Refusal(errors.RECORDS_TO_UPDATE_INVALID)
    return changes


def merge_fields(body: Json) -> list[str] | None:
    """The names of performUpsert's fieldsToMergeOn, None when no upsert is asked for. Raises Refusal."""
    asked = body.get("performUpsert")
    if asked is None:
        return None
    names = asked.get("fieldsToMergeOn") if isinstance(asked, dict) else None
    if (
        not isinstance(names, list)
        or not 1 <= len(names) <= 3
        or not all(isinstance(name, str) for name in names)
    ):
        raise Refusal(errors.PARAMETERS_INVALID)
    return names


def _items(body: Json, kind: Kind) -> Sequence[Any]:
    items = body.get("records")
    if not isinstance(items, list) or not items:
        raise Refusal(kind)
    return items


def _change(item: Any, kind: Kind) -> Change:
    values = item.get("fields") if isinstance(item, Mapping) else None
    record_id = item.get("id", "") if isinstance(item, Mapping) else None
    if not isinstance(values, dict) or not isinstance(record_id, str):
        raise Refusal(kind)
    return Change(values, record_id)
