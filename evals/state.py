"""What bases hold, as the local Airtable tells it, and in what two states differ.

Of the two sides of a link one is looked at, and what is computed is not: it follows from the rest.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from local_twins.airtable import Store, export_document

Json = dict[str, Any]

State = Mapping[str, Mapping[str, "Table"]]
"""Tables by name, by base."""

_NOT_WRITTEN = frozenset({"manualSort"})


class Table:
    """A table as it is compared: its fields' types by name, and each record's cells."""

    def __init__(self, fields: Mapping[str, Any], records: Mapping[str, Json]) -> None:
        self.fields = fields
        self.records = records


def read(store: Store) -> State:
    """All that the store's bases hold."""
    return {base["name"]: _base(base) for base in export_document(store)["bases"]}


def read_again(store: Store, before: State, since: int) -> State:
    """All that they hold now; a base of which the store's feed of changes tells nothing is as it was before.

    `since` is the number of the last change when `before` was read.
    """
    moved = {change.base_id for change in store.changes.since(since, 1_000_000)}
    told = export_document(store, only=moved)["bases"]
    names = {base.name for base in store.bases()}
    return {name: before[name] for name in names & set(before)} | {base["name"]: _base(base) for base in told}


def changes(before: State, after: State) -> Json:
    """In what they differ; nothing when they do not.

    By base and table: `added` cells of new records, `changed` cells by record id, `deleted` record ids, and
    `fields` with their types as they are now, None for one that is gone. A new table has its `added` alone;
    one that is gone, like a base that came or went, is told as such.
    """
    found: Json = {}
    for base in sorted({*before, *after}):
        if (base in before) != (base in after):
            found[base] = "came" if base in after else "gone"
        elif told := dict(_tables(before[base], after[base])):
            found[base] = told
    return found


def _tables(before: Mapping[str, Table], after: Mapping[str, Table]) -> Iterator[tuple[str, Any]]:
    for name in sorted({*before, *after}):
        if name not in after:
            yield name, "gone"
        elif told := _table(before.get(name, Table(after[name].fields, {})), after[name]):
            yield name, told


def _table(before: Table, after: Table) -> Json:
    names = {*before.fields, *after.fields}
    told: Json = {
        "fields": {
            name: after.fields.get(name)
            for name in names
            if before.fields.get(name) != after.fields.get(name)
        },
        "added": [cells for id, cells in after.records.items() if id not in before.records],
        "changed": {
            id: _cells(cells, after.records[id])
            for id, cells in before.records.items()
            if id in after.records and cells != after.records[id]
        },
        "deleted": [id for id in before.records if id not in after.records],
    }
    return {key: value for key, value in told.items() if value}


def _cells(before: Json, after: Json) -> Json:
    return {name: after.get(name) for name in {**before, **after} if before.get(name) != after.get(name)}


def _base(base: Json) -> Mapping[str, Table]:
    names = _record_names(base)
    shown = _shown_fields(base)
    return {
        table["name"]: Table(
            {field["name"]: _kind(field) for field in table["fields"]},
            {
                record["id"]: {
                    name: _cell(record["fields"][name], kind, names)
                    for name, kind in shown[table["id"]].items()
                    if name in record["fields"]
                }
                for record in base["records"][table["id"]]
            },
        )
        for table in base["tables"]
    }


def _record_names(base: Json) -> Mapping[str, str]:
    """What each record is called: its primary cell, if that is not computed, else its id."""
    return {
        record["id"]: str(record["fields"].get(_primary(table), record["id"]))
        for table in base["tables"]
        for record in base["records"][table["id"]]
    }


def _primary(table: Json) -> str:
    return next((field["name"] for field in table["fields"] if field["id"] == table["primaryFieldId"]), "")


def _shown_fields(base: Json) -> Mapping[str, Mapping[str, str]]:
    """The types of the fields that are compared, by table and name: of a link, the side of the one record."""
    fields = {field["id"]: field for table in base["tables"] for field in table["fields"]}
    return {
        table["id"]: {
            field["name"]: field["type"]
            for field in table["fields"]
            if field["type"] not in _NOT_WRITTEN and not _is_other_side(field, fields)
        }
        for table in base["tables"]
    }


def _is_other_side(field: Json, fields: Mapping[str, Json]) -> bool:
    options = field.get("options") or {}
    inverse = fields.get(options.get("inverseLinkFieldId", ""))
    if inverse is None:
        return False
    is_one, is_inverse_one = (
        bool(side.get("options", {}).get("prefersSingleRecordLink")) for side in (field, inverse)
    )
    if is_one != is_inverse_one:
        return is_inverse_one
    return list(fields).index(field["id"]) > list(fields).index(inverse["id"])


def _kind(field: Json) -> Any:
    """Type and, for selects, the names of the choices."""
    choices = (field.get("options") or {}).get("choices")
    return [field["type"], *(choice["name"] for choice in choices)] if choices else field["type"]


def _cell(value: Any, kind: str, names: Mapping[str, str]) -> Any:
    """The cell; links by the names of their records."""
    return [names.get(id, id) for id in value] if kind == "multipleRecordLinks" else value
