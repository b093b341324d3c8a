"""Everything that is computed in a base, made at once: table by table, some records at a time."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.computing.values import Context, compute
from local_twins.airtable.model.rows import Row, to_text
from local_twins.airtable.model.schema import Field, Table
from local_twins.airtable.plans.plan import Plan, Step
from local_twins.airtable.storage import sql
from local_twins.airtable.storage.links import Targets
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.storage.store import Store

_AT_ONCE = 1000
"""Records held in memory at a time; what they link to is read beside them, column by column."""
_KNOWN_AT_MOST = 500_000
"""Values of other records that are remembered before another field's are."""


def compute_whole(store: Store, open_base: OpenBase) -> None:
    """Compute all fields of all records, and write them. Records hold no computed value before."""
    now = store.clock()
    for table, steps in passes(open_base.plan):
        beside = _Beside()
        for rows in _portions(store, open_base, table):
            records = _Portion(store, open_base, rows, beside)
            for step in steps:
                values = compute(Context(records, now), step, rows)
                for row, value in zip(rows, values, strict=True):
                    row.set_computed(step.field.id, value)
            changed = [(to_text(row.computed), row.seq) for row in rows]
            store.connection.executemany(sql.SET_COMPUTED, changed)


class _Beside:
    """What was read of other records in one walk: nothing that it computes itself is among it."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, bool], dict[str, Any]] = {}

    def of(self, key: tuple[str, bool]) -> dict[str, Any]:
        """The values of a field that are remembered, by record; more may be added to them."""
        if key not in self._values and sum(map(len, self._values.values())) > _KNOWN_AT_MOST:
            self._values.clear()
        return self._values.setdefault(key, {})


class _Portion(Records):
    """Some records of a walk; what several fields take from beside them is read once."""

    def __init__(self, store: Store, open_base: OpenBase, rows: Sequence[Row], beside: _Beside) -> None:
        super().__init__(store, open_base)
        self.rows.update((row.id, row) for row in rows)
        self._own = rows
        self._own_links: dict[str, Targets] = {}
        self._beside = beside

    def links(self, field: Field, rows: Sequence[Row]) -> Targets:
        """The linked ids of those rows."""
        if rows is not self._own:
            return super().links(field, rows)
        if field.id not in self._own_links:
            self._own_links[field.id] = super().links(field, rows)
        return self._own_links[field.id]

    def values(self, field: Field, record_ids: Iterable[str], *, shown: bool) -> dict[str, Any]:
        """The values of one field of those records, and perhaps of others."""
        known = self._beside.of((field.id, shown))
        missing = [record_id for record_id in dict.fromkeys(record_ids) if record_id not in known]
        if missing:
            known.update(super().values(field, missing, shown=shown))
        return known


def passes(plan: Plan) -> Iterator[tuple[Table, list[Step]]]:
    """The steps, gathered into as few walks through tables as their needs allow."""
    waiting = list(plan.steps)
    while waiting:
        open_ids = {step.field.id for step in waiting}
        by_table = [
            _ready(table, waiting, open_ids)
            for table in {step.table.id: step.table for step in waiting}.values()
        ]
        steps = max(by_table, key=len)
        yield steps[0].table, steps
        taken = {step.field.id for step in steps}
        waiting = [step for step in waiting if step.field.id not in taken]


def _ready(table: Table, waiting: Sequence[Step], open_ids: set[str]) -> list[Step]:
    """The steps of a table that need only what is done, or what the same walk does for the same record."""
    chosen: dict[str, Step] = {}
    for step in waiting:
        if step.table.id == table.id and all(
            edge.source not in open_ids or (not edge.path and edge.source in chosen) for edge in step.edges
        ):
            chosen[step.field.id] = step
    return list(chosen.values())


def _portions(store: Store, open_base: OpenBase, table: Table) -> Iterator[list[Row]]:
    after = 0
    while rows := Records(store, open_base).page(table, after, _AT_ONCE):
        yield rows
        after = rows[-1].seq
