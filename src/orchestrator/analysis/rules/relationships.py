"""Relationships: texts that repeat another table's records, links that nobody uses."""

from collections.abc import Iterator

from orchestrator.analysis.facts import LINKS, Base, Column, Table
from orchestrator.analysis.finding import Sign
from orchestrator.analysis.rule import rule

_LEAST_ROWS = 12
_LEAST_NAMES = 5
_FOUND = 0.9
_MOST_LINKED = 0.6


@rule(
    "relationships",
    priority="high",
    effort="medium",
    confidence=0.85,
    then="Convert the field to a link to that table: Airtable matches the names.",
)
def text_instead_of_link(base: Base, table: Table) -> Iterator[Sign]:
    """A text whose values are the names of another table's records."""
    for column in table.of_type("singleLineText"):
        is_out = column.name == table.primary or len(column.texts) < _LEAST_ROWS
        if is_out or len(column.counts) < _LEAST_NAMES:
            continue
        for other in base.tables:
            found = _names_in(column, other) if other.id != table.id else 0
            if found >= _LEAST_NAMES and found >= len(column.counts) * _FOUND:
                yield Sign(
                    f"{found} of {len(column.counts)} different values of {column.name} are records of "
                    f"{other.name}.",
                    {"other_table": other.name, "found": found, "different": len(column.counts)},
                    column.name,
                )
                break


@rule(
    "relationships",
    priority="low",
    effort="low",
    confidence=0.8,
    then="Fill the links, or delete the field on both sides.",
)
def unused_link(base: Base, table: Table) -> Iterator[Sign]:
    """A link that no record of the sample has, to a table that has some."""
    for column in table.of_type(LINKS):
        linked = base.table(column.row.get("linked_table", ""))
        is_empty = linked is not None and not linked.sampled
        if table.sampled >= _LEAST_ROWS and not column.filled and not is_empty:
            yield Sign(
                f"{column.name} links none of {table.sampled} records to {column.row.get('linked_table')}.",
                {"records": table.sampled, "links": 0},
                column.name,
            )


@rule(
    "relationships",
    priority="medium",
    effort="medium",
    confidence=0.6,
    then="Link the table to those it has to do with, or move it to a base of its own.",
)
def isolated_table(base: Base, table: Table) -> Iterator[Sign]:
    """A table without links where most tables of the base have some."""
    linked = sum(1 for one in base.tables if any(one.of_type(LINKS)))
    if any(table.of_type(LINKS)) or not table.sampled or linked < len(base.tables) * _MOST_LINKED:
        return
    yield Sign(
        f"{table.name} is linked to nothing; {linked} of {len(base.tables)} tables are.",
        {"linked_tables": linked, "tables": len(base.tables)},
    )


def _names_in(column: Column, other: Table) -> int:
    """How many of the column's different texts name a record of the other table."""
    primary = other.primary_column
    if primary is None or len(primary.counts) < len(primary.texts):
        return 0
    return sum(1 for text in column.counts if text in primary.counts)


RULES = (text_instead_of_link, unused_link, isolated_table)
