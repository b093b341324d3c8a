"""filterByFormula: the records of which a formula holds."""

from collections.abc import Sequence
from typing import Any

import formula
from local_twins.airtable import errors
from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.computing.values import by_name, shown_cells
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.schema import Table
from local_twins.airtable.plans.formulas import Program, program
from local_twins.airtable.plans.results import formula_types


def matching_ids(records: Records, table: Table, texts: Sequence[str]) -> list[str]:
    """The ids of the records of which all formulas hold, in the table's order. Raises Refusal."""
    kept = [_kept(records, table, filter_program(records, table, text)) for text in texts]
    first, *others = kept
    return [record_id for record_id in first if all(record_id in other for other in others)]


def _kept(records: Records, table: Table, filter_: Program) -> dict[str, None]:
    """The ids of the records of which one formula holds; a dict, to be in order and quick to look into."""
    now = records.store.clock()
    read = None if filter_.asks_about_record else _cheap_cells(records, table, filter_.depends_on)
    if read is not None:
        ids, cells = read
        return _those(ids, filter_.keeps(cells, (), now))
    rows = records.in_table(table)
    cells = shown_cells(records, table, rows, filter_.depends_on)
    return _those([row.id for row in rows], filter_.keeps(cells, rows, now))


def _cheap_cells(
    records: Records, table: Table, names: Sequence[str]
) -> tuple[list[str], list[dict[str, Any]]] | None:
    columns = records.whole_columns(table, [table.by_key[name] for name in names])
    if columns is None:
        return None
    return columns[0], by_name(names, columns[1])


def _those(ids: Sequence[str], kept: Sequence[bool]) -> dict[str, None]:
    return dict.fromkeys(record_id for record_id, is_kept in zip(ids, kept, strict=True) if is_kept)


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
