"""Field types: columns whose values would fit a stricter type."""

from collections.abc import Iterable, Iterator

from orchestrator.analysis.facts import Base, Table
from orchestrator.analysis.finding import Sign
from orchestrator.analysis.rule import rule

_LEAST_ROWS = 12
_MOST_CHOICES = 8
_REPEATS = 4
_YES_NO = frozenset(["yes", "no", "y", "n", "true", "false", "ja", "nein", "oui", "non"])
_LONGEST_CHOICE = 30


@rule(
    "field_types",
    priority="medium",
    effort="low",
    confidence=0.85,
    then="Convert the field to the type; look at convert_field_preview first.",
)
def stricter_type(_: Base, table: Table) -> Iterator[Sign]:
    """A text each value of which is a number, a date, an e-mail address and the like."""
    for insight in table.insights:
        evidence = insight.get("evidence", {})
        if insight.get("code") == "stricter_type" and evidence.get("count", 0) >= _LEAST_ROWS:
            kind = evidence.get("looks_like")
            yield Sign(
                f"{insight['field']} is text, but all {evidence['count']} values would fit {kind}.",
                {"looks_like": kind, "count": evidence["count"], "examples": evidence.get("examples", [])},
                insight["field"],
            )


@rule(
    "field_types",
    priority="medium",
    effort="low",
    confidence=0.75,
    then="Make it a single select of these choices.",
)
def choices_in_text(_: Base, table: Table) -> Iterator[Sign]:
    """A text of few values that come back again and again."""
    for column in table.of_type("singleLineText"):
        seen, different = len(column.texts), len(column.counts)
        is_short = all(len(text) <= _LONGEST_CHOICE for text in column.counts)
        if column.name == table.primary or seen < _LEAST_ROWS or not is_short or _is_yes_no(column.counts):
            continue
        if 2 <= different <= _MOST_CHOICES and seen >= different * _REPEATS:
            yield Sign(
                f"{column.name} has {different} different texts in {seen} records.",
                {"different": different, "filled": seen, "values": sorted(column.counts)},
                column.name,
            )


@rule(
    "field_types",
    priority="low",
    effort="low",
    confidence=0.9,
    then="Make it a checkbox.",
)
def yes_or_no(_: Base, table: Table) -> Iterator[Sign]:
    """A text or a select of yes and no."""
    for column in table.of_type("singleLineText", "singleSelect"):
        if len(column.texts) >= _LEAST_ROWS and len(column.counts) == 2 and _is_yes_no(column.counts):
            yield Sign(
                f"{column.name} says {' or '.join(sorted(column.counts))} in {len(column.texts)} records.",
                {"counts": dict(column.counts)},
                column.name,
            )


def _is_yes_no(values: Iterable[str]) -> bool:
    return {value.casefold() for value in values} <= _YES_NO


RULES = (stricter_type, choices_in_text, yes_or_no)
