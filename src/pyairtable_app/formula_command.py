"""The command `formula`: evaluate or check a formula at the terminal, list the functions."""

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

import formula
from pyairtable_app.errors import CannotStart


class NoFormula(CannotStart):
    """The text is no formula, or one that cannot run; the message shows where and why."""


def evaluate(text: str, fields: Mapping[str, Any], types: Mapping[str, str]) -> None:
    """Print the value in its REST form, as JSON. Raises NoFormula."""
    try:
        value = formula.evaluate(text, fields, field_types=types or None)
    except formula.FormulaSyntaxError as error:
        raise NoFormula(str(error)) from error
    except formula.FormulaCheckError as error:
        raise NoFormula(_told(error.report.problems)) from error
    print(json.dumps(formula.to_rest(value), ensure_ascii=False))


def check(text: str, types: Mapping[str, str]) -> None:
    """Print what the formula yields and reads; raises NoFormula with every problem when it has any."""
    try:
        report = formula.check(text, types or None)
    except formula.FormulaSyntaxError as error:
        raise NoFormula(str(error)) from error
    if report.problems:
        raise NoFormula(_told(report.problems))
    print(f"result: {report.result_type}")
    print(f"fields: {', '.join(report.depends_on) or 'none'}")


def functions(name: str) -> None:
    """Print the functions whose names contain `name`, a line each."""
    for key, member in sorted(formula.FUNCTIONS.items()):
        if name.upper() in key:
            print(f"{member.signature:<44} {member.doc.splitlines()[0]}")


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
