"""What a webhook's payloads tell to be read again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class News:
    """Records to read again and to forget, tables to read whole, and whether the schema changed.

    `is_broken`: Airtable could not tell everything, so that all must be read again.
    """

    changed: dict[str, set[str]] = field(default_factory=dict)
    destroyed: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    has_new_schema: bool = False
    is_broken: bool = False

    def hear(self, payloads: Iterable[Mapping[str, Any]]) -> None:
        """Take in these payloads, in their order."""
        for payload in payloads:
            if payload.get("error"):
                self.is_broken = True
                continue
            for table_id in payload.get("createdTablesById") or {}:
                self.has_new_schema = True
                self.tables.add(table_id)
            if payload.get("destroyedTableIds"):
                self.has_new_schema = True
            for table_id, changes in (payload.get("changedTablesById") or {}).items():
                self._hear_table(table_id, changes)

    def _hear_table(self, table_id: str, changes: Mapping[str, Any]) -> None:
        changed = self.changed.setdefault(table_id, set())
        for part in ("createdRecordsById", "changedRecordsById"):
            changed.update(changes.get(part) or {})
        for record_id in changes.get("destroyedRecordIds") or ():
            changed.discard(record_id)
            self.destroyed.add(record_id)
        self.destroyed -= changed
        self.has_new_schema |= any("Field" in part or part == "changedMetadata" for part in changes)
        if any("Field" in part for part in changes):
            # A field that was added or defined anew may have other values in every record.
            self.tables.add(table_id)
