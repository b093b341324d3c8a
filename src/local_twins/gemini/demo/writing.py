"""Requests that write: add, change, delete, undo. Each is shown to the person before it is made."""

import re
from collections.abc import Generator
from typing import Any

from local_twins.gemini.demo.conditions import cell, cells_of, exactly, unquoted
from local_twins.gemini.demo.places import Place, find_table
from local_twins.gemini.demo.work import Json, Stopped, Work, ask
from local_twins.gemini.turn import Call

_LINKS = "multipleRecordLinks"
_ENOUGH_TO_DOUBT = 3

Words = re.Match[str]


def add(words: Words, hint: str) -> Work:
    """Add a record."""
    place = yield from find_table(words["table"], words.string, hint)
    cells = cells_of(place, words["cells"])
    typecast = True if any(place.fields[name] == _LINKS for name in cells) else None
    made = yield from ask(
        "create_record", base_id=place.base, table_id=place.table, fields=cells, typecast=typecast
    )
    return f"Added {_name(place, made['fields'])} to {place.table} ({made['id']}). Say: undo that."


def change(words: Words, hint: str) -> Work:
    """Change one field of one record."""
    place = yield from find_table(words["table"], words.string, hint)
    field = place.field(words["field"])
    record = yield from _one(place, unquoted(words["name"]))
    before = record["fields"].get(field, "nothing")
    made = yield from ask(
        "update_record",
        base_id=place.base,
        table_id=place.table,
        record_id=record["id"],
        fields={field: cell(place.fields[field], words["value"])},
        typecast=True if place.fields[field] == _LINKS else None,
    )
    after = made.get("fields", {}).get(field, "nothing")
    name = _name(place, record["fields"])
    return f"Changed {field} of {name} from {before} to {after}. Say: undo that."


def delete(words: Words, hint: str) -> Work:
    """Delete one record."""
    place = yield from find_table(words["table"], words.string, hint)
    record = yield from _one(place, unquoted(words["name"]))
    yield from ask("delete_record", base_id=place.base, table_id=place.table, record_id=record["id"])
    return f"Deleted {_name(place, record['fields'])} from {place.table}. Say: undo that."


def undo(_: Words, __: str) -> Work:
    """Take back the last change that is in force."""
    told = yield from ask("list_changes")
    last = next((one for one in told["changes"] if _can_be_undone(one)), None)
    if last is None:
        return "There is no change that could be taken back."
    yield from ask("undo_change", change_id=last["id"])
    return f"Took back the {last['operation']} in {last.get('table') or last.get('base')}."


def _can_be_undone(change: Json) -> bool:
    is_over = change.get("tool") == "undo_change" or bool(change.get("undone_by"))
    return change.get("state") == "applied" and change.get("undo") != "none" and not is_over


def _one(place: Place, name: str) -> Generator[Call, Any, Json]:
    """The one record of that name. Raises Stopped."""
    told = yield from ask(
        "get_records",
        base_id=place.base,
        table_id=place.table,
        filter_by_formula=exactly(place.primary, name),
        max_records=_ENOUGH_TO_DOUBT,
    )
    records = told["records"]
    if not records:
        raise Stopped(f"{place.table} has no record whose {place.primary} is {name!r}.")
    if len(records) > 1:
        raise Stopped(
            f"{place.table} has several records whose {place.primary} is {name!r}. Nothing was done."
        )
    found: Json = records[0]
    return found


def _name(place: Place, cells: Json) -> str:
    return repr(cells.get(place.primary, "a record without a name"))
