"""What is wrong with a formula, and where, in words: told when a filter or a formula is refused."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from airtable_gateway import TableSchema
from pyairtable_mcp.answers.budget import clipped, shortened
from pyairtable_mcp.reading.formula_inputs import field_names, field_types

if TYPE_CHECKING:
    from formula import FormulaSyntaxError, Problem

_SHOWN = 40
"""Characters of a formula that are repeated from the place at fault on."""
_LONGEST = 300
"""Characters of what is wrong at one place: names in it may be as long as a formula."""
_TOLD = 5
"""Problems that are told of one formula."""


def why_refused(table: TableSchema, text: str) -> str:
    """Why a filter of this table is refused and what to write instead, "" if nothing is wrong that we see."""
    import formula

    try:
        report = formula.check(text, field_types(table), field_names=field_names(table))
    except formula.FormulaSyntaxError as error:
        return syntax(error, [field.name for field in table.fields])
    unheard = any(problem.code == "unknown_field" and not problem.suggestion for problem in report.problems)
    names = f"Fields of {table.name}: {shortened(field.name for field in table.fields)}." if unheard else ""
    return f"{problems_told(report.problems)} {names}".strip()


def syntax(error: "FormulaSyntaxError", names: Iterable[str] = ()) -> str:
    """What is wrong and where, on one line, and how those of the fields' names are written that hold a }."""
    rest = error.text[error.start :].partition("\n")[0]
    place = clipped(rest, _SHOWN)
    where = f"At character {error.start + 1}: {place}" if place else "At its end."
    meant = unescaped(error.text, names)
    return f"{error.message} {where}" + (f" Write {meant}." if meant else "")


def unescaped(text: str, names: Iterable[str]) -> str:
    """How to write the fields that a formula names with a bare } in their names, "" for none."""
    import formula

    folded = text.casefold()
    meant = [formula.braced(name) for name in names if "}" in name and f"{{{name}}}".casefold() in folded]
    return ", ".join(meant[:_TOLD])


def problems_told(problems: Sequence["Problem"]) -> str:
    """What is wrong, place by place, and what to write instead if we know."""
    told = [clipped(_problem_told(problem), _LONGEST) for problem in problems[:_TOLD]]
    more = len(problems) - len(told)
    return " ".join([*told, f"And {more} more problems."] if more else told)


def _problem_told(problem: "Problem") -> str:
    return f"{problem.message} Write {problem.suggestion}." if problem.suggestion else problem.message
