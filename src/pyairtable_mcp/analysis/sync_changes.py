"""The plan of a sync: rows to create, update and delete, and all that is left alone and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyairtable_mcp.analysis.sync_fields import SkippedField


@dataclass(frozen=True, slots=True)
class Create:
    """A row that the target lacks; `fields` are its filled cells in write form, by the target's names."""

    key: str
    source_id: str
    fields: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """{key, source_id, fields}."""
        return {"key": self.key, "source_id": self.source_id, "fields": dict(self.fields)}


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell of the target as it is and as it will be, in write form; None is an empty cell."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Update:
    """A row of the target, `record_id`, and those of its cells that differ from the source's row."""

    key: str
    record_id: str
    source_id: str
    changes: tuple[CellChange, ...]

    @property
    def fields(self) -> dict[str, Any]:
        """What to write to the row, by field name; None clears a cell."""
        return {change.field: change.after for change in self.changes}

    def to_json(self) -> dict[str, Any]:
        """{key, id, source_id, changes {field: {before, after}}}."""
        changes = {change.field: {"before": change.before, "after": change.after} for change in self.changes}
        return {"key": self.key, "id": self.record_id, "source_id": self.source_id, "changes": changes}


@dataclass(frozen=True, slots=True)
class Delete:
    """A row of the target that the source lacks."""

    key: str
    record_id: str

    def to_json(self) -> dict[str, Any]:
        """{key, id}."""
        return {"key": self.key, "id": self.record_id}


@dataclass(frozen=True, slots=True)
class DuplicateKey:
    """A key that several rows of one side have; none of these rows is touched."""

    key: str
    source_ids: tuple[str, ...]
    target_ids: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """{key, source_ids, target_ids}."""
        return {"key": self.key, "source_ids": list(self.source_ids), "target_ids": list(self.target_ids)}


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A computed cell of the source that holds an error; the target's cell is left as it is."""

    source_id: str
    field: str

    def to_json(self) -> dict[str, Any]:
        """{source_id, field}."""
        return {"source_id": self.source_id, "field": self.field}


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """Everything a sync does, and everything it does not.

    `new_choices` are names, by field, that the target's selects do not have yet: such rows need typecast.
    """

    key_field: str
    source_count: int
    target_count: int
    creates: tuple[Create, ...]
    updates: tuple[Update, ...]
    deletes: tuple[Delete, ...]
    unchanged_count: int
    duplicate_keys: tuple[DuplicateKey, ...]
    keyless_source_ids: tuple[str, ...]
    keyless_target_ids: tuple[str, ...]
    skipped_fields: tuple[SkippedField, ...]
    error_cells: tuple[ErrorCell, ...]
    new_choices: Mapping[str, tuple[str, ...]]

    def to_json(self, *, delete_missing: bool = True) -> dict[str, Any]:
        """{sync_summary, key_field, changes {create, update, delete}}, and what is left alone, in full.

        Without `delete_missing`, the rows that the source lacks are no changes: they stay, and are told under
        only_in_target. What else is left alone is duplicate_keys, rows_without_key {source, target},
        skipped_fields and error_cells; new_choices is {field: [names]}.
        """
        missing = [delete.to_json() for delete in self.deletes]
        return {
            "sync_summary": self._summary(delete_missing=delete_missing),
            "key_field": self.key_field,
            "changes": {
                "create": [create.to_json() for create in self.creates],
                "update": [update.to_json() for update in self.updates],
                "delete": missing if delete_missing else [],
            },
            **({} if delete_missing else {"only_in_target": missing}),
            "duplicate_keys": [duplicate.to_json() for duplicate in self.duplicate_keys],
            "rows_without_key": {
                "source": list(self.keyless_source_ids),
                "target": list(self.keyless_target_ids),
            },
            "skipped_fields": [skipped.to_json() for skipped in self.skipped_fields],
            "error_cells": [cell.to_json() for cell in self.error_cells],
            "new_choices": {field: list(names) for field, names in self.new_choices.items()},
        }

    def _summary(self, *, delete_missing: bool) -> dict[str, int]:
        return {
            "source_records": self.source_count,
            "target_records": self.target_count,
            "records_to_create": len(self.creates),
            "records_to_update": len(self.updates),
            "records_to_delete": len(self.deletes) if delete_missing else 0,
            "records_unchanged": self.unchanged_count,
        }
