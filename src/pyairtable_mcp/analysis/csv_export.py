"""A table as CSV that a spreadsheet opens safely."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from airtable_gateway import FieldSchema, Record, TableSchema
from pyairtable_mcp.analysis.cell_text import cell_text

PREVIEW_ROWS = 5

# What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection"), full-width forms included.
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class GuardedCell:
    """A cell that was given a quote in front; `record_id` is "" for a column's heading."""

    record_id: str
    field: str


@dataclass(frozen=True, slots=True)
class CsvExport:
    """The lines of the file, heading first, each with its line end; a line may hold a break inside quotes."""

    fields: tuple[str, ...]
    lines: tuple[str, ...]
    guarded: tuple[GuardedCell, ...]

    @property
    def text(self) -> str:
        """The whole file (RFC 4180: commas, doubled quotes, CR LF)."""
        return "".join(self.lines)

    @property
    def preview(self) -> str:
        """The heading and the first five records."""
        return "".join(self.lines[: PREVIEW_ROWS + 1])

    @property
    def row_count(self) -> int:
        """How many records are in the file."""
        return len(self.lines) - 1

    def to_json(self) -> dict[str, Any]:
        """{fields_exported, record_count, guarded_cells[{record_id, field}], csv_preview, full_csv_data}."""
        return {
            "fields_exported": list(self.fields),
            "record_count": self.row_count,
            "guarded_cells": [{"record_id": cell.record_id, "field": cell.field} for cell in self.guarded],
            "csv_preview": self.preview,
            "full_csv_data": self.text,
        }


def export(table: TableSchema, records: Iterable[Record], fields: Sequence[str] | None = None) -> CsvExport:
    """The records as rows: Record ID, the fields (names or ids; all of the table's without), Created Time.

    A cell is `cell_text` of its value, an unticked box "false". A text that begins as a formula does gets a
    single quote in front, also when it reads as a number: a number's own -5 stays, the text "-5" does not.
    Raises FieldNotFound.
    """
    columns = [table.field(name) for name in fields] if fields else list(table.fields)
    names = tuple(column.name for column in columns)
    writer = _Writer()
    writer.write("", (*zip(names, names, strict=True),), first="Record ID", last="Created Time")
    for record in records:
        cells = tuple((column.name, _value(record, column)) for column in columns)
        writer.write(record.id, cells, first=record.id, last=record.created_time)
    return CsvExport(names, tuple(writer.lines), tuple(writer.guarded))


def guarded(text: str) -> str:
    """The text, with a single quote in front if a spreadsheet might run it as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_START) else text


class _Writer:
    """Collects lines, and which of their cells had to be guarded."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.guarded: list[GuardedCell] = []

    def write(self, record_id: str, cells: Sequence[tuple[str, Any]], *, first: str, last: str) -> None:
        texts = [self._text(record_id, name, value) for name, value in cells]
        line = io.StringIO(newline="")
        csv.writer(line).writerow([first, *texts, last])
        self.lines.append(line.getvalue())

    def _text(self, record_id: str, name: str, value: Any) -> str:
        text = cell_text(value)
        safe = text if _is_number(value) else guarded(text)
        if safe != text:
            self.guarded.append(GuardedCell(record_id, name))
        return safe


def _is_number(value: Any) -> bool:
    """Also the one number that a lookup shows."""
    match value:
        case [single]:
            return _is_number(single)
        case _:
            return isinstance(value, int | float)


def _value(record: Record, column: FieldSchema) -> Any:
    value = record.fields.get(column.name)
    # Airtable leaves an unticked box out of what it returns.
    return False if value is None and column.type == "checkbox" else value
