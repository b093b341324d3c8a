"""Refusals as problem details (RFC 9457): a title, what is wrong in this request, and data for programs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

import formula

_SHOWN = 60
"""Characters of a value, or of the path to it, that a refusal repeats."""


class Refusal(Exception):
    """The request cannot be answered; `extra` stands beside title, status and detail."""

    def __init__(self, status: int, title: str, detail: str, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.extra = dict(extra or {})

    def to_json(self) -> dict[str, Any]:
        """{type, title, status, detail, ...extra}."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }


def of_arguments(error: ValidationError, known: Sequence[str]) -> Refusal:
    """Arguments that the endpoint does not take."""
    problems = [
        {"path": ".".join(map(str, problem["loc"]))[:_SHOWN], "message": problem["msg"] + _not(problem)}
        for problem in error.errors(include_url=False)
    ]
    detail = "; ".join(f"{problem['path']}: {problem['message']}" for problem in problems)
    return Refusal(422, "Wrong arguments", f"{detail}. Known: {', '.join(known)}.", {"problems": problems})


def _not(problem: Mapping[str, Any]) -> str:
    """The value at fault, where it is a short one."""
    given = problem["input"]
    if problem["type"] in ("missing", "extra_forbidden") or isinstance(given, dict | list):
        return ""
    return f", not {json.dumps(given)[:_SHOWN]}"


def of_syntax(error: formula.FormulaSyntaxError) -> Refusal:
    """A text that is no formula."""
    span = [error.start, error.end]
    place = {"line": error.line, "column": error.column, "span": span, "caret": error.caret}
    return Refusal(422, "The text is not a formula", error.message, {"code": "syntax", **place})


def of_check(error: formula.FormulaCheckError) -> Refusal:
    """A formula that cannot run."""
    problems = [problem_json(problem) for problem in error.report.problems]
    return Refusal(422, "The formula cannot run", str(error), {"code": "check", "problems": problems})


def problem_json(problem: formula.Problem) -> dict[str, Any]:
    """{code, message, span, suggestion?, name?}."""
    told = {"code": problem.code, "message": problem.message, "span": list(problem.span)}
    beside = {"suggestion": problem.suggestion, "name": problem.name}
    return told | {key: value for key, value in beside.items() if value}
