"""What has to be done to a table so that it says what another one says."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from airtable_gateway import Record, TableSchema
from pyairtable_mcp.analysis.cell_text import cell_text
from pyairtable_mcp.analysis.identity import identity, is_empty, is_error
from pyairtable_mcp.analysis.sync_changes import (
    CellChange,
    Create,
    Delete,
    DuplicateKey,
    ErrorCell,
    SyncPlan,
    Update,
)
from pyairtable_mcp.analysis.sync_fields import SharedField, compare_fields


def plan(
    source_table: TableSchema,
    source_records: Iterable[Record],
    target_table: TableSchema,
    target_records: Iterable[Record],
    key_field: str,
) -> SyncPlan:
    """What makes the target's rows those of the source: creates, updates and deletes, matched on `key_field`.

    Fields match by name, and `sync_fields` says which can be written. Keys match as text without the space
    around it, so 7 meets 7.0 and "7"; case counts. Values are equal as `identity` has it: the order of lists
    does not count, empty is absent, floats have no tolerance, attachments are the same by file name and size.
    A row whose key another row of its table has, or that has none, is reported and left alone, and so is
    what it would have met. Raises FieldNotFound if either table lacks the key.
    """
    key = source_table.field(key_field).name
    source = _side(source_records, key)
    target = _side(target_records, target_table.field(key).name)
    shared, skipped = compare_fields(source_table, target_table)
    doubled = source.doubled | target.doubled
    ours, theirs = source.single(doubled), target.single(doubled)
    creates = tuple(_create(key, row, shared) for key, row in ours.items() if key not in theirs)
    met = [_update(key, row, theirs[key], shared) for key, row in ours.items() if key in theirs]
    updates = tuple(update for update in met if update.changes)
    written: list[Mapping[str, Any]] = [*(row.fields for row in creates), *(row.fields for row in updates)]
    return SyncPlan(
        key_field=key,
        source_count=source.count,
        target_count=target.count,
        creates=creates,
        updates=updates,
        deletes=tuple(Delete(key, row.id) for key, row in theirs.items() if key not in ours),
        unchanged_count=len(met) - len(updates),
        duplicate_keys=tuple(DuplicateKey(key, source.ids(key), target.ids(key)) for key in sorted(doubled)),
        keyless_source_ids=source.keyless,
        keyless_target_ids=target.keyless,
        skipped_fields=skipped,
        error_cells=tuple(cell for row in ours.values() for cell in _error_cells(row, shared)),
        new_choices=_new_choices(shared, written),
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """The records of one table by the text of their key, in their order, and the ids of those without."""

    rows: Mapping[str, Sequence[Record]]
    keyless: tuple[str, ...]

    @property
    def count(self) -> int:
        return sum(map(len, self.rows.values())) + len(self.keyless)

    @property
    def doubled(self) -> set[str]:
        return {key for key, rows in self.rows.items() if len(rows) > 1}

    def single(self, doubled: AbstractSet[str]) -> dict[str, Record]:
        return {key: rows[0] for key, rows in self.rows.items() if key not in doubled}

    def ids(self, key: str) -> tuple[str, ...]:
        return tuple(record.id for record in self.rows.get(key, ()))


def _side(records: Iterable[Record], key_field: str) -> _Side:
    rows: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        value = record.fields.get(key_field)
        rows["" if is_error(value) else cell_text(value).strip()].append(record)
    keyless = rows.pop("", [])
    return _Side(rows, tuple(record.id for record in keyless))


def _create(key: str, row: Record, shared: Iterable[SharedField]) -> Create:
    written = (
        (field.target.name, _written(row, field))
        for field in shared
        if not is_error(row.fields.get(field.source.name))
    )
    return Create(key, row.id, {name: value for name, value in written if value is not None})


def _update(key: str, row: Record, twin: Record, shared: Iterable[SharedField]) -> Update:
    changes = (
        _change(row, twin, field) for field in shared if not is_error(row.fields.get(field.source.name))
    )
    return Update(key, twin.id, row.id, tuple(change for change in changes if change))


def _change(row: Record, twin: Record, field: SharedField) -> CellChange | None:
    """What happens to the cell, None if it already says the same."""
    before, after = twin.fields.get(field.target.name), _written(row, field)
    # A file's write form lacks its size; in everything else the write form is what will be read back.
    is_file = field.target.type == "multipleAttachments"
    wanted = row.fields.get(field.source.name) if is_file else after
    return None if identity(before) == identity(wanted) else CellChange(field.target.name, before, after)


def _written(row: Record, field: SharedField) -> Any:
    """The source's value as the target takes it, None for an empty cell or an unticked box."""
    value = row.fields.get(field.source.name)
    written = None if is_empty(value) else field.write(value)
    return None if is_empty(written) or written is False else written


def _error_cells(row: Record, shared: Iterable[SharedField]) -> Iterator[ErrorCell]:
    return (
        ErrorCell(row.id, field.source.name)
        for field in shared
        if is_error(row.fields.get(field.source.name))
    )


def _new_choices(
    shared: Iterable[SharedField], written: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[str, ...]]:
    """The names to be written to selects that their options lack, in the order in which they come."""
    selects = (field.target for field in shared if field.target.type in ("singleSelect", "multipleSelects"))
    missing: dict[str, tuple[str, ...]] = {}
    for select in selects:
        known = {choice["name"] for choice in select.options.get("choices", ())}
        values = (row.get(select.name) for row in written)
        names = (name for value in values for name in (value if isinstance(value, list) else [value]))
        if new := dict.fromkeys(name for name in names if name is not None and name not in known):
            missing[select.name] = tuple(new)
    return missing
