"""What a webhook's payload tells, one row a change, with names for ids and cells as they are read."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from airtable_gateway import BaseSchema, FieldNotFound, TableNotFound, TableSchema
from pyairtable_mcp.offering import said

Row = dict[str, Any]
"""{number, time, by, source, table, change, id, fields, before, advice}: what a payload has of it."""

_ADVICE = {
    "INVALID_FILTERS": "The table, view or field that it watches is gone. Make another with create_webhook.",
    "INVALID_HOOK": "It notes nothing any more. Make another with create_webhook.",
    "INTERNAL_ERROR": "Airtable failed to note this. Read the table anew with get_records, and go on.",
}
"""What to do when Airtable noted a failure instead of a change (docs: "Webhooks payload")."""


@dataclass(frozen=True, slots=True)
class News:
    """Reads payloads of one base; without a schema, ids stay ids. Its advice names no tool in `hidden`."""

    schema: BaseSchema | None
    hidden: Collection[str] = ()

    def rows(self, number: int, payload: Mapping[str, Any]) -> Iterator[Row]:
        """The changes of the payload of that number."""
        head = {"number": number, **_head(payload)}
        if payload.get("error"):
            yield {**head, **_lost(payload.get("code"), self.hidden)}
        for table_id, told in (payload.get("createdTablesById") or {}).items():
            name = _definition(told.get("metadata"))
            yield {**head, "table": table_id, "change": "table created", "fields": name}
        for table_id, told in (payload.get("changedTablesById") or {}).items():
            for row in self._of_table(table_id, told):
                yield {**head, **row}
        for table_id in payload.get("destroyedTableIds") or ():
            yield {**head, "table": table_id, "change": "table deleted"}

    def _of_table(self, table_id: str, told: Mapping[str, Any]) -> Iterator[Row]:
        table = self._table(table_id)
        name = {"table": table.name if table else table_id}
        if metadata := told.get("changedMetadata"):
            yield {**name, "change": "table changed", **_before_and_after(metadata)}
        for row in (*_fields(told), *_records(table, told)):
            yield {**name, **row}
        for view_id, seen in (told.get("changedViewsById") or {}).items():
            view = _view_name(table, view_id)
            for row in _records(table, seen):
                yield {**name, "view": view, **row}

    def _table(self, table_id: str) -> TableSchema | None:
        try:
            return self.schema.table(table_id) if self.schema else None
        except TableNotFound:
            return None


def _lost(code: Any, hidden: Collection[str]) -> Row:
    """What cannot be told, and what to do about it."""
    row = {"change": f"lost ({code or 'no reason given'})"}
    return {**row, "advice": said(_ADVICE[code], hidden)} if code in _ADVICE else row


def _head(payload: Mapping[str, Any]) -> Row:
    """When, by whom and through what."""
    action = payload.get("actionMetadata") or {}
    user = (action.get("sourceMetadata") or {}).get("user") or {}
    by = user.get("name") or user.get("email") or user.get("id")
    told = {"time": payload.get("timestamp"), "by": by, "source": action.get("source")}
    return {key: value for key, value in told.items() if value}


def _records(table: TableSchema | None, told: Mapping[str, Any]) -> Iterator[Row]:
    for record_id, record in (told.get("createdRecordsById") or {}).items():
        yield {"change": "created", "id": record_id, "fields": _cells(table, record)}
    for record_id, record in (told.get("changedRecordsById") or {}).items():
        yield {
            "change": "changed",
            "id": record_id,
            "fields": _cells(table, record.get("current")),
            "before": _cells(table, record.get("previous")),
        }
    for record_id in told.get("destroyedRecordIds") or ():
        yield {"change": "deleted", "id": record_id}


def _fields(told: Mapping[str, Any]) -> Iterator[Row]:
    for field_id, field in (told.get("createdFieldsById") or {}).items():
        yield {"change": "field created", "id": field_id, "fields": _definition(field)}
    for field_id, field in (told.get("changedFieldsById") or {}).items():
        yield {"change": "field changed", "id": field_id, **_before_and_after(field)}
    for field_id in told.get("destroyedFieldIds") or ():
        yield {"change": "field deleted", "id": field_id}


def _before_and_after(told: Mapping[str, Any]) -> Row:
    return {"fields": _definition(told.get("current")), "before": _definition(told.get("previous"))}


def _definition(told: Mapping[str, Any] | None) -> Row:
    """The name, the type, the description: as far as they are told."""
    return {key: value for key, value in (told or {}).items() if value}


def _cells(table: TableSchema | None, told: Mapping[str, Any] | None) -> Row:
    """The cells by field name, in the form in which records are read."""
    import fields

    cells: Row = {}
    for field_id, value in ((told or {}).get("cellValuesByFieldId") or {}).items():
        try:
            field = table.field(field_id) if table else None
        except FieldNotFound:
            field = None
        if field is None:
            cells[field_id] = value
        else:
            cells[field.name] = fields.rest_value(field.type, value)
    return cells


def _view_name(table: TableSchema | None, view_id: str) -> str:
    names = {view.id: view.name for view in table.views} if table else {}
    return names.get(view_id, view_id)
