"""The payload of one change for one webhook: what its specification asks for, in the second cell form."""

from collections.abc import Callable, Mapping
from typing import Any

from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.feed.cell_forms import CellForms
from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Table
from local_twins.airtable.model.webhooks import Webhook
from local_twins.airtable.reading.filtering import matching_ids
from local_twins.airtable.storage.changes import Change

Json = dict[str, Any]

_PARTS: Mapping[str, tuple[str, str]] = {
    "createdRecordsById": ("tableData", "add"),
    "changedRecordsById": ("tableData", "update"),
    "destroyedRecordIds": ("tableData", "remove"),
    "createdFieldsById": ("tableFields", "add"),
    "changedFieldsById": ("tableFields", "update"),
    "changedMetadata": ("tableMetadata", "update"),
}
"""Each part of a changed table: the data type and the change type that a filter may name."""
_OF_RECORDS = ("createdRecordsById", "changedRecordsById", "destroyedRecordIds")


class PayloadMaker:
    """Makes the payloads of one change."""

    def __init__(self, records: Records, change: Change, source: str) -> None:
        self._records = records
        self._change = change
        self._source = source
        self._forms = CellForms(records)
        self._base = records.open_base.base

    def payload_for(self, webhook: Webhook) -> Json | None:
        """The payload, None when there is nothing in it for this webhook."""
        sources = webhook.filters.get("fromSources")
        if sources and self._source not in sources:
            return None
        told: Json = {}
        if created := self._created_tables(webhook):
            told["createdTablesById"] = created
        if changed := self._changed_tables(webhook):
            told["changedTablesById"] = changed
        return self._head() | told if told else None

    def _head(self) -> Json:
        user = self._records.open_base.users.get(self._change.user_id)
        person: Json = {"id": self._change.user_id, "email": user.email if user else ""}
        person |= {"permissionLevel": "create"} | ({"name": user.name} if user else {})
        by = {"user": person} if self._source == "publicApi" else {}
        return {
            "timestamp": self._change.time,
            "baseTransactionNumber": self._change.number,
            "payloadFormat": "v0",
            "actionMetadata": {"source": self._source, "sourceMetadata": by},
        }

    def _created_tables(self, webhook: Webhook) -> Json:
        created: Json = self._change.body.get("createdTablesById") or {}
        types = webhook.filters["dataTypes"]
        if not {"tableMetadata", "tableFields"} & set(types) or not _wants_change(webhook, "add"):
            return {}
        return {} if webhook.filters.get("recordChangeScope") else created

    def _changed_tables(self, webhook: Webhook) -> Json:
        told = {}
        for table_id, changes in (self._change.body.get("changedTablesById") or {}).items():
            table = self._base.by_key[table_id]
            if parts := self._parts(webhook, table, changes):
                told[table_id] = parts
        return told

    def _parts(self, webhook: Webhook, table: Table, changes: Json) -> Json:
        scope = webhook.filters.get("recordChangeScope") or table.id
        if scope != table.id and table.view(scope) is None:
            return {}
        parts = {
            key: part
            for key, (data_type, change_type) in _PARTS.items()
            if key in changes
            and data_type in webhook.filters["dataTypes"]
            and _wants_change(webhook, change_type)
            and (part := _SHOWN[key](self, webhook, table, changes[key]))
        }
        return parts if scope == table.id else self._in_view(table, scope, parts)

    def _in_view(self, table: Table, view_id: str, parts: Json) -> Json:
        """The parts; what is told of records stands under the view, if it shows them or they are gone."""
        view = table.view(view_id)
        shown = set(matching_ids(self._records, table, [view.filter])) if view and view.filter else None
        of_records = {key: _within(parts.pop(key), shown) for key in _OF_RECORDS if key in parts}
        told = {key: part for key, part in of_records.items() if part}
        return parts | ({"changedViewsById": {view_id: told}} if told else {})

    def created_records(self, _webhook: Webhook, table: Table, part: Json) -> Json:
        """The new records, with all their cells."""
        return {
            record: {**told, "cellValuesByFieldId": self._shown(table, record, told["cellValuesByFieldId"])}
            for record, told in part.items()
        }

    def changed_records(self, webhook: Webhook, table: Table, part: Json) -> Json:
        """The changed cells that are watched, and what else of their records was asked for."""
        watched = webhook.filters.get("watchDataInFieldIds")
        shown = {}
        for record, told in part.items():
            current, previous = (told[when]["cellValuesByFieldId"] for when in ("current", "previous"))
            kept = {key: value for key, value in current.items() if not watched or key in watched}
            if kept:
                shown[record] = self._changed_record(webhook, table, record, (kept, previous))
        return shown

    def _changed_record(self, webhook: Webhook, table: Table, record: str, cells: tuple[Json, Json]) -> Json:
        current, previous = cells
        shown: Json = {"current": _cells(self._shown(table, record, current))}
        if webhook.includes.get("includePreviousCellValues"):
            told = {
                key: self._forms.before(table.by_key[key], record, previous[key], previous) for key in current
            }
            shown["previous"] = _cells(told)
        wanted = webhook.includes.get("includeCellValuesInFieldIds")
        if wanted:
            shown["unchanged"] = _cells(self._unchanged(table, record, wanted, current))
        return shown

    def _unchanged(self, table: Table, record: str, wanted: Any, current: Json) -> Json:
        rows: list[Row] = self._records.load([record])
        fields = [
            field
            for field in table.fields
            if field.id not in current and (wanted == "all" or field.id in wanted)
        ]
        values = {field.id: self._records.column(field, rows)[0] for field in fields if rows}
        return self._shown(table, record, {key: value for key, value in values.items() if value is not None})

    def _shown(self, table: Table, record: str, cells: Json) -> Json:
        return {key: self._forms.now(table.by_key[key], record, value) for key, value in cells.items()}

    def as_it_is(self, _webhook: Webhook, _table: Table, part: Any) -> Any:
        """A part that is told as the feed tells it."""
        return part

    def fields(self, webhook: Webhook, _table: Table, part: Json) -> Json:
        """The changed fields that are watched, with what they were before if that was asked for."""
        watched = webhook.filters.get("watchSchemasOfFieldIds")
        with_previous = webhook.includes.get("includePreviousFieldDefinitions")
        shown = {key: _differing(told) for key, told in part.items() if not watched or key in watched}
        return {key: told if with_previous else {"current": told["current"]} for key, told in shown.items()}


