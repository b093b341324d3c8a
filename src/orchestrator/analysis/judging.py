"""Findings of a base: every rule over every table, then what says the same thing twice taken out."""

from collections.abc import Collection, Iterable

from orchestrator.analysis.facts import Base
from orchestrator.analysis.finding import CATEGORIES, Category, Finding
from orchestrator.analysis.rules import RULES

_ORDER = ("high", "medium", "low")

_SAID_BETTER: dict[str, frozenset[str]] = {
    "choices_in_text": frozenset({"text_instead_of_link", "stricter_type", "list_in_text", "repeated_facts"}),
    "stricter_type": frozenset({"yes_or_no"}),
    "constant": frozenset({"hardly_filled"}),
    "spelling_variants": frozenset({"primary_repeats"}),
}
"""A finding that says nothing new once another one is made about the same field."""


def judge(
    base: Base,
    *,
    categories: Collection[Category] = tuple(CATEGORIES),
    tables: Collection[str] | None = None,
) -> list[Finding]:
    """The findings, the most urgent and surest first; only about tables of these ids, if some are given."""
    found = [
        finding
        for table in base.tables
        if tables is None or table.id in tables
        for rule in RULES
        for finding in rule.findings(base, table)
    ]
    kept = [finding for finding in _without_echoes(found) if finding.category in categories]
    return sorted(kept, key=lambda finding: (_ORDER.index(finding.priority), -finding.confidence))


def _without_echoes(found: Iterable[Finding]) -> list[Finding]:
    listed = list(found)
    said = {(finding.table_id, finding.field, finding.issue) for finding in listed}
    return [finding for finding in listed if not _is_echo(finding, said)]


def _is_echo(finding: Finding, said: set[tuple[str, str, str]]) -> bool:
    better = _SAID_BETTER.get(finding.issue, frozenset())
    return any((finding.table_id, finding.field, issue) in said for issue in better)
