"""The formula engine's endpoints; the names of arguments are those of the Python functions."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

import formula
from moments import MomentError, resolve_locale, resolve_zone
from pyairtable_platform.language.problems import Refusal, of_check, of_syntax, problem_json


class Check(BaseModel, extra="forbid"):
    """A formula and the fields that it may use, by Airtable's types."""

    text: str
    field_types: dict[str, str] | None = None
    field_names: dict[str, str] | None = None
    dialect: Literal["airtable"] = "airtable"


class Evaluate(Check, extra="forbid"):
    """A formula and one record: REST values by field name, the record's id and times, the present time."""

    fields: dict[str, Any] = {}
    record: dict[str, Any] | None = None
    now: datetime | None = None
    time_zone: str = "utc"
    locale: str = "en"


def evaluate(question: Evaluate) -> Mapping[str, Any]:
    """{value} in REST form."""
    try:
        resolve_zone(question.time_zone)
        resolve_locale(question.locale)
    except MomentError as error:
        raise Refusal(422, "Unknown time zone or locale", str(error)) from error
    return {"value": formula.to_rest(_run(formula.evaluate, question))}


def check(question: Check) -> Mapping[str, Any]:
    """{valid, problems[], result_type, depends_on[]}; a text that does not parse is refused."""
    report = _run(formula.check, question)
    return {
        "valid": not report.problems,
        "problems": [problem_json(problem) for problem in report.problems],
        "result_type": report.result_type,
        "depends_on": list(report.depends_on),
    }


def functions() -> Mapping[str, Any]:
    """{functions[{name, signature, category, doc, examples[]}]} in the order of their names."""
    return {"functions": [function_json(member) for _, member in sorted(formula.FUNCTIONS.items())]}


def function_json(member: formula.Function) -> dict[str, Any]:
    """{name, signature, category, doc, examples[]}."""
    return {
        "name": member.name,
        "signature": member.signature,
        "category": member.category,
        "doc": member.doc,
        "examples": list(member.examples),
    }


QUESTIONS: tuple[tuple[str, type[BaseModel], Callable[[Any], Mapping[str, Any]]], ...] = (
    ("/formula/evaluate", Evaluate, evaluate),
    ("/formula/check", Check, check),
)

LISTINGS: tuple[tuple[str, Callable[[], Mapping[str, Any]]], ...] = (("/formula/functions", functions),)


def _run(function: Callable[..., Any], question: Check) -> Any:
    """The function's answer to the question. Raises Refusal."""
    arguments = {name: getattr(question, name) for name in type(question).model_fields}
    text = arguments.pop("text")
    try:
        return function(text, **arguments)
    except formula.FormulaSyntaxError as error:
        raise of_syntax(error) from error
    except formula.FormulaCheckError as error:
        raise of_check(error) from error
