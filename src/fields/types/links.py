"""The type whose value is a list of records of another table."""

from collections.abc import Mapping
from typing import Any

from fields.cell import Cell
from fields.field_type import Example, FieldType
from fields.members import array, each
from fields.name_lists import join_names, split_names, unique
from fields.plain import plain
from fields.types.text import any_text, text_of_anything
from fields.wording import shown


def is_record_id(value: Any) -> bool:
    """Whether the value looks like a record's id, rec...; the length is left to Airtable."""
    return isinstance(value, str) and value.startswith("rec") and value[3:].isalnum() and value.isascii()


def _record_id(value: Any, cell: Cell) -> str:
    if is_record_id(value):
        return str(value)
    raise cell.refusal(
        "not_a_record_id",
        f"{cell.name} takes the ids of records (rec...), not {shown(value)}. "
        + cell.or_cast("Look the record up", to=" to link by the primary field"),
        suggestion=value["id"] if isinstance(value, Mapping) and is_record_id(value.get("id")) else None,
    )


def _record_ids(value: Any, cell: Cell) -> list[str]:
    return unique(each(array(value, cell, of="record ids"), cell, _record_id))


def _id_or_name(value: Any, cell: Cell) -> str:
    match value:
        case {"id": str() as known} if is_record_id(known):
            return known
        case {"name": str() as name}:
            return any_text(name, cell).strip()
    return text_of_anything(value, cell).strip()


def _ids_or_names(value: Any, cell: Cell) -> list[str]:
    """Ids of records, and values of the primary field for the caller to look up or create."""
    if isinstance(value, list | tuple):
        return [name for name in unique(each(list(value), cell, _id_or_name)) if name]
    return split_names(_id_or_name(value, cell))


def _links_text(value: Any, cell: Cell) -> str:  # noqa: ARG001 - a Display is told the cell
    """Ids as they are; the caller who knows the records' names gives those instead."""
    return join_names(map(plain, value)) if isinstance(value, list | tuple) else plain(value)


MULTIPLE_RECORD_LINKS = FieldType(
    name="multipleRecordLinks",
    label="Link to another record",
    doc="The ids of records of the linked table; a write replaces them all.",
    examples=(
        Example(
            ["recAda00000000001", "recBob00000000001"],
            "recAda00000000001, recBob00000000001",
            {"linkedTableId": "tblPeople00000001"},
        ),
    ),
    normalise=_record_ids,
    cast=_ids_or_names,
    display=_links_text,
    options_schema={
        "type": "object",
        "properties": {
            "linkedTableId": {"type": "string", "minLength": 1},
            "viewIdForRecordSelection": {"type": "string", "minLength": 1},
        },
        "required": ["linkedTableId"],
        "additionalProperties": False,
    },
)
