"""Data quality: empty, broken, odd and differently spelled values, as analyze_table_data reports them."""

from collections.abc import Iterator

from orchestrator.analysis.facts import COMPUTED, LINKS, Base, Table
from orchestrator.analysis.finding import Sign
from orchestrator.analysis.rule import Look, Rule, rule

_LEAST_ROWS = 12
_RARE = 10.0
"""Percent: a field that is filled less often than this is hardly used."""


@rule(
    "data_quality",
    priority="medium",
    effort="low",
    confidence=0.8,
    then="Fill the field, or delete it.",
)
def hardly_filled(_: Base, table: Table) -> Iterator[Sign]:
    """A field that is empty in nine of ten records."""
    for column in table.columns:
        if table.sampled < _LEAST_ROWS or column.is_computed or column.type in (LINKS, "checkbox"):
            continue
        rate = 100 * len(column.filled) / table.sampled
        if rate < _RARE:
            yield Sign(
                f"{column.name} is filled in {len(column.filled)} of {table.sampled} records.",
                {"filled": len(column.filled), "records": table.sampled, "fill_rate": round(rate, 1)},
                column.name,
            )


_SILENT = {"error_values": frozenset[str](), "outliers": COMPUTED | {"rating", "percent"}}
"""Types of which a finding says nothing: what is computed repeats its source, a rating has its own bounds."""


def _reported(code: str, about: str) -> Look:
    """A look that repeats what analyze_table_data reports under this code."""

    def look(_: Base, table: Table) -> Iterator[Sign]:
        types = {column.name: column.type for column in table.columns}
        silent = _SILENT.get(code, COMPUTED)
        for insight in table.insights:
            is_own = types.get(insight["field"]) not in silent
            if insight.get("code") == code and is_own and table.sampled >= _LEAST_ROWS:
                yield Sign(insight["message"], insight.get("evidence", {}), insight["field"])

    look.__doc__ = about
    return look


error_values = Rule(
    "error_values",
    "data_quality",
    "high",
    "medium",
    0.95,
    "Correct the formula; validate_formula says where it is wrong.",
    _reported("error_values", "Cells that Airtable could not compute."),
)
constant = Rule(
    "constant",
    "data_quality",
    "low",
    "low",
    0.6,
    "Delete the field if it says nothing.",
    _reported("constant", "One value wherever there is one."),
)
spelling_variants = Rule(
    "spelling_variants",
    "data_quality",
    "medium",
    "low",
    0.9,
    "Choose one spelling, and change the others to it.",
    _reported("spelling_variants", "One value written in several ways."),
)
blank_text = Rule(
    "blank_text",
    "data_quality",
    "low",
    "low",
    0.95,
    "Empty the cells that hold white space alone.",
    _reported("blank_text", "Texts of white space alone."),
)
invalid_text = Rule(
    "invalid_text",
    "data_quality",
    "high",
    "low",
    0.9,
    "Correct the values, or move them to a text field.",
    _reported("invalid_text", "Texts that are not what their type says."),
)
outliers = Rule(
    "outliers",
    "data_quality",
    "medium",
    "low",
    0.6,
    "Look at the records that are named: a slip of a digit is likely.",
    _reported("outliers", "Numbers far beyond the others."),
)
far_dates = Rule(
    "far_dates",
    "data_quality",
    "high",
    "low",
    0.9,
    "Correct the dates.",
    _reported("far_dates", "Dates more than a hundred years away."),
)

RULES = (
    hardly_filled,
    error_values,
    constant,
    spelling_variants,
    blank_text,
    invalid_text,
    outliers,
    far_dates,
)
