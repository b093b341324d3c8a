"""The command `fields`: a value checked, converted or a type looked up at the terminal."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import fields
from pyairtable_app.errors import CannotStart


class BadValue(CannotStart):
    """The value cannot stand in such a field; the message tells every problem."""


def check(type: str, value: str, options: Mapping[str, Any], mode: fields.Mode) -> None:
    """Print the normal form as JSON. Raises BadValue."""
    checked = fields.check(type, _read(value, type), dict(options), mode=mode)
    if not checked.ok:
        raise BadValue(_told(checked.problems))
    print(json.dumps(checked.value, ensure_ascii=False))


def convert(value: str, from_type: str, to_type: str) -> None:
    """Print the converted value as JSON and what was lost. Raises BadValue when nothing is left of it."""
    converted = fields.convert(_read(value, from_type), from_type, to_type)
    if converted.loss == "impossible":
        raise BadValue(_told(converted.problems))
    print(f"{json.dumps(converted.value, ensure_ascii=False)}  ({converted.loss})")
    if converted.why:
        print(converted.why)


def types() -> None:
    """Print the field types, a line each."""
    for name, member in fields.FIELD_TYPES.items():
        print(f"{name:<22} {member.doc.splitlines()[0]}")


def _read(text: str, type: str) -> Any:
    """The value that a text stands for: JSON, but a number only where the type holds numbers."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value if _holds_numbers(type) else text
    return value


def _holds_numbers(type: str) -> bool:
    member = fields.FIELD_TYPES.get(type)
    return member is not None and any(isinstance(example.value, int | float) for example in member.examples)


def _told(problems: Sequence[fields.Problem]) -> str:
    return "\n".join(
        f"{problem.message} Suggested: {json.dumps(problem.suggestion, ensure_ascii=False)}"
        if problem.suggestion is not None
        else problem.message
        for problem in problems
    )
