"""Structure: tables that are empty, too wide, or the same table twice."""

from collections.abc import Iterator

from orchestrator.analysis.facts import Base, Table
from orchestrator.analysis.finding import Sign
from orchestrator.analysis.rule import rule

_WIDE = 40
_SHARED = 0.8
_LEAST_SHARED = 5


@rule(
    "structure",
    priority="medium",
    effort="high",
    confidence=0.8,
    then="Move groups of fields that belong together into a table of their own, linked to this one.",
)
def wide_table(_: Base, table: Table) -> Iterator[Sign]:
    """A table of more than forty fields."""
    if len(table.columns) > _WIDE:
        yield Sign(
            f"{table.name} has {len(table.columns)} fields; more than {_WIDE} are hard to read and to keep.",
            {"field_count": len(table.columns), "limit": _WIDE},
        )


@rule(
    "structure",
    priority="low",
    effort="low",
    confidence=0.9,
    then="Delete the table, or fill it.",
)
def empty_table(_: Base, table: Table) -> Iterator[Sign]:
    """A table without records."""
    if not table.sampled:
        yield Sign(f"{table.name} has no records.", {"records": 0, "field_count": len(table.columns)})


@rule(
    "structure",
    priority="high",
    effort="high",
    confidence=0.85,
    then="Merge the tables into one, with a field that says what told them apart.",
)
def parallel_tables(base: Base, table: Table) -> Iterator[Sign]:
    """A table with the same fields as an earlier one of the base: one subject in several tables."""
    own = _shape(table)
    for other in base.tables[: _place(base, table)]:
        shared = own & _shape(other)
        every = own | _shape(other)
        if len(shared) >= _LEAST_SHARED and len(shared) / len(every) >= _SHARED:
            yield Sign(
                f"{table.name} has {len(shared)} of {len(every)} fields in common with {other.name}.",
                {"other_table": other.name, "shared_fields": len(shared), "all_fields": len(every)},
            )
            return


def _shape(table: Table) -> frozenset[tuple[str, str]]:
    return frozenset((column.name.casefold(), column.type) for column in table.columns)


def _place(base: Base, table: Table) -> int:
    return next(place for place, one in enumerate(base.tables) if one.id == table.id)


RULES = (wide_table, empty_table, parallel_tables)
