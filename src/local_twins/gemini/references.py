"""Arguments that name what a function answered before: {"$from": "get_records", "path": "/records/0/id"}."""

from collections.abc import Mapping, Sequence
from typing import Any

from local_twins.gemini.errors import ApiError
from local_twins.gemini.tables import read_answer

Answers = Sequence[tuple[str, Any]]


def filled(value: Any, answers: Answers) -> Any:
    """The value with each reference replaced by what it names. Raises ApiError when there is none."""
    match value:
        case {"$from": str(name), **rest}:
            return _found(name, str(rest.get("path", "")), answers)
        case Mapping():
            return {key: filled(item, answers) for key, item in value.items()}
        case list():
            return [filled(item, answers) for item in value]
        case _:
            return value


def _found(name: str, path: str, answers: Answers) -> Any:
    """What the function of that name answered last, at that JSON pointer (RFC 6901)."""
    outputs = [output for answered, output in answers if answered == name]
    if not outputs:
        raise ApiError(400, f"The script refers to an answer of {name}, and there is none yet.")
    value = read_answer(outputs[-1]) if isinstance(outputs[-1], str) else outputs[-1]
    for step in path.split("/")[1:]:
        value = _step(value, step.replace("~1", "/").replace("~0", "~"), f"{name}{path}")
    return value


def _step(value: Any, step: str, place: str) -> Any:
    match value:
        case Mapping() if step in value:
            return value[step]
        case list() if step.isdecimal() and int(step) < len(value):
            return value[int(step)]
        case _:
            raise ApiError(400, f"The script refers to {place}, and the answer has no {step!r} there.")