def _differing(told: Json) -> Json:
    """The properties of a field that changed (docs: "Webhooks table changed"); all, if others changed."""
    current, previous = told["current"], told["previous"]
    changed = [key for key in current if current[key] != previous[key]] or list(current)
    return {when: {key: definition[key] for key in changed} for when, definition in told.items()}


def _within(part: Any, shown: set[str] | None) -> Any:
    """The records of a part that are among those; all of a list, and all where None are given."""
    if shown is None or isinstance(part, list):
        return part
    return {record: told for record, told in part.items() if record in shown}


def _cells(values: Json) -> Json:
    return {"cellValuesByFieldId": values}


def _wants_change(webhook: Webhook, change_type: str) -> bool:
    wanted = webhook.filters.get("changeTypes")
    return not wanted or change_type in wanted


_SHOWN: Mapping[str, Callable[[PayloadMaker, Webhook, Table, Any], Any]] = {
    "createdRecordsById": PayloadMaker.created_records,
    "changedRecordsById": PayloadMaker.changed_records,
    "destroyedRecordIds": PayloadMaker.as_it_is,
    "createdFieldsById": PayloadMaker.as_it_is,
    "changedFieldsById": PayloadMaker.fields,
    "changedMetadata": PayloadMaker.as_it_is,
}
