"""The formula engine as the twin uses it: a text compiled once, run over many records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import formula
from local_twins.airtable.rows import Row

FAILED: Mapping[str, str] = {"error": "#ERROR!"}
"""What the API shows of a formula that fails, or that cannot be computed at all."""


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled formula; `compiled` is None where the text is not valid: every value is then an error."""

    compiled: "formula.Compiled | None"
    depends_on: tuple[str, ...] = ()
    result_type: str = "text"

    @property
    def is_valid(self) -> bool:
        """Whether the text is a formula of these fields."""
        return self.compiled is not None

    def run(self, cells: Sequence[Mapping[str, Any]], rows: Sequence[Row], now: datetime) -> list[Any]:
        """The REST values for records whose cells, as formulas see them, are given by field name."""
        if self.compiled is None:
            return [dict(FAILED) for _ in cells]
        values = self.compiled.map(cells, now=now, records=[about(row) for row in rows])
        return [formula.to_rest(value) for value in values]


def program(text: str, types: Mapping[str, str], names: Mapping[str, str]) -> Program:
    """The program of that text; `types` are Airtable's by field name, `names` are fields' names by id."""
    try:
        compiled = formula.compile(text, types, field_names=names)
    except (formula.FormulaSyntaxError, formula.FormulaCheckError):
        return Program(None)
    return Program(compiled, tuple(compiled.depends_on), str(compiled.result_type))


def about(row: Row) -> dict[str, Any]:
    """What a formula may ask about the record itself."""
    return {
        "id": row.id,
        "created_time": row.created_time,
        "modified_time": row.modified_time,
        "field_modified_times": {field_id: touch[0] for field_id, touch in row.touched.items()},
    }
