"""The options of a field to be made: right or wrong, and what Airtable fills in."""

from collections.abc import Mapping
from typing import Any

from fields.checked import Checked
from fields.field_type import FieldType
from fields.option_schema import violations
from fields.problems import Problem, Refusal
from fields.table import field_type

# With these alone, what is there can still be judged further.
_INCOMPLETE = ("not_creatable", "missing_option")


def check_options(type: str, options: Mapping[str, Any] | None) -> Checked:
    """The options in their write form, completed ({"name": "us"} gains its "format"), or all that is wrong.

    A type that the API does not create answers not_creatable; whoever makes such fields all the same looks
    for other problems. Problems carry the path to the option, such as ("dateFormat", "name").
    """
    try:
        found = field_type(type)
    except Refusal as refusal:
        return Checked(problems=refusal.problems)
    given: Any = {} if options is None else options
    problems = [*_not_creatable(found), *violations(given, found.options_schema, found.label)]
    completed = given
    if all(problem.code in _INCOMPLETE and len(problem.path) <= 1 for problem in problems):
        try:
            completed = found.complete_options(dict(given), found.label)
        except Refusal as refusal:
            problems += refusal.problems
    return Checked(value=given if problems else completed, problems=tuple(problems))


def _not_creatable(type: FieldType) -> tuple[Problem, ...]:
    if type.creatable:
        return ()
    message = f"Creating {type.name} fields is not supported by the API. Add the field in Airtable itself."
    return (Problem("not_creatable", message),)
