"""filterByFormula: the records of which a formula holds."""

from collections.abc import Sequence

import formula
from local_twins.airtable import errors
from local_twins.airtable.computing import shown_cells
from local_twins.airtable.errors import Refusal
from local_twins.airtable.formulas import Program, program
from local_twins.airtable.records import Records
from local_twins.airtable.results import formula_types
from local_twins.airtable.rows import Row
from local_twins.airtable.schema import Table

_CHUNK = 5_000
"""Records whose cells are laid out at a time; keeps the memory of a filter over a large table small."""


def matching(records: Records, table: Table, rows: Sequence[Row], text: str) -> list[Row]:
    """The rows of which the formula holds. Raises Refusal when it is no formula of the table."""
    filter_ = filter_program(records, table, text)
    now = records.store.clock()
    found: list[Row] = []
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        cells = shown_cells(records, table, chunk, filter_.depends_on)
        kept = filter_.keeps(cells, chunk, now)
        found.extend(row for row, is_kept in zip(chunk, kept, strict=True) if is_kept)
    return found


def filter_program(records: Records, table: Table, text: str) -> Program:
    """The compiled filter. Raises Refusal with Airtable's words for what is wrong with it."""
    types = formula_types(table, records.open_base.plan.result_types)
    try:
        return program(text, types, {field.id: field.name for field in table.fields})
    except formula.FormulaCheckError as refused:
        unknown = _unknown_fields(text, refused.report)
        if unknown:
            raise Refusal(errors.FILTER_FIELDS_UNKNOWN, names=", ".join(unknown)) from None
        raise Refusal(errors.FILTER_INVALID) from None
    except formula.FormulaError:
        raise Refusal(errors.FILTER_INVALID) from None


def _unknown_fields(text: str, report: formula.Report) -> list[str]:
    """The names that no field has, in lower case, as Airtable repeats them."""
    spans = [problem.span for problem in report.problems if problem.code == "unknown_field"]
    names = (text[start:end].strip().removeprefix("{").removesuffix("}") for start, end in spans)
    return list(dict.fromkeys(name.lower() for name in names))
