"""Types whose value is one or several people, the collaborators of a base."""

from collections.abc import Mapping
from typing import Any

from fields.cell import Cell
from fields.field_type import Example, FieldType
from fields.members import array, each
from fields.name_lists import join_names, split_names
from fields.plain import plain
from fields.types.text import any_text
from fields.wording import shown

_TOLD = ("id", "email", "name")
_EMPTY_OPTIONS = {"type": "object", "properties": {}, "additionalProperties": False}


def _person(value: Any, cell: Cell) -> dict[str, str]:
    """The person by id or e-mail address, with the other two of id, email and name if they are given."""
    if isinstance(value, Mapping):
        told = {key: value[key] for key in _TOLD if isinstance(value.get(key), str) and value[key]}
        if "id" in told or "email" in told:
            return {key: any_text(text, cell) for key, text in told.items()}
    raise _nobody(value, cell)


def _person_or_id(value: Any, cell: Cell) -> dict[str, str]:
    # A list of bare ids is documented, too.
    return {"id": value} if _is_user_id(value) else _person(value, cell)


def _people(value: Any, cell: Cell) -> list[dict[str, str]]:
    return each(array(value, cell, of='people ({"id"} or {"email"})'), cell, _person_or_id)


def _person_of_anything(value: Any, cell: Cell) -> dict[str, str] | None:
    """Somebody by id, e-mail address or, for the caller to look up, by {"name"}."""
    match value:
        case str():
            return _person_of_text(any_text(value, cell).strip())
        case {"name": str() as name} if name and not (value.get("id") or value.get("email")):
            return {"name": any_text(name, cell)}
        case [only]:
            return _person_of_anything(only, cell)
    return _person(value, cell)


def _person_of_text(text: str) -> dict[str, str] | None:
    if not text:
        return None
    if _is_user_id(text):
        return {"id": text}
    return {"email": text} if "@" in text else {"name": text}


def _people_of_anything(value: Any, cell: Cell) -> list[dict[str, str]]:
    match value:
        case str():
            members: list[Any] = split_names(any_text(value, cell))
        case list() | tuple():
            members = list(value)
        case _:
            members = [value]
    return [person for person in each(members, cell, _person_of_anything) if person]


def _people_text(value: Any, cell: Cell) -> str:  # noqa: ARG001 - a Display is told the cell
    return join_names(map(plain, value)) if isinstance(value, list | tuple) else plain(value)


def _is_user_id(value: Any) -> bool:
    """Ids start usr, those of user groups ugp; the length is left to Airtable."""
    return isinstance(value, str) and value[:3] in ("usr", "ugp") and value[3:].isalnum() and value.isascii()


def _nobody(value: Any, cell: Cell) -> Exception:
    text = value.strip() if isinstance(value, str) else ""
    return cell.refusal(
        "bad_collaborator" if isinstance(value, Mapping) else "wrong_type",
        f'{cell.name} takes a person as {{"id": "usr..."}} or {{"email": "..."}}, not {shown(value)}.',
        suggestion=_person_of_text(text) if "@" in text or _is_user_id(text) else None,
    )


_ADA = {"id": "usrAda00000000001", "email": "ada@example.com", "name": "Ada Lovelace"}
_BOB = {"id": "usrBob00000000001", "email": "bob@example.com", "name": "Bob"}

SINGLE_COLLABORATOR = FieldType(
    name="singleCollaborator",
    label="Collaborator",
    doc="One person who has access to the base, by id or by e-mail address.",
    examples=(Example(_ADA, "Ada Lovelace"),),
    normalise=_person,
    cast=_person_of_anything,
    options_schema=_EMPTY_OPTIONS,
)

MULTIPLE_COLLABORATORS = FieldType(
    name="multipleCollaborators",
    label="Collaborators",
    doc="Several people who have access to the base; a write replaces them all.",
    examples=(Example([_ADA, _BOB], "Ada Lovelace, Bob"),),
    normalise=_people,
    cast=_people_of_anything,
    display=_people_text,
    options_schema=_EMPTY_OPTIONS,
)
