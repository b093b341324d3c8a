"""Which choices, or which people, a field's cells name."""

from dataclasses import dataclass
from typing import Any

from pyairtable_mcp.analysis.cell_text import cell_text
from pyairtable_mcp.analysis.profiles.column import Cell, Column
from pyairtable_mcp.analysis.profiles.text_facts import ValueCount, Variants, top_values, variants_of


@dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """`used` counts different choices; `unused` are those that the field offers and no record has."""

    used: int
    top: tuple[ValueCount, ...]
    unused: tuple[str, ...]
    variants: tuple[Variants, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """{unique_count, top_values [{value, count}], unused_choices}; each choice of a cell counts."""
        return {
            "unique_count": self.used,
            "top_values": [value.to_json() for value in self.top],
            "unused_choices": list(self.unused),
        }


def measure_choices(column: Column) -> ChoiceFacts | None:
    """The facts of a column of selects, None if it has no value."""
    cells = _named(column)
    names = {cell.value for cell in cells}
    offered = (str(choice["name"]) for choice in column.field.options.get("choices", ()))
    unused = tuple(name for name in offered if name not in names)
    return ChoiceFacts(len(names), top_values(cells), unused, variants_of(cells)) if cells else None


def measure_people(column: Column) -> ChoiceFacts | None:
    """The facts of a column of collaborators, None if it has no value."""
    cells = _named(column)
    return ChoiceFacts(len({cell.value for cell in cells}), top_values(cells), ()) if cells else None


def _named(column: Column) -> list[Cell]:
    return [Cell(cell.record_id, cell_text(cell.value)) for cell in column.members()]
