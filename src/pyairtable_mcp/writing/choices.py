"""The choices of a select as a change of its field leaves them: which stay, which are new, which would go.

A choice stays, with the values of the records that have it, by its id alone: Airtable takes one without an id
for a new one, and deletes those that are not named.
"""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import FieldSchema
from pyairtable_mcp.answers.budget import shortened
from pyairtable_mcp.field_models import changed_options, ready_options
from pyairtable_mcp.naming import ChoiceNames

SELECTS = ("singleSelect", "multipleSelects")


def grown(field: FieldSchema, added: Sequence[str], renamed: Mapping[str, str]) -> dict[str, Any]:
    """The options with more choices and new names; all that the select has stay. Raises ToolError."""
    if field.type not in SELECTS:
        raise ToolError(f"{field.name!r} is a {field.type} field; choices are those of a select.")
    choices = [dict(choice) for choice in _known(field)]
    by_name = {choice["name"]: choice for choice in choices}
    names = ChoiceNames(field)
    for old, new in renamed.items():
        exact = names.exact(old)
        if exact not in by_name:
            raise ToolError(f"{field.name!r} has no choice {old[:80]!r}. Choices: {shortened(by_name)}.")
        by_name[exact]["name"] = new
    counted = Counter([*(choice["name"] for choice in choices), *added])
    doubled = sorted(name for name, count in counted.items() if count > 1)
    if doubled:
        raise ToolError(f"{field.name!r} would have the choice {doubled[0][:80]!r} twice.")
    wanted = {"choices": [*choices, *({"name": name} for name in added)]}
    return ready_options(field.type, wanted, None) or {}


def kept(field: FieldSchema, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, whole, with the id of each choice that the select has already. Raises ToolError."""
    given = options.get("choices")
    if field.type not in SELECTS or "choices" not in options:
        return changed_options(field, options)
    if not isinstance(given, list):
        raise ToolError('choices are a list: {"choices": [{"name": "A"}, ...]}. Nothing was changed.')
    named = [choice for choice in given if isinstance(choice, Mapping)]
    exact = {str(choice.get("name")) for choice in named}
    known = _Known(field, taken={str(choice.get("id")) for choice in named})
    choices = [known.completed(choice, exact) for choice in given]
    return ready_options(field.type, {**options, "choices": choices}, None) or {}


def dropped(field: FieldSchema, options: Mapping[str, Any] | None) -> list[str]:
    """The names of the select's choices that these options leave out."""
    if options is None or field.type not in SELECTS or "choices" not in options:
        return []
    left = {choice.get("id") for choice in options["choices"]}
    return [choice["name"] for choice in _known(field) if choice.get("id") not in left]


class _Known:
    """The choices that a select has, each given once to who names it."""

    def __init__(self, field: FieldSchema, taken: Container[str]) -> None:
        """`taken` are ids: what they name is found by them alone."""
        self._field = field
        self._names = ChoiceNames(field)
        self._by_id = {choice.get("id"): choice for choice in _known(field)}
        self._free = {choice["name"]: choice for choice in _known(field) if choice.get("id") not in taken}

    def completed(self, choice: Any, exact: Container[str]) -> Any:
        """The choice with what is known of it: one in another case only if no name in `exact` is its own."""
        if not isinstance(choice, Mapping):
            return choice
        if choice.get("id"):
            return {**self._of_id(str(choice["id"])), **choice}
        given = str(choice.get("name"))
        alike = self._names.exact(given)
        return {**self._free.pop(alike, {}), **choice} if given == alike or alike not in exact else choice

    def _of_id(self, choice_id: str) -> Mapping[str, Any]:
        if choice_id in self._by_id:
            return self._by_id[choice_id]
        known = shortened(f"{choice['name']} ({choice.get('id')})" for choice in _known(self._field))
        raise ToolError(
            f"{self._field.name!r} has no choice of the id {choice_id[:80]!r}, and a new one is given "
            f"without an id. Choices: {known}."
        )


def _known(field: FieldSchema) -> Sequence[Mapping[str, Any]]:
    return tuple(field.options.get("choices", ()))
