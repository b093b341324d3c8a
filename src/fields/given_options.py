"""Options that a question brings with its value: known ones must make sense, unknown ones are passed over."""

from collections.abc import Iterator, Mapping
from typing import Any

from fields.cell import NO_OPTIONS, Options
from fields.field_type import FieldType
from fields.option_schema import given_violations
from fields.problems import OPTIONS, Problem, Refusal
from fields.wording import shown


def given_options(options: Any, type: FieldType, label: str, *, under: str = OPTIONS) -> Options:
    """The options, an empty object for null. Refuses what a field of the type could not have.

    Problems lie under the step `under`.
    """
    if options is None:
        return NO_OPTIONS
    if not isinstance(options, Mapping):
        message = f"{label}: options is an object or null, not {shown(options)}."
        raise Refusal([Problem("bad_option", message, (under,))])
    problems = tuple(problem.under(under) for problem in _wrong(options, type, label)) if options else ()
    if problems:
        raise Refusal(problems)
    return options


def _wrong(options: Options, type: FieldType, label: str) -> Iterator[Problem]:
    yield from given_violations(options, type.options_schema, label)
    if type.strict_options:
        yield from given_violations(options, _own(type), label)
    try:
        type.judge_options(options, label)
    except Refusal as refusal:
        yield from refusal.problems


def _own(type: FieldType) -> Mapping[str, Any]:
    return {"type": "object", "properties": type.strict_options}
