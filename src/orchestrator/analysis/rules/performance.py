"""Performance: what makes a base slow."""

import re
from collections.abc import Iterator

from orchestrator.analysis.facts import Base, Table
from orchestrator.analysis.finding import Sign
from orchestrator.analysis.rule import rule

_MOST_COMPUTED = 12
_SHARE = 0.4
_COUNTED = ("formula", "rollup", "count", "multipleLookupValues", "lookup")
_LOOKUPS = ("multipleLookupValues", "lookup", "rollup")
_CHAIN = 3
_CLOCK = re.compile(r"\b(NOW|TODAY)\s*\(", re.IGNORECASE)
_CLOCKS = 3
_HEAVY = 5_000
_MOST_VIEWS = 25


@rule(
    "performance",
    priority="medium",
    effort="medium",
    confidence=0.8,
    then="Drop those that nobody reads, and merge formulas that only feed each other.",
)
def many_computed(_: Base, table: Table) -> Iterator[Sign]:
    """More than a dozen computed fields, and two in five or more of all."""
    computed = sum(1 for _ in table.of_type(*_COUNTED))
    if computed > _MOST_COMPUTED and computed / len(table.columns) >= _SHARE:
        yield Sign(
            f"{computed} of the {len(table.columns)} fields of {table.name} are computed.",
            {"computed": computed, "field_count": len(table.columns)},
        )


@rule(
    "performance",
    priority="medium",
    effort="medium",
    confidence=0.9,
    then="Link the tables directly, and look the value up in one step.",
)
def lookup_chain(base: Base, table: Table) -> Iterator[Sign]:
    """A lookup of a lookup of a lookup."""
    for column in table.of_type(*_LOOKUPS):
        chain = _chain(base, table, column.name)
        if len(chain) >= _CHAIN:
            yield Sign(
                f"{column.name} goes through {len(chain)} tables: {' > '.join(chain)}.",
                {"depth": len(chain), "through": chain},
                column.name,
            )


@rule(
    "performance",
    priority="low",
    effort="low",
    confidence=0.7,
    then="Ask the clock in one formula, and let the others read that field.",
)
def many_clocks(_: Base, table: Table) -> Iterator[Sign]:
    """Three formulas or more that ask for the time: each is computed anew all day."""
    names = [
        column.name
        for column in table.of_type("formula")
        if _CLOCK.search(str(column.row.get("formula", "")))
    ]
    if len(names) >= _CLOCKS:
        yield Sign(
            f"{len(names)} formulas of {table.name} ask NOW() or TODAY(): {', '.join(names)}.",
            {"fields": names, "count": len(names)},
        )


@rule(
    "performance",
    priority="low",
    effort="medium",
    confidence=0.8,
    then="Keep such texts as attached files, or in a linked table that is read on demand.",
)
def heavy_text(_: Base, table: Table) -> Iterator[Sign]:
    """Texts of more than five thousand characters on average."""
    for column in table.columns:
        if not column.is_text or not column.texts:
            continue
        average = sum(map(len, column.texts)) // len(column.texts)
        if average > _HEAVY:
            yield Sign(
                f"{column.name} has {average:,} characters on average.",
                {"average_characters": average, "filled": len(column.texts)},
                column.name,
            )


@rule(
    "performance",
    priority="low",
    effort="low",
    confidence=0.7,
    then="Delete the views that nobody opens.",
)
def many_views(_: Base, table: Table) -> Iterator[Sign]:
    """More than twenty-five views."""
    if table.views > _MOST_VIEWS:
        yield Sign(f"{table.name} has {table.views} views.", {"views": table.views, "limit": _MOST_VIEWS})


def _chain(base: Base, table: Table | None, name: str) -> list[str]:
    """The tables through which a looked-up field gets its value, the nearest first."""
    through: list[str] = []
    while table is not None and len(through) <= len(base.tables):
        column = next((one for one in table.columns if one.name == name), None)
        if column is None or column.type not in _LOOKUPS:
            break
        table, name = base.table(column.row.get("linked_table", "")), column.row.get("lookup_field", "")
        through.append(table.name if table else "?")
    return through


RULES = (many_computed, lookup_chain, many_clocks, heavy_text, many_views)
