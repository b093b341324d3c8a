"""Indexing: primary fields by which no record can be found."""

from collections.abc import Iterator

from orchestrator.analysis.facts import COMPUTED, Base, Table
from orchestrator.analysis.finding import Sign
from orchestrator.analysis.rule import rule

_LEAST_ROWS = 12
_LONG = 200


@rule(
    "indexing",
    priority="high",
    effort="medium",
    confidence=0.85,
    then="Make the primary field say what tells records apart: a formula of two fields, or a number.",
)
def primary_repeats(_: Base, table: Table) -> Iterator[Sign]:
    """Primary values that come back in one record of ten or more."""
    primary = table.primary_column
    if primary is None or len(primary.texts) < _LEAST_ROWS:
        return
    again = len(primary.texts) - len(primary.counts)
    if again >= len(primary.texts) * 0.1:
        yield Sign(
            f"{primary.name} has {len(primary.counts)} different values in {len(primary.texts)} records: "
            "a link or a search by name finds the wrong one.",
            {"different": len(primary.counts), "filled": len(primary.texts)},
            primary.name,
        )


@rule(
    "indexing",
    priority="high",
    effort="low",
    confidence=0.9,
    then="Fill it, or let a formula do so: links to such records show as unnamed.",
)
def primary_empty(_: Base, table: Table) -> Iterator[Sign]:
    """Records without a name: one of twenty or more."""
    primary = table.primary_column
    if primary is None or table.sampled < _LEAST_ROWS or primary.type in COMPUTED:
        return
    empty = table.sampled - len(primary.filled)
    if empty >= table.sampled * 0.05:
        yield Sign(
            f"{primary.name} is empty in {empty} of {table.sampled} records.",
            {"empty": empty, "records": table.sampled},
            primary.name,
        )


@rule(
    "indexing",
    priority="medium",
    effort="medium",
    confidence=0.8,
    then="Name records in a few words, and keep the text in a field of its own.",
)
def primary_is_prose(_: Base, table: Table) -> Iterator[Sign]:
    """A primary field of long texts."""
    primary = table.primary_column
    if primary is None or len(primary.texts) < _LEAST_ROWS:
        return
    average = sum(map(len, primary.texts)) // len(primary.texts)
    if average > _LONG:
        yield Sign(
            f"{primary.name} has {average} characters on average.",
            {"average_characters": average},
            primary.name,
        )


RULES = (primary_repeats, primary_empty, primary_is_prose)
