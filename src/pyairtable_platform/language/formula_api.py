"""The formula engine's endpoints: what is asked, put to the engine, and its answer as JSON."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

import formula
from pyairtable_platform.language.formula_questions import Check, Evaluate, Functions
from pyairtable_platform.language.problems import Refusal, of_check, of_syntax, problem_json

_SHOWN_TEXT, _SHOWN_VALUE, _SHOWN_ITEMS = 300, 1_000, 100
"""What an explanation shows of each part: of 10,000 parts, each may be as long as the formula."""


def evaluate(question: Evaluate) -> Mapping[str, Any]:
    """{value} in REST form."""
    return {"value": formula.to_rest(_run(formula.evaluate, question))}


def explain(question: Evaluate) -> Mapping[str, Any]:
    """{value, steps[]}: every part of the formula, each before its own parts, with its depth among them."""
    steps = _run(formula.explain, question)
    return {"value": steps[0].rest, "steps": [step_json(step) for step in steps]}


def step_json(step: formula.Step) -> dict[str, Any]:
    """{kind, text, span, depth, evaluated, value, error?, origin?, shortened?}."""
    value, text = step.rest, step.text
    shown = _shortened(value)
    told = {
        "kind": step.kind,
        "text": text if len(text) <= _SHOWN_TEXT else f"{text[:_SHOWN_TEXT]}…",
        "span": list(step.span),
        "depth": step.depth,
        "evaluated": step.is_evaluated,
        "value": shown,
    }
    beside = {"error": step.error, "origin": step.is_origin, "shortened": shown is not value}
    return told | {key: each for key, each in beside.items() if each}


def _shortened(value: Any) -> Any:
    """The value itself, unless it is a long text or array."""
    if isinstance(value, str) and len(value) > _SHOWN_VALUE:
        return f"{value[:_SHOWN_VALUE]}…"
    if isinstance(value, list) and (len(value) > _SHOWN_ITEMS or any(map(_is_long, value))):
        return [_shortened(item) for item in value[:_SHOWN_ITEMS]]
    return value


def _is_long(item: Any) -> bool:
    return isinstance(item, list) or (isinstance(item, str) and len(item) > _SHOWN_VALUE)


def check(question: Check) -> Mapping[str, Any]:
    """{valid, problems[], result_type, depends_on[]}; a text that does not parse is refused."""
    report = _run(formula.check, question)
    return {
        "valid": not report.problems,
        "problems": [problem_json(problem) for problem in report.problems],
        "result_type": report.result_type,
        "depends_on": list(report.depends_on),
    }


def functions(question: Functions) -> Mapping[str, Any]:
    """{functions[{name, signature, category, doc, dialect, examples[]}]} in the order of their names."""
    found = dict(formula.FUNCTIONS)
    if question.dialect == "extended":
        found |= formula.EXTENDED_FUNCTIONS
    return {"functions": [function_json(member) for _, member in sorted(found.items())]}


def function_json(member: formula.Function) -> dict[str, Any]:
    """{name, signature, category, doc, dialect, examples[]}."""
    return {
        "name": member.name,
        "signature": member.signature,
        "category": member.category,
        "doc": member.doc,
        "dialect": "airtable" if member.name in formula.FUNCTIONS else "extended",
        "examples": list(member.examples),
    }


QUESTIONS: tuple[tuple[str, type[BaseModel], Callable[[Any], Mapping[str, Any]]], ...] = (
    ("/formula/evaluate", Evaluate, evaluate),
    ("/formula/check", Check, check),
    ("/formula/explain", Evaluate, explain),
)

LISTINGS: tuple[tuple[str, type[BaseModel], Callable[[Any], Mapping[str, Any]]], ...] = (
    ("/formula/functions", Functions, functions),
)


def _run(function: Callable[..., Any], question: Check) -> Any:
    """The function's answer to the question. Raises Refusal."""
    arguments = {name: getattr(question, name) for name in type(question).model_fields}
    text, record = arguments.pop("text"), arguments.get("record")
    if record is not None:
        arguments["record"] = record.model_dump()
    try:
        return function(text, **arguments)
    except formula.FormulaSyntaxError as error:
        raise of_syntax(error) from error
    except formula.FormulaCheckError as error:
        raise of_check(error) from error
    except formula.UnknownSetting as error:
        raise Refusal(422, "Unknown time zone or locale", str(error)) from error
