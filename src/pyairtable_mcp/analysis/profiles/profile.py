"""The profile of a table's records, field by field."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from airtable_gateway import FieldSchema, Record, TableSchema
from pyairtable_mcp.analysis.cell_text import cell_text
from pyairtable_mcp.analysis.identity import identity
from pyairtable_mcp.analysis.kinds import Kind, kind_of
from pyairtable_mcp.analysis.profiles.choice_facts import ChoiceFacts, measure_choices, measure_people
from pyairtable_mcp.analysis.profiles.column import SHOWN, Cell, Column, Sighting, shortened
from pyairtable_mcp.analysis.profiles.counted_facts import (
    AttachmentFacts,
    CheckboxFacts,
    LinkFacts,
    measure_boxes,
    measure_files,
    measure_links,
)
from pyairtable_mcp.analysis.profiles.date_facts import DateFacts, measure_dates
from pyairtable_mcp.analysis.profiles.number_facts import NumberFacts, measure_numbers
from pyairtable_mcp.analysis.profiles.text_facts import TextFacts, measure_texts

Facts = TextFacts | NumberFacts | ChoiceFacts | DateFacts | LinkFacts | CheckboxFacts | AttachmentFacts


@dataclass(frozen=True, slots=True)
class Repeat:
    """A value that several records have, as text, and the first few of them."""

    value: str
    count: int
    record_ids: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """{value, count, record_ids}."""
        return {"value": self.value, "count": self.count, "record_ids": list(self.record_ids)}


@dataclass(frozen=True, slots=True)
class FieldProfile:
    """One field over all records.

    `filled` counts cells that are not empty, errors included; every box counts as filled, ticked or not.
    `distinct` counts different values as they are written (a list is one value, whatever its order),
    `unique` the values that one record alone has, `repeats` are the others, the most frequent five of them.
    """

    field: FieldSchema
    is_primary: bool
    total: int
    filled: int
    distinct: int
    unique: int
    repeats: tuple[Repeat, ...]
    errors: Sighting
    facts: Facts | None

    @property
    def empty(self) -> int:
        """How many cells are empty."""
        return self.total - self.filled

    @property
    def fill_rate(self) -> float:
        """Filled cells in percent of all, 0 without records."""
        return 100 * self.filled / self.total if self.total else 0.0

    def to_json(self) -> dict[str, Any]:
        """{field_name, field_type, total_records, ... error_count} and the facts of its kind beside them.

        `fill_rate` and `unique_share` are percentages of two decimals, of all and of the filled cells.
        """
        return {
            "field_name": self.field.name,
            "field_type": self.field.type,
            "total_records": self.total,
            "filled_count": self.filled,
            "empty_count": self.empty,
            "fill_rate": round(self.fill_rate, 2),
            "distinct_count": self.distinct,
            "unique_share": round(100 * self.unique / self.filled, 2) if self.filled else 0.0,
            "error_count": self.errors.count,
            **(self.facts.to_json() if self.facts else {}),
        }


@dataclass(frozen=True, slots=True)
class TableProfile:
    """The profiles of a table's fields, in their order, over so many records."""

    table: TableSchema
    records: int
    fields: tuple[FieldProfile, ...]

    def to_json(self) -> dict[str, Any]:
        """{table_name, analysis_summary, field_analysis {field: profile}}.

        `analysis_summary` is {records_analyzed, total_fields, avg_fill_rate}, the last in percent.
        """
        rates = [profile.fill_rate for profile in self.fields]
        return {
            "table_name": self.table.name,
            "analysis_summary": {
                "records_analyzed": self.records,
                "total_fields": len(self.fields),
                "avg_fill_rate": round(sum(rates) / len(rates), 2) if rates else 0.0,
            },
            "field_analysis": {profile.field.name: profile.to_json() for profile in self.fields},
        }


def profile_table(
    table: TableSchema, records: Sequence[Record], *, now: datetime | None = None
) -> TableProfile:
    """The profile of these records; without `now` (aware) nothing is said of the future and of far dates."""
    fields = (_profile_field(field, table, records, now) for field in table.fields)
    return TableProfile(table, len(records), tuple(fields))


def _profile_field(
    field: FieldSchema, table: TableSchema, records: Sequence[Record], now: datetime | None
) -> FieldProfile:
    column = Column.of(field, records)
    same: dict[Hashable, list[Cell]] = defaultdict(list)
    for cell in column.cells:
        same[identity(cell.value)].append(cell)
    return FieldProfile(
        field=field,
        is_primary=field.id == table.primary_field_id,
        total=len(records),
        filled=len(column.cells) + len(column.errors),
        distinct=len(same),
        unique=sum(len(cells) == 1 for cells in same.values()),
        repeats=_repeats([cells for cells in same.values() if len(cells) > 1]),
        errors=Sighting.of(column.errors),
        facts=_measure(column, now),
    )


_MEASURES: Mapping[Kind, Callable[[Column], Facts | None]] = {
    Kind.TEXT: measure_texts,
    Kind.NUMBER: measure_numbers,
    Kind.CHOICE: measure_choices,
    Kind.PERSON: measure_people,
    Kind.LINK: measure_links,
    Kind.CHECKBOX: measure_boxes,
    Kind.ATTACHMENT: measure_files,
}


def _measure(column: Column, now: datetime | None) -> Facts | None:
    """The facts of the field's kind; dates alone need to know what time it is."""
    kind = kind_of(column.field)
    if kind is Kind.DATE:
        return measure_dates(column, now)
    measure = _MEASURES.get(kind)
    return measure(column) if measure else None


def _repeats(groups: Sequence[Sequence[Cell]]) -> tuple[Repeat, ...]:
    frequent = sorted(groups, key=len, reverse=True)[:SHOWN]
    return tuple(
        Repeat(
            shortened(cell_text(cells[0].value)), len(cells), tuple(cell.record_id for cell in cells[:SHOWN])
        )
        for cells in frequent
    )
