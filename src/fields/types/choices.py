"""Types whose value is one or several names from a list of choices."""

from collections.abc import Mapping
from typing import Any

from fields.cell import Cell
from fields.field_type import Example, FieldType
from fields.members import array, each
from fields.name_lists import join_names, split_names, unique
from fields.palette import CHOICE_COLORS
from fields.plain import plain
from fields.problems import Problem, Refusal
from fields.types.text import any_text, text_of_anything
from fields.wording import hint, listed, nearest, quoted


def choice_names(cell: Cell) -> list[str] | None:
    """The names that the options list; None when they list none and any name will do."""
    choices = cell.options.get("choices")
    if not isinstance(choices, list | tuple):
        return None
    names = (choice.get("name") for choice in choices if isinstance(choice, Mapping))
    return [name for name in names if isinstance(name, str)]


def _named(name: str, cell: Cell) -> str:
    """The name of the choice that is meant: Airtable takes its id too, and answers with its name."""
    if name in (choice_names(cell) or ()):
        return name
    choices = cell.options.get("choices")
    listed = choices if isinstance(choices, list | tuple) else ()
    meant = (choice for choice in listed if isinstance(choice, Mapping) and choice.get("id") == name)
    return next((choice["name"] for choice in meant if isinstance(choice.get("name"), str)), name)


def _choice(value: Any, cell: Cell) -> str:
    name = _named(any_text(value, cell), cell)
    names = choice_names(cell)
    if names is None or name in names:
        return name
    near = nearest(name, names)
    creating = "Pass typecast=true to create it." if cell.may_cast else "Send one of them."
    remedy = creating if name else "Send null to clear the cell."
    raise cell.refusal(
        "unknown_choice",
        f"{cell.name} has no choice {quoted(name)}. Choices: {listed(names)}.{hint(near)} {remedy}",
        suggestion=near,
    )


def _choices(value: Any, cell: Cell) -> list[str]:
    return unique(each(array(value, cell, of="choice names"), cell, _choice))


def _name_of_anything(value: Any, cell: Cell) -> str:
    """The name as text; trimmed, unless the untrimmed one is a choice. Unknown names stay."""
    name = text_of_anything(value, cell)
    return name if name in (choice_names(cell) or ()) else _named(name.strip(), cell)


def _names_of_anything(value: Any, cell: Cell) -> list[str]:
    """A list of names, or the names in a text such as "a, b"; a choice that holds a comma stays whole."""
    if isinstance(value, list | tuple):
        return [name for name in unique(each(list(value), cell, _name_of_anything)) if name]
    name = _name_of_anything(value, cell)
    return [name] if name in (choice_names(cell) or ()) else split_names(name)


def _names_text(value: Any, cell: Cell) -> str:  # noqa: ARG001 - a Display is told the cell
    return join_names(map(plain, value)) if isinstance(value, list | tuple) else plain(value)


def _distinct(options: dict[str, Any], label: str) -> dict[str, Any]:
    """Two choices of one name could not be told apart by the value of a cell."""
    seen: set[str] = set()
    problems = []
    for index, choice in enumerate(options.get("choices", ())):
        if choice["name"] in seen:
            message = f"{label} lists the choice {quoted(choice['name'])} twice. Name each choice once."
            problems.append(Problem("bad_option", message, ("choices", index, "name")))
        seen.add(choice["name"])
    if problems:
        raise Refusal(problems)
    return options


_CHOICE_SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string", "minLength": 1},
        "color": {"type": "string", "enum": list(CHOICE_COLORS)},
    },
    "required": ["name"],
    "additionalProperties": False,
}
_SELECT_SCHEMA = {
    "type": "object",
    "properties": {"choices": {"type": "array", "items": _CHOICE_SCHEMA}},
    "required": ["choices"],
    "additionalProperties": False,
}
_TWO_CHOICES = {"choices": [{"name": "Todo", "color": "blueLight2"}, {"name": "Done"}]}

SINGLE_SELECT = FieldType(
    name="singleSelect",
    label="Single select",
    doc="The name of one choice of a list, or its id; typecast=true adds a name that is not in it.",
    examples=(Example("Todo", "Todo", _TWO_CHOICES),),
    normalise=_choice,
    cast=_name_of_anything,
    options_schema=_SELECT_SCHEMA,
    complete_options=_distinct,
)

MULTIPLE_SELECTS = FieldType(
    name="multipleSelects",
    label="Multiple select",
    doc="The names of several choices of a list, or their ids; a write replaces them all.",
    examples=(Example(["Todo", "Done"], "Todo, Done", _TWO_CHOICES),),
    normalise=_choices,
    cast=_names_of_anything,
    display=_names_text,
    options_schema=_SELECT_SCHEMA,
    complete_options=_distinct,
)
