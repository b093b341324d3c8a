"""The type whose value is true or nothing."""

from typing import Any

from fields.cell import Cell
from fields.field_type import Example, FieldType
from fields.palette import BRIGHT_COLORS
from fields.plain import plain
from fields.wording import shown

CHECKBOX_ICONS = ("check", "xCheckbox", "star", "heart", "thumbsUp", "flag", "dot")
_YES = frozenset({"true", "checked", "1", "yes"})
_NO = frozenset({"false", "unchecked", "0", "no"})


def _boolean(value: Any, cell: Cell) -> bool:
    if isinstance(value, bool):
        return value
    raise cell.refusal(
        "wrong_type",
        f"{cell.name} takes true or false, not {shown(value)}. {cell.or_cast('Send a JSON boolean')}",
        suggestion=_meant(value),
    )


def _meant(value: Any) -> bool | None:
    """The boolean that a word or a number for one stands for; None for any other."""
    word = plain(value).strip().lower() if isinstance(value, str | int | float) else ""
    return True if word in _YES else False if word in _NO else None


def _boolean_of_anything(value: Any, cell: Cell) -> bool:
    match value:
        case str():
            return value.strip().lower() in _YES
        case int() | float():
            return value != 0
    return _boolean(value, cell)


CHECKBOX = FieldType(
    name="checkbox",
    label="Checkbox",
    doc="True, or absent: Airtable does not return false.",
    examples=(Example(value=True, text="checked", options={"icon": "check", "color": "greenBright"}),),
    normalise=_boolean,
    cast=_boolean_of_anything,
    options_schema={
        "type": "object",
        "properties": {
            "icon": {"type": "string", "enum": list(CHECKBOX_ICONS)},
            "color": {"type": "string", "enum": list(BRIGHT_COLORS)},
        },
        "required": ["icon", "color"],
        "additionalProperties": False,
    },
)
