"""The formula engine as the twin uses it: a text compiled once, run over many records."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import formula
from local_twins.airtable.model.rows import Row

FAILED: Mapping[str, str] = {"error": "#ERROR!"}
"""What the API shows of a formula that fails, or that cannot be computed at all."""


_LIMITS = formula.Limits(characters=1_000_000, tokens=500_000, arguments=50_000)
"""Airtable takes filters of thousands of terms, as a POST to listRecords can hold them."""

_ABOUT_RECORD = re.compile(r"\b(RECORD_ID|CREATED_TIME|LAST_MODIFIED_TIME)\s*\(", re.IGNORECASE)
_TYPES: Mapping[str, str] = {
    "text": "singleLineText",
    "number": "number",
    "boolean": "number",
    "date": "dateTime",
    "array": "array",
}
"""The field type whose REST values look like what such a formula gives; without one, the value tells."""


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled formula; `compiled` is None where the text is not valid: every value is then an error.

    `result_type` is the field type that its REST values look like.
    """

    compiled: formula.Compiled | None
    depends_on: tuple[str, ...] = ()
    result_type: str = "any"
    asks_about_record: bool = False

    @property
    def is_valid(self) -> bool:
        """Whether the text is a formula of these fields."""
        return self.compiled is not None

    def run(self, cells: Sequence[Mapping[str, Any]], rows: Sequence[Row], now: datetime) -> list[Any]:
        """The REST values for records whose cells, as formulas see them, are given by field name."""
        if self.compiled is None:
            return [dict(FAILED) for _ in cells]
        records = [_about(row) for row in rows] if self.asks_about_record else None
        return [formula.to_rest(value) for value in self.compiled.map(cells, now=now, records=records)]

    def keeps(self, cells: Sequence[Mapping[str, Any]], rows: Sequence[Row], now: datetime) -> list[bool]:
        """Of which records it holds: its value is not blank, 0, false, "", NaN, [] or an error."""
        values = self.run(cells, rows, now)
        return [bool(value) and not isinstance(value, dict) for value in values]


def program(text: str, types: Mapping[str, str], names: Mapping[str, str]) -> Program:
    """The program of that text; `types` are Airtable's by field name, `names` are fields' names by id.

    Raises formula.FormulaError.
    """
    compiled = formula.compile(text, types, field_names=names, limits=_LIMITS)
    asks = _ABOUT_RECORD.search(text) is not None
    return Program(compiled, compiled.depends_on, _TYPES.get(compiled.result_type, "any"), asks)


def program_or_failure(text: str, types: Mapping[str, str], names: Mapping[str, str]) -> Program:
    """The program of that text, or the one that fails for every record where the text is not valid."""
    try:
        return program(text, types, names)
    except formula.FormulaError:
        return Program(None)


def _about(row: Row) -> dict[str, Any]:
    """What a formula may ask about the record itself; a cell never changed since is as old as the record."""
    changed = {field_id: touch[0] for field_id, touch in row.touched.items()}
    return {
        "id": row.id,
        "created_time": row.created_time,
        "modified_time": row.modified_time,
        "field_modified_times": dict.fromkeys(row.cells, row.created_time) | changed,
    }
