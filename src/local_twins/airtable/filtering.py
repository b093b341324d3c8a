"""filterByFormula: the records of which a formula holds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import formula
from local_twins.airtable import errors
from local_twins.airtable.computing import cells_by_name
from local_twins.airtable.errors import Refusal
from local_twins.airtable.formulas import about
from local_twins.airtable.records import Records
from local_twins.airtable.results import formula_types
from local_twins.airtable.rows import Row
from local_twins.airtable.schema import Table

_CHUNK = 5_000
"""Records whose cells are laid out at a time; keeps the memory of a filter over a large table small."""


def matching(records: Records, table: Table, rows: Sequence[Row], text: str) -> list[Row]:
    """The rows of which the formula holds. Raises Refusal when it is no formula of the table."""
    compiled = compiled_filter(records, table, text)
    now = records.store.clock()
    found: list[Row] = []
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        values = compiled.map(
            _cells(records, table, chunk, compiled.depends_on), now=now, records=[about(row) for row in chunk]
        )
        found.extend(row for row, value in zip(chunk, values, strict=True) if _holds(value))
    return found


def _holds(value: Any) -> bool:
    """Anything but 0, false, "", blank, NaN, [] and errors (docs: filterByFormula)."""
    shown = formula.to_rest(value)
    return bool(shown) and not isinstance(shown, dict)


def compiled_filter(records: Records, table: Table, text: str) -> "formula.Compiled":
    """The compiled filter. Raises Refusal with Airtable's words for what is wrong with it."""
    open_base = records.open_base
    types = formula_types(table, open_base.plan.result_types)
    try:
        return formula.compile(text, types, field_names={field.id: field.name for field in table.fields})
    except formula.FormulaSyntaxError:
        raise Refusal(errors.FILTER_INVALID) from None
    except formula.FormulaCheckError as refused:
        unknown = list(_unknown_fields(refused.report))
        if unknown:
            raise Refusal(errors.FILTER_FIELDS_UNKNOWN, names=", ".join(unknown)) from None
        raise Refusal(errors.FILTER_INVALID) from None


def _cells(records: Records, table: Table, rows: Sequence[Row], names: Sequence[str]) -> list[dict[str, Any]]:
    columns: Mapping[str, list[Any]] = {
        name: records.shown_column(table.by_key[name], rows) for name in names
    }
    return cells_by_name(columns, len(rows))


def _unknown_fields(report: "formula.Report") -> Iterator[str]:
    """The names that no field has, in lower case, as Airtable repeats them."""
    for problem in report.problems:
        if problem.code == "unknown_field":
            yield str(problem.message)
