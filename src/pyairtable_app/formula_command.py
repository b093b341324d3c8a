"""The command `formula`: evaluate, explain or check a formula at the terminal, list the functions."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import formula
from pyairtable_app.errors import CannotStart


class NoFormula(CannotStart):
    """The text is no formula, or one that cannot run; the message shows where and why."""


class NoFunction(CannotStart):
    """No function has such a name."""


_SHOWN_TEXT, _SHOWN_VALUE = 60, 80
"""Characters of a step that are shown of its text and of its value."""


def evaluate(
    text: str, fields: Mapping[str, Any], types: Mapping[str, str], dialect: formula.Dialect
) -> None:
    """Print the value in its REST form, as JSON. Raises NoFormula."""
    with _refusals():
        value = formula.evaluate(text, fields, field_types=types or None, dialect=dialect)
    print(_json(formula.to_rest(value)))


def explain(text: str, fields: Mapping[str, Any], types: Mapping[str, str], dialect: formula.Dialect) -> None:
    """Print every part of the formula with its value, as an indented tree. Raises NoFormula."""
    with _refusals():
        steps = formula.explain(text, fields, field_types=types or None, dialect=dialect)
    for step in steps:
        print("  " * step.depth + _line(step))


def _line(step: formula.Step) -> str:
    text = _cut(" ".join(step.text.split()), _SHOWN_TEXT)
    if not step.is_evaluated:
        return f"{text}  (not evaluated)"
    if step.kind == "literal":
        return text
    value = step.rest["error"] if isinstance(step.value, formula.ErrorValue) else _json(step.rest)
    shown = f"{text} = {_cut(value, _SHOWN_VALUE)}"
    return f"{shown}  <- {step.error}" if step.is_origin else shown


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


def check(text: str, types: Mapping[str, str], dialect: formula.Dialect) -> None:
    """Print what the formula yields and reads; raises NoFormula with every problem when it has any."""
    with _refusals():
        report = formula.check(text, types or None, dialect=dialect)
    if report.problems:
        raise NoFormula(_told(report.problems))
    print(f"result: {report.result_type}")
    print(f"fields: {', '.join(report.depends_on) or 'none'}")


def functions(name: str, dialect: formula.Dialect) -> None:
    """Print the functions of the dialect whose names contain `name`, a line each. Raises NoFunction."""
    known = {**formula.FUNCTIONS, **(formula.EXTENDED_FUNCTIONS if dialect == "extended" else {})}
    found = [member for key, member in sorted(known.items()) if name.upper() in key]
    if not found:
        raise NoFunction(f"No name of a function contains {name!r}; without it all of them are listed.")
    for member in found:
        print(f"{member.signature:<44} {member.doc.splitlines()[0]}")


@contextmanager
def _refusals() -> Iterator[None]:
    """What the engine refuses, as the command refuses it."""
    try:
        yield
    except formula.FormulaSyntaxError as error:
        raise NoFormula(str(error)) from error
    except formula.FormulaCheckError as error:
        raise NoFormula(_told(error.report.problems)) from error


def pair(text: str) -> tuple[str, Any]:
    """A `NAME=VALUE` of the command line; the value is JSON if it parses, else text."""
    name, found, value = text.partition("=")
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _told(problems: Sequence[formula.Problem]) -> str:
    lines = [
        f"{problem.message} Write {problem.suggestion} instead?" if problem.suggestion else problem.message
        for problem in problems
    ]
    return "\n".join(lines)
