"""What typecast may add beside the cell that is written: choices of a select, records of a linked table."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import fields
from local_twins.airtable import errors
from local_twins.airtable.computing.draft import Draft
from local_twins.airtable.computing.loaded import primary_text
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.cells import choices
from local_twins.airtable.model.ids import new_id
from local_twins.airtable.model.schema import Field, Table

_RECORD_ID = re.compile(r"rec[0-9A-Za-z]{14}")
_COLOURS = tuple(
    hue + "Light2"
    for hue in ("blue", "cyan", "teal", "green", "yellow", "orange", "red", "pink", "purple", "gray")
)


def with_choice_ids(options: dict[str, Any]) -> dict[str, Any]:
    """The options of a select whose choices all have an id and a colour; those given stay."""
    named = [
        {
            "id": choice.get("id") or new_id("sel"),
            "name": choice["name"],
            "color": choice.get("color") or colour_of(n),
        }
        for n, choice in enumerate(options.get("choices") or ())
    ]
    return options | {"choices": named}


def colour_of(position: int) -> str:
    """The colour of the next choice, when none is asked for."""
    return _COLOURS[position % len(_COLOURS)]


def with_field(table: Table, field: Field) -> Table:
    """The table with a changed field in its old place."""
    return replace(table, fields=tuple(field if item.id == field.id else item for item in table.fields))


def add_missing_choices(draft: Draft, table: Table, field: Field, value: Any) -> Field:
    """The field, with a choice for every name in `value`."""
    known = choices(field)
    names = [str(name) for name in (value if isinstance(value, list) else [value])]
    missing = list(dict.fromkeys(name for name in names if name not in {choice["name"] for choice in known}))
    if not missing:
        return field
    options = with_choice_ids({**field.options, "choices": [*known, *({"name": name} for name in missing)]})
    grown = replace(field, options=options)
    draft.store.set_table(with_field(table, grown))
    draft.reopen()
    return grown


def records_by_name(draft: Draft, field: Field, targets: Sequence[str]) -> list[str]:
    """The ids of linked records told by id or by the text of their primary cell; made where there is none.

    The id of a record of another table, or of none, stays, for whoever checks the links to refuse.
    """
    table = draft.open_base.base.by_key[field.linked_table_id]
    known = {row.id for row in draft.records.load(targets)}
    if known.issuperset(targets):
        return list(targets)
    ids = ids_by_name(draft, table)
    return [
        target if target in known else ids.get(target) or _unknown(draft, table, target, ids)
        for target in targets
    ]


def ids_by_name(draft: Draft, table: Table) -> dict[str, str]:
    """The first record of each name."""
    made = [row for row in draft.records.rows.values() if row.seq == 0 and row.table_id == table.id]
    rows = [*draft.records.in_table(table), *made]
    read = draft.open_base.getter(table.primary.id)
    return {primary_text(table.primary, read(row)): row.id for row in reversed(rows)}


def _unknown(draft: Draft, table: Table, target: str, ids: dict[str, str]) -> str:
    """What neither a record's id nor its name is: an id that is gone stays, a name gets its record."""
    return target if _RECORD_ID.fullmatch(target) else _named(draft, table, target, ids)


def _named(draft: Draft, table: Table, name: str, ids: dict[str, str]) -> str:
    """A new record with that text in its primary cell."""
    checked = fields.typecast(table.primary.type, name, table.primary.options)
    if checked.problems or checked.value is None:
        raise Refusal(errors.VALUE_REFUSED, field=table.primary.name)
    row = draft.make(table)
    draft.set_cell(row, table.primary, checked.value)
    ids[name] = row.id
    return row.id
