"""A change being made: the records it touches, what changed in them, and what has to be computed anew."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.computing.recording import Recording
from local_twins.airtable.computing.values import Context, compute
from local_twins.airtable.feed.announcing import announce
from local_twins.airtable.model import times
from local_twins.airtable.model.ids import new_id
from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Field, Table
from local_twins.airtable.model.schema_difference import schema_difference
from local_twins.airtable.plans.graph import Edge
from local_twins.airtable.plans.plan import Step, modified_key
from local_twins.airtable.storage import sql
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.storage.store import Store


class Draft:
    """The work of one request on one base, inside a transaction; `finish` computes and writes.

    `shortfalls` are Airtable's names for what the request asked for and will not be.
    The schema may grow while the draft is open (a choice, by typecast): `reopen` takes the new one.
    """

    def __init__(self, store: Store, open_base: OpenBase, user_id: str, *, source: str = "publicApi") -> None:
        """`source` is told to webhooks: who or what makes the change."""
        self.store = store
        self._source = source
        self.user_id = user_id
        self.instant = store.clock()
        self.time = times.to_text(self.instant)
        self.shortfalls: set[str] = set()
        self.records = Records(store, open_base)
        self._recording = Recording(self.records)
        self._schema = open_base.base
        self._is_logged = True
        self._made: dict[str, Row] = {}
        self._changed: dict[str, set[str]] = defaultdict(set)
        self._dirty: set[str] = set()

    @property
    def open_base(self) -> OpenBase:
        """The base that is worked on."""
        return self.records.open_base

    def reopen(self) -> None:
        """Take the schema as it is stored now."""
        open_base = self.store.base(self.open_base.base.id)
        assert open_base is not None, "a base in use cannot go away"  # noqa: S101 - bases are never deleted
        self.records.open_base = open_base

    def make(self, table: Table) -> Row:
        """A new, empty record at the end of the table."""
        row = Row(
            0,
            new_id("rec"),
            table.id,
            self._next_number(table),
            self.time,
            self.user_id,
            self.time,
            self.user_id,
        )
        self.records.rows[row.id] = row
        self._made[row.id] = row
        return row

    def adopt(self, rows: Iterable[Row]) -> None:
        """Complete records that come from elsewhere, links excepted, which are written already."""
        self._is_logged = False  # a base that comes in whole is no change to it
        for row in rows:
            self.records.rows[row.id] = row
            self._made[row.id] = row

    def set_cell(self, row: Row, field: Field, kept: object) -> None:
        """Let a plain cell hold a value in its kept form; None empties it."""
        if row.cells.get(field.id) == kept:
            return
        self._remember(row, field)
        if kept is None:
            del row.cells[field.id]
        else:
            row.cells[field.id] = kept
        self._touch(row, field)

    def fill_cell(self, row: Row, field: Field, kept: object) -> None:
        """Let a plain cell tell more of what it holds; that is no change that somebody made."""
        self._remember(row, field)
        row.cells[field.id] = kept
        self._dirty.add(row.id)
        self._changed[field.id].add(row.id)

    def set_links(self, row: Row, field: Field, targets: Sequence[str]) -> None:
        """Let a link cell hold just those records; the other sides follow."""
        before = self.store.links.of(field.id, (row.id,)).get(row.id, [])
        if before == list(targets):
            return
        self._recording.was(row, field, before or None)
        self._remember_links(field.reverse_key, set(before) ^ set(targets))
        neighbours = self.store.links.replace(field, row.id, targets)
        self._touch(row, field)
        self._note_neighbours(field.reverse_key, neighbours)

    def drop(self, table: Table, row: Row) -> None:
        """Delete a record with its links and comments."""
        self._recording.is_dropped(row)
        for field in table.link_fields:
            for key, neighbours in self.store.links.neighbours(field, row.id).items():
                self._remember_links(key, neighbours)
            for key, neighbours in self.store.links.drop_record(field, row.id).items():
                self._note_neighbours(key, neighbours)
        self.store.connection.execute(sql.DROP_ROW, (row.id,))
        self.store.comments.drop_record(row.id)
        self.records.rows.pop(row.id, None)
        self._dirty.discard(row.id)

    def note_all(self, table: Table, field: Field) -> None:
        """The meaning of a whole column changed (a choice has a new name)."""
        self._changed[field.id].update(row.id for row in self.records.in_table(table))

    def finish(self) -> None:
        """Compute what follows from the changes, and write every record that differs."""
        self._compute(self.open_base.plan.steps)
        connection = self.store.connection
        connection.executemany(sql.ADD_ROW, [row.insertion() for row in self._made.values()])
        changed = self.records.load(self._dirty - self._made.keys())
        connection.executemany(sql.SET_ROW, [row.change() for row in changed])
        self.tell()

    def tell(self) -> None:
        """Write down what was changed and computed so far, for the feed; `finish` does so."""
        if not self._is_logged:
            return
        base = self.open_base.base
        changed = self._recording.changes(list(self._made.values()))
        grown = schema_difference(self._schema, base).get("changedTablesById", {})
        told = {key: grown.get(key, {}) | changed.get(key, {}) for key in {**grown, **changed}}
        if told:
            body = {"changedTablesById": told}
            announce(self.records, self.time, self.user_id, body, source=self._source)

    def compute_afresh(self, steps: Iterable[Step]) -> None:
        """Compute those steps for all records of their tables, and what follows; write what differs.

        The feed is told of it only when `tell` is asked for.
        """
        afresh = {step.field.id for step in steps}
        for step in self.open_base.plan.steps:
            rows = self.records.in_table(step.table) if step.field.id in afresh else self._affected(step)
            self._apply(step, rows)
        changed = self.records.load(self._dirty)
        self.store.connection.executemany(sql.SET_ROW, [row.change() for row in changed])

    def _compute(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._apply(step, self._affected(step))

    def _affected(self, step: Step) -> list[Row]:
        """The records whose value of that field may differ now."""
        ids = {row.id for row in self._made.values() if row.table_id == step.table.id}
        for edge in step.edges:
            ids |= self._reached(edge)
        return self.records.load(ids) if ids else []

    def _reached(self, edge: Edge) -> set[str]:
        """Where the changes of an edge's source arrive, walking its path backwards."""
        ids = self._changed.get(edge.source, set())
        for field in reversed(edge.path):
            if not ids:
                break
            targets = self.store.links.of(field.reverse_key, ids)
            ids = {target for linked in targets.values() for target in linked}
        return ids

    def _apply(self, step: Step, rows: Sequence[Row]) -> None:
        if not rows:
            return
        key = step.field.id
        values = compute(Context(self.records, self.instant), step, rows)
        for row, value in zip(rows, values, strict=True):
            before = row.computed.get(key)
            if row.set_computed(key, value):
                self._recording.was(row, step.field, before)
                self._changed[key].add(row.id)
                self._dirty.add(row.id)

    def _touch(self, row: Row, field: Field) -> None:
        if row.id not in self._made:
            self._remember_modified(row)
            row.touch(field.id, self.time, self.user_id)
        self._dirty.add(row.id)
        self._changed[field.id].add(row.id)
        self._note_modified(row)

    def _note_neighbours(self, key: str, record_ids: Iterable[str]) -> None:
        """The other sides of links changed: their cells, and so when their records were changed last."""
        found = self.open_base.base.fields.get(key.removeprefix("~"))
        if found is None:
            return
        for row in self.records.load(record_ids):
            self._changed[found[1].id].add(row.id)
            if not key.startswith("~"):
                self._touch(row, found[1])

    def _remember(self, row: Row, field: Field) -> None:
        """Note what a cell holds before it is changed."""
        if row.id not in self._made:
            self._recording.was(row, field, self.open_base.getter(field.id)(row))

    def _remember_links(self, key: str, record_ids: Iterable[str]) -> None:
        """Note what the other sides of links hold before they are changed."""
        found = self.open_base.base.fields.get(key)
        if found is None:
            return
        rows = self.records.load(record_ids)
        for row, linked in zip(rows, self.records.column(found[1], rows), strict=True):
            self._recording.was(row, found[1], linked)

    def _remember_modified(self, row: Row) -> None:
        for field in self.open_base.base.by_key[row.table_id].fields:
            if field.type in ("lastModifiedTime", "lastModifiedBy"):
                self._remember(row, field)

    def _note_modified(self, row: Row) -> None:
        table = self.open_base.base.by_key[row.table_id]
        self._changed[modified_key(table.id)].add(row.id)
        for field in table.fields:
            if field.type in ("lastModifiedTime", "lastModifiedBy"):
                self._changed[field.id].add(row.id)

    def _next_number(self, table: Table) -> int:
        connection = self.store.connection
        (number,) = connection.execute(sql.NEXT_NUMBER, (table.id,)).fetchone()
        connection.execute(sql.SET_NEXT_NUMBER, (number + 1, table.id))
        return int(number)
