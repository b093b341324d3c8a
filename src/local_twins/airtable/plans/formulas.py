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


_LIMITS = formula.Limits(characters=1_000_000, tokens=500_000, arguments=50_000, array_items=1_000_000)
"""Airtable takes filters of thousands of terms, as a POST to listRecords can hold them.

A rollup gathers as many values as there are links.
"""

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
    asks_for_ids_only: bool = True

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

    def kept(
        self, ids: Sequence[str], columns: Mapping[str, Sequence[Any]], rows: Sequence[Row], now: datetime
    ) -> list[str]:
        """The ids of the records for which it holds; `columns` are their cells by name, as formulas see them.

        Without `rows`, nothing is known of the records but their ids.
        """
        if self.compiled is None:
            return []
        # Without a column, the records tell how many there are.
        records = _known(ids, rows) if self.asks_about_record or not columns else None
        values = self.compiled.map_columns(columns, now=now, records=records)
        return [
            record_id
            for record_id, value in zip(ids, values, strict=True)
            if value is True or (value is not False and formula.holds(value))
        ]


def program(text: str, types: Mapping[str, str], names: Mapping[str, str]) -> Program:
    """The program of that text; `types` are Airtable's by field name, `names` are fields' names by id.

    Raises formula.FormulaError.
    """
    compiled = formula.compile(text, types, field_names=names, limits=_LIMITS)
    asked = {name.upper() for name in _ABOUT_RECORD.findall(text)}
    result_type = _TYPES.get(compiled.result_type, "any")
    return Program(compiled, compiled.depends_on, result_type, bool(asked), asked <= {"RECORD_ID"})


def program_or_failure(text: str, types: Mapping[str, str], names: Mapping[str, str]) -> Program:
    """The program of that text, or the one that fails for every record where the text is not valid."""
    try:
        return program(text, types, names)
    except formula.FormulaError:
        return Program(None)


def _known(ids: Sequence[str], rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [_about(row) for row in rows] if rows else [{"id": record_id} for record_id in ids]


def _about(row: Row) -> dict[str, Any]:
    """What a formula may ask about the record itself; a cell never changed since is as old as the record."""
    changed = {field_id: touch[0] for field_id, touch in row.touched.items()}
    return {
        "id": row.id,
        "created_time": row.created_time,
        "modified_time": row.modified_time,
        "field_modified_times": dict.fromkeys(row.cells, row.created_time) | changed,
    }
