"""What can go wrong with a formula before it gives a value.

FormulaError
├── FormulaSyntaxError     the text is not a formula; says the line, the column and shows the place
│   └── FormulaTooLarge    text, tokens, nesting or arguments beyond the limits
├── FormulaCheckError      unknown functions or fields, wrong numbers of arguments; carries the report
├── UnknownSetting         there is no such time zone, locale or dialect
├── FormulaCycle           formulas that need each other
└── DeadlinePassed         a batch took longer than it was given

A formula that fails while it is evaluated raises none of these: its value is an error value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from formula.report import Report

_SHOWN_BEFORE, _SHOWN_AFTER = 50, 30
"""Characters of the line shown on either side of the place."""


class FormulaError(Exception):
    """Anything wrong with a formula."""


class FormulaSyntaxError(FormulaError):
    """The text is not a formula.

    `start` and `end` are offsets in `text`; `line` and `column` of the start count from 1; `caret` shows the
    line with a mark under the place.
    """

    def __init__(self, message: str, text: str, start: int, end: int) -> None:
        self.message = message
        self.text = text
        self.start = start
        self.end = max(end, start)
        self.line = text.count("\n", 0, start) + 1
        self.column = start - (text.rfind("\n", 0, start) + 1) + 1
        super().__init__(f"{message} (line {self.line}, column {self.column})")

    @property
    def caret(self) -> str:
        """The part of the line around the place, and below it a ^ under each character at fault."""
        line_start = self.text.rfind("\n", 0, self.start) + 1
        line_end = self.text.find("\n", self.start)
        line_end = len(self.text) if line_end < 0 else line_end
        begin = max(line_start, self.start - _SHOWN_BEFORE)
        shown = self.text[begin : min(line_end, self.start + _SHOWN_AFTER)].rstrip("\r")
        marks = max(1, min(self.end - self.start, begin + len(shown) - self.start))
        return f"{shown}\n{' ' * (self.start - begin)}{'^' * marks}"

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.caret}"


class FormulaTooLarge(FormulaSyntaxError):
    """The formula is longer, deeper or wider than the limits allow; `limit` names which one."""

    def __init__(self, limit: str, allowed: int, text: str, start: int) -> None:
        self.limit = limit
        self.allowed = allowed
        super().__init__(f"The formula has more than {allowed:,} {limit}.", text, start, start + 1)


class FormulaCheckError(FormulaError):
    """The formula cannot run with these fields; `report` lists each problem, its place and a suggestion."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(" ".join(problem.message for problem in report.problems))


class UnknownSetting(FormulaError, ValueError):
    """There is no time zone, locale or dialect of that name; the message repeats it and tells the nearest."""


class FormulaCycle(FormulaError):
    """Formulas that need each other's values; `names` is the way round, first name repeated at the end."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__("These formulas need each other: " + " -> ".join(self.names) + ".")


class DeadlinePassed(FormulaError):
    """The batch was not done within its deadline; `done` rows were."""

    def __init__(self, deadline_seconds: float, done: int) -> None:
        self.done = done
        super().__init__(f"The batch took more than {deadline_seconds:g} seconds; {done:,} rows were done.")
