"""One field's values over a table's records, empty cells and errors set apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from airtable_gateway import FieldSchema, Record
from pyairtable_mcp.analysis.cell_text import cell_text
from pyairtable_mcp.analysis.identity import is_empty, is_error

SHOWN = 5
"""How many records, values or groups evidence names."""
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and the record that it stands in."""

    record_id: str
    value: Any


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of a field that hold a readable value, and what the others hold; `total` counts records."""

    field: FieldSchema
    total: int
    cells: Sequence[Cell]
    errors: Sequence[Cell] = ()

    @classmethod
    def of(cls, field: FieldSchema, records: Sequence[Record]) -> Self:
        """The column of that field; an unticked box is a value, though Airtable leaves it out."""
        cells = [Cell(record.id, record.fields.get(field.name)) for record in records]
        if field.type == "checkbox":
            return cls(field, len(records), [Cell(cell.record_id, bool(cell.value)) for cell in cells])
        filled = [cell for cell in cells if not is_empty(cell.value)]
        errors = [cell for cell in filled if _has_error(cell.value)]
        return cls(field, len(records), [cell for cell in filled if not _has_error(cell.value)], errors)

    def members(self) -> Iterator[Cell]:
        """The values one by one, those of lists apart."""
        for cell in self.cells:
            for value in cell.value if isinstance(cell.value, list) else [cell.value]:
                if not is_empty(value):
                    yield Cell(cell.record_id, value)


@dataclass(frozen=True, slots=True)
class Sighting:
    """How many cells show something, and the first few of them: records and values, each once."""

    count: int = 0
    record_ids: tuple[str, ...] = ()
    examples: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> Self:
        """The sighting of these cells."""
        seen = list(cells)
        ids = dict.fromkeys(cell.record_id for cell in seen)
        texts = dict.fromkeys(text for cell in seen if (text := shortened(cell_text(cell.value))).strip())
        return cls(len(seen), tuple(ids)[:SHOWN], tuple(texts)[:SHOWN])

    def to_json(self) -> dict[str, Any]:
        """{count, record_ids, examples}; up to five of each."""
        return {"count": self.count, "record_ids": list(self.record_ids), "examples": list(self.examples)}


def shortened(text: str) -> str:
    """The text's first eighty characters, with an ellipsis where more follow."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _has_error(value: Any) -> bool:
    return any(map(is_error, value if isinstance(value, list) else [value]))
