"""filterByFormula: the records of which a formula holds."""

from collections.abc import Sequence
from typing import Any

import formula
from local_twins.airtable import errors
from local_twins.airtable.computing.loaded import Records
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
    names = filter_.depends_on
    read = _cheap_columns(records, table, names) if filter_.asks_for_ids_only else None
    if read is not None:
        ids, columns = read
        return dict.fromkeys(filter_.kept(ids, columns, (), now))
    rows = records.in_table(table)
    shown = {name: records.shown_column(table.by_key[name], rows) for name in names}
    return dict.fromkeys(filter_.kept([row.id for row in rows], shown, rows, now))


def _cheap_columns(
    records: Records, table: Table, names: Sequence[str]
) -> tuple[list[str], dict[str, list[Any]]] | None:
    wanted = [table.by_key[name] for name in names] or [table.primary]
    columns = records.whole_columns(table, wanted)
    return columns and (columns[0], dict(zip(names, columns[1], strict=False)))


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
