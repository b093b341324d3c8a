"""Naming: names that are left over, alike, or in another style than their neighbours."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from orchestrator.analysis.facts import Base, Table
from orchestrator.analysis.finding import Sign
from orchestrator.analysis.rule import rule

_LEFT_OVER = re.compile(
    r"^(field|table|column|untitled|new field|new table)\s*\d*$|\bcopy(\s*\d+)?$|^copy of ", re.IGNORECASE
)
_STYLES = (
    ("snake_case", re.compile(r"^[a-z0-9]+(_[a-z0-9]+)+$")),
    ("camelCase", re.compile(r"^[a-z]+[0-9]*([A-Z][a-z0-9]*)+$")),
    ("PascalCase", re.compile(r"^([A-Z][a-z0-9]+){2,}$")),
    ("UPPER_CASE", re.compile(r"^[A-Z0-9]+(_[A-Z0-9]+)+$")),
    ("words", re.compile(r"^\S+( \S+)+$")),
)
_RULING = 0.75
_LEAST_NAMES = 4


@rule(
    "naming_conventions",
    priority="low",
    effort="low",
    confidence=0.95,
    then="Give it the name of what it holds.",
)
def left_over_name(_: Base, table: Table) -> Iterator[Sign]:
    """A name that Airtable gave: "Field 7", "Table 2", "Status copy"."""
    for name, field in [(table.name, ""), *((column.name, column.name) for column in table.columns)]:
        if _LEFT_OVER.search(name.strip()):
            yield Sign(f"{name!r} says nothing of what it holds.", {"name": name}, field)


@rule(
    "naming_conventions",
    priority="low",
    effort="low",
    confidence=0.95,
    then="Take the white space out: formulas and scripts must repeat it exactly.",
)
def stray_space(_: Base, table: Table) -> Iterator[Sign]:
    """A name with white space around it, or two spaces in it."""
    for name, field in [(table.name, ""), *((column.name, column.name) for column in table.columns)]:
        if name != " ".join(name.split()):
            yield Sign(f"{name!r} holds white space that is not seen.", {"name": name}, field)


@rule(
    "naming_conventions",
    priority="medium",
    effort="low",
    confidence=0.85,
    then="Keep one of the fields, or name what tells them apart.",
)
def alike_names(_: Base, table: Table) -> Iterator[Sign]:
    """Two fields whose names differ only in case, spaces and marks."""
    groups: dict[str, list[str]] = defaultdict(list)
    for column in table.columns:
        groups[re.sub(r"[\W_]+", "", column.name).casefold()].append(column.name)
    for letters, names in groups.items():
        if letters and len(names) > 1:
            yield Sign(
                f"{' and '.join(map(repr, names))} are the same name but for how it is written.",
                {"names": names},
                names[-1],
            )


@rule(
    "naming_conventions",
    priority="low",
    effort="low",
    confidence=0.7,
    then="Rename it in the style of its neighbours.",
)
def other_style(_: Base, table: Table) -> Iterator[Sign]:
    """A name in another style than three in four of the table's names of several words."""
    styles = {column.name: style for column in table.columns if (style := _style(column.name))}
    if len(styles) < _LEAST_NAMES:
        return
    [(ruling, times)] = Counter(styles.values()).most_common(1)
    if times < len(styles) * _RULING:
        return
    for name, style in styles.items():
        if style != ruling:
            yield Sign(
                f"{name!r} is written in {style}; {times} of {len(styles)} names are in {ruling}.",
                {"style": style, "ruling_style": ruling, "names_in_it": times, "names": len(styles)},
                name,
            )


def _style(name: str) -> str:
    """The style of a name of several words; empty for one word."""
    return next((style for style, pattern in _STYLES if pattern.match(" ".join(name.split()))), "")


RULES = (left_over_name, stray_space, alike_names, other_style)
