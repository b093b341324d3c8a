"""How computed cells get their values: one function a type, over many records at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.model.lookups import lookup_ends
from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Table
from local_twins.airtable.plans.plan import Step

Column = list[Any]
"""REST values, one a record; None where the cell is empty."""


@dataclass(frozen=True, slots=True)
class Context:
    """The records that a step may look at, and the present instant."""

    records: Records
    now: datetime


def compute(context: Context, step: Step, rows: Sequence[Row]) -> Column:
    """The values of a computed field for those records of its table."""
    return COMPUTERS[step.field.type](context, step, rows)


def _formula(context: Context, step: Step, rows: Sequence[Row]) -> Column:
    return _as_declared(step, _run(context, step, "formula", rows))


def _button(context: Context, step: Step, rows: Sequence[Row]) -> Column:
    """A label and an address; without formulas of their own, the field's name and null."""
    blank: Column = [None] * len(rows)
    labels = _run(context, step, "label", rows) if "label" in step.programs else blank
    urls = _run(context, step, "url", rows) if "url" in step.programs else blank
    name = step.field.name
    return [
        {"label": name if label is None else str(label), "url": url if isinstance(url, str) else None}
        for label, url in zip(labels, urls, strict=True)
    ]


def _lookup(context: Context, step: Step, rows: Sequence[Row]) -> Column:
    return [values or None for values in _gathered(context, step, rows, shown=False)]


def _rollup(context: Context, step: Step, rows: Sequence[Row]) -> Column:
    gathered = _gathered(context, step, rows, shown=True)
    cells = [{"values": values} for values in gathered]
    return _as_declared(step, step.programs["formula"].run(cells, rows, context.now))


def _count(context: Context, step: Step, rows: Sequence[Row]) -> Column:
    link, _ = lookup_ends(context.records.open_base.base, step.field)
    if link is None:
        return [None] * len(rows)
    targets = context.records.links(link, rows)
    return [len(targets.get(row.id, ())) for row in rows]


def _run(context: Context, step: Step, key: str, rows: Sequence[Row]) -> Column:
    """The values of one of the step's formulas."""
    program = step.programs[key]
    cells = shown_cells(context.records, step.table, rows, program.depends_on)
    return program.run(cells, rows, context.now)


def shown_cells(
    records: Records, table: Table, rows: Sequence[Row], names: Sequence[str]
) -> list[dict[str, Any]]:
    """Each record's cells of the named fields, as formulas see them."""
    if not names:
        return [{} for _ in rows]
    return by_name(names, [records.shown_column(table.by_key[name], rows) for name in names])


def by_name(names: Sequence[str], columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Each record's cells by name, from their columns."""
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _as_declared(step: Step, column: Column) -> Column:
    """The values, cut to their day where the schema says that they are dates."""
    if (step.field.options.get("result") or {}).get("type") != "date":
        return column
    return [value[:10] if isinstance(value, str) else value for value in column]


def _gathered(
    context: Context,
    step: Step,
    rows: Sequence[Row],
    *,
    shown: bool,
) -> list[list[Any]]:
    """For each record the values of the linked records' field, in order of the links, lists laid flat."""
    records = context.records
    link, target = lookup_ends(records.open_base.base, step.field)
    if link is None or target is None:
        return [[] for _ in rows]
    targets = records.links(link, rows)
    linked = (target_id for ids in targets.values() for target_id in ids)
    values = records.values(target, linked, shown=shown)
    return [_flat(values.get(target_id) for target_id in targets.get(row.id, ())) for row in rows]


def _flat(values: Any) -> list[Any]:
    flat: list[Any] = []
    for value in values:
        if isinstance(value, list):
            flat.extend(value)
        elif value is not None:
            flat.append(value)
    return flat


COMPUTERS: Mapping[str, Callable[[Context, Step, Sequence[Row]], Column]] = {
    "formula": _formula,
    "button": _button,
    "rollup": _rollup,
    "multipleLookupValues": _lookup,
    "lookup": _lookup,
    "count": _count,
}
