"""Normalisation: facts that are kept more than once, lists in a cell, numbered columns."""

import re
from collections import defaultdict
from collections.abc import Iterator

from orchestrator.analysis.facts import Base, Column, Table
from orchestrator.analysis.finding import Sign
from orchestrator.analysis.rule import rule

_NUMBERED = re.compile(r"^(.*?\D)[ _-]*(\d{1,2})$")
_GROUP = 3
_LIST = re.compile(r"\s*[,;|]\s*")
_LONG_ITEM = 30
_LEAST_LISTS = 0.6
_LEAST_ROWS = 12
_REPEATED = 0.5
"""A column of names that come back: at most one different value for two records."""
_FACTS = ("singleLineText", "email", "phoneNumber", "url")


@rule(
    "normalization",
    priority="high",
    effort="medium",
    confidence=0.9,
    then="Keep one record for each of them in a table of their own, linked to this one.",
)
def numbered_fields(_: Base, table: Table) -> Iterator[Sign]:
    """Three fields or more that differ only in a number at the end, of one type."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for column in table.columns:
        if found := _NUMBERED.match(column.name):
            groups[(found[1].strip(" _-").casefold(), column.type)].append(column.name)
    for names in groups.values():
        if len(names) >= _GROUP:
            yield Sign(
                f"{', '.join(names)} are {len(names)} columns for one thing.",
                {"fields": names, "count": len(names)},
                names[0],
            )


@rule(
    "normalization",
    priority="medium",
    effort="medium",
    confidence=0.75,
    then="Make it a multiple select, or links to a table of these things.",
)
def list_in_text(_: Base, table: Table) -> Iterator[Sign]:
    """A text of short items with commas or semicolons between them, and items that come back."""
    for column in table.columns:
        if not column.is_text or len(column.texts) < _LEAST_ROWS:
            continue
        split = [items for text in column.texts if len(items := _items(text)) > 1]
        every = [item for items in split for item in items]
        share = len(split) / len(column.texts)
        if share >= _LEAST_LISTS and len(set(every)) <= len(every) / 2:
            yield Sign(
                f"{column.name} holds lists in {len(split)} of {len(column.texts)} texts: "
                f"{len(set(every))} different items, {len(every)} times.",
                {"lists": len(split), "filled": len(column.texts), "different_items": len(set(every))},
                column.name,
            )


@rule(
    "normalization",
    priority="medium",
    effort="high",
    confidence=0.7,
    then="Keep the two in a table of their own, and link to it; look the second one up.",
)
def repeated_facts(_: Base, table: Table) -> Iterator[Sign]:
    """A column that another one, whose values come back, decides: a customer's address in each order."""
    for deciding in _naming(table):
        for decided in table.columns:
            if decided.name != deciding.name and decided.type in _FACTS and _decides(deciding, decided):
                yield Sign(
                    f"{decided.name} is the same wherever {deciding.name} is: {len(deciding.counts)} pairs "
                    f"in {len(deciding.texts)} records.",
                    {"decided_by": deciding.name, "pairs": len(deciding.counts), "rows": len(deciding.texts)},
                    decided.name,
                )


def _items(text: str) -> list[str]:
    items = [item for item in _LIST.split(text) if item]
    return items if all(len(item) <= _LONG_ITEM for item in items) and "\n" not in text else []


def _naming(table: Table) -> Iterator[Column]:
    for column in table.of_type("singleLineText"):
        seen, different = len(column.texts), len(column.counts)
        if seen >= _LEAST_ROWS and 3 <= different <= seen * _REPEATED and column.name != table.primary:
            yield column


def _decides(deciding: Column, decided: Column) -> bool:
    """Whether each value goes with one other, and different ones with different others."""
    if len(decided.texts) < _LEAST_ROWS:
        return False
    pairs: dict[str, set[str]] = defaultdict(set)
    for one, other in zip(deciding.cells, decided.cells, strict=True):
        if isinstance(one, str) and isinstance(other, str):
            pairs[one].add(other)
    values = [next(iter(others)) for others in pairs.values() if len(others) == 1]
    return len(values) == len(pairs) >= 3 and len(set(values)) == len(values)


RULES = (numbered_fields, list_in_text, repeated_facts)
