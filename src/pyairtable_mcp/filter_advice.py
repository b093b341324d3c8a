"""What is wrong with a filter, in words: where it is no formula, and what to write instead."""

from typing import TYPE_CHECKING

from airtable_gateway import TableSchema
from pyairtable_mcp.budget import shortened
from pyairtable_mcp.formula_inputs import field_names, field_types

if TYPE_CHECKING:
    from formula import FormulaSyntaxError, Problem

_SHOWN = 40
"""Characters of a formula that are repeated from the place at fault on."""


def why_refused(table: TableSchema, text: str) -> str:
    """Why a filter of this table is refused and what to write instead, "" if nothing is wrong that we see."""
    import formula

    try:
        report = formula.check(text, field_types(table), field_names=field_names(table))
    except formula.FormulaSyntaxError as error:
        return syntax(error)
    unheard = any(problem.code == "unknown_field" and not problem.suggestion for problem in report.problems)
    names = f"Fields of {table.name}: {shortened(field.name for field in table.fields)}." if unheard else ""
    return " ".join([*map(problem_told, report.problems), names]).rstrip()


def syntax(error: "FormulaSyntaxError") -> str:
    """What is wrong and where, on one line."""
    rest = error.text[error.start :]
    place = rest if len(rest) <= _SHOWN else rest[:_SHOWN] + "…"
    where = f"At character {error.start + 1}: {place}" if place else "At its end."
    return f"{error.message} {where}"


def problem_told(problem: "Problem") -> str:
    """What is wrong, and what to write instead if we know."""
    return f"{problem.message} Write {problem.suggestion}." if problem.suggestion else problem.message
