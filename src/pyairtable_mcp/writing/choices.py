"""The choices of a select as a change of its field leaves them: which stay, which are new, which would go.

A choice stays, with the values of the records that have it, by its id alone: Airtable takes one without an id
for a new one, and deletes those that are not named.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import FieldSchema
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.field_models import ready_options
from pyairtable_mcp.naming import exact_choice

SELECTS = ("singleSelect", "multipleSelects")


def grown(field: FieldSchema, added: Sequence[str], renamed: Mapping[str, str]) -> dict[str, Any]:
    """The options with more choices and new names; all that the select has stay. Raises ToolError."""
    if field.type not in SELECTS:
        raise ToolError(f"{field.name!r} is a {field.type} field; choices are those of a select.")
    choices = [dict(choice) for choice in _known(field)]
    by_name = {choice["name"]: choice for choice in choices}
    for old, new in renamed.items():
        exact = exact_choice(field, old)
        if exact not in by_name:
            raise ToolError(f"{field.name!r} has no choice {old[:80]!r}. Choices: {shortened(by_name)}.")
        by_name[exact]["name"] = new
    names = Counter([*(choice["name"] for choice in choices), *added])
    doubled = sorted(name for name, count in names.items() if count > 1)
    if doubled:
        raise ToolError(f"{field.name!r} would have the choice {doubled[0][:80]!r} twice.")
    wanted = {"choices": [*choices, *({"name": name} for name in added)]}
    return ready_options(field.type, wanted, None) or {}


def kept(field: FieldSchema, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with the id of each choice that the select has already. Raises ToolError."""
    given = options.get("choices")
    if field.type not in SELECTS or "choices" not in options:
        return dict(options)
    if not isinstance(given, list):
        raise ToolError('choices are a list: {"choices": [{"name": "A"}, ...]}. Nothing was changed.')
    named = [choice for choice in given if isinstance(choice, Mapping)]
    taken = {str(choice.get("id")) for choice in named}
    free = {choice["name"]: choice for choice in _known(field) if choice.get("id") not in taken}
    exact = {str(choice.get("name")) for choice in named}
    choices = [_with_id(field, choice, free, exact) for choice in given]
    return ready_options(field.type, {**options, "choices": choices}, None) or {}


def dropped(field: FieldSchema, options: Mapping[str, Any] | None) -> list[str]:
    """The names of the select's choices that these options leave out."""
    if options is None or field.type not in SELECTS or "choices" not in options:
        return []
    left = {choice.get("id") for choice in options["choices"]}
    return [choice["name"] for choice in _known(field) if choice.get("id") not in left]


def _with_id(field: FieldSchema, choice: Any, free: dict[str, Mapping[str, Any]], exact: set[str]) -> Any:
    """The choice with what is known of it.

    `free` has the known ones that no id names, and gives each once: first to who names it in the same case,
    which the names in `exact` do.
    """
    if not isinstance(choice, Mapping):
        return choice
    if choice.get("id"):
        return {**_of_id(field, str(choice["id"])), **choice}
    given = str(choice.get("name"))
    alike = exact_choice(field, given)
    return {**free.pop(alike, {}), **choice} if given == alike or alike not in exact else choice


def _of_id(field: FieldSchema, choice_id: str) -> Mapping[str, Any]:
    for choice in _known(field):
        if choice.get("id") == choice_id:
            return choice
    known = shortened(f"{choice['name']} ({choice.get('id')})" for choice in _known(field))
    raise ToolError(
        f"{field.name!r} has no choice of the id {choice_id[:80]!r}, and a new one is given without an id. "
        f"Choices: {known}."
    )


def _known(field: FieldSchema) -> Sequence[Mapping[str, Any]]:
    return tuple(field.options.get("choices", ()))
