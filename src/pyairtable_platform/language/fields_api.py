"""The field types' endpoints; the names of arguments are those of the Python functions."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import BaseModel

import fields
from moments import MomentError
from pyairtable_platform.language.problems import Refusal

_EMPTY: Mapping[str, Any] = {}


class Check(BaseModel, extra="forbid"):
    """A value and the type that it ought to have."""

    type: str
    value: Any
    options: dict[str, Any] | None = None
    mode: Literal["airtable", "strict"] = "strict"


class Convert(BaseModel, extra="forbid"):
    """A value of one type, and the type that it is to become."""

    value: Any
    from_type: str
    to_type: str
    from_options: dict[str, Any] | None = None
    to_options: dict[str, Any] | None = None
    locale: str = "en"
    time_zone: str = "utc"


class Types(BaseModel, extra="forbid"):
    """All types; there is nothing to ask for."""


class Infer(BaseModel, extra="forbid"):
    """The values of a column."""

    values: list[Any]


def check(question: Check) -> Mapping[str, Any]:
    """{ok, value, text, problems[{code, message, path, suggestion?}]}."""
    checked = fields.check(question.type, question.value, question.options, mode=question.mode)
    return {
        "ok": checked.ok,
        "value": checked.value,
        "text": checked.text,
        "problems": _rows(checked.problems),
    }


def convert(question: Convert) -> Mapping[str, Any]:
    """{value, loss, why, text, problems[]}."""
    try:
        converted = fields.convert(**{name: getattr(question, name) for name in Convert.model_fields})
    except MomentError as error:
        raise Refusal(422, "Unknown time zone or locale", str(error)) from error
    return {
        "value": converted.value,
        "loss": converted.loss,
        "why": converted.why,
        "text": converted.text,
        "problems": _rows(converted.problems),
    }


def infer(question: Infer) -> Mapping[str, Any]:
    """{type, options, confidence, exceptions[]}."""
    inferred = fields.infer(question.values)
    return {
        "type": inferred.type,
        "options": dict(inferred.options),
        "confidence": inferred.confidence,
        "exceptions": [_as_json(value) for value in inferred.exceptions],
    }


def _as_json(value: Any) -> Any:
    """The value as it can be sent, with ? for half a surrogate pair."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode("utf-8")
        case list():
            return [_as_json(member) for member in value]
        case dict():
            return {_as_json(key): _as_json(member) for key, member in value.items()}
    return value


def types(_: Types) -> Mapping[str, Any]:
    """{types[{name, label, doc, computed, creatable, options_schema, strict_options, examples[]}]}."""
    return {"types": [_type_row(member) for member in fields.FIELD_TYPES.values()]}


QUESTIONS: tuple[tuple[str, type[BaseModel], Callable[[Any], Mapping[str, Any]]], ...] = (
    ("/fields/check", Check, check),
    ("/fields/convert", Convert, convert),
    ("/fields/infer", Infer, infer),
)

LISTINGS: tuple[tuple[str, type[BaseModel], Callable[[Any], Mapping[str, Any]]], ...] = (
    ("/fields/types", Types, types),
)


def _rows(problems: tuple[fields.Problem, ...]) -> list[dict[str, Any]]:
    return [problem_json(problem) for problem in problems]


def problem_json(problem: fields.Problem) -> dict[str, Any]:
    """{code, message, path[], suggestion?}."""
    told = {"code": problem.code, "message": problem.message, "path": list(problem.path)}
    return told if problem.suggestion is None else told | {"suggestion": problem.suggestion}


def _type_row(member: fields.FieldType) -> dict[str, Any]:
    return {
        "name": member.name,
        "label": member.label,
        "doc": member.doc,
        "computed": member.computed,
        "creatable": member.creatable,
        "options_schema": dict(member.options_schema),
        "strict_options": {name: dict(schema) for name, schema in member.strict_options.items()},
        "examples": [
            {"value": example.value, "text": example.text, "options": dict(example.options)}
            for example in member.examples
        ],
    }
