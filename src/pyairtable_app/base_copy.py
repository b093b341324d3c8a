"""A base of a real Airtable as a document that the local one imports: schema, people, records, links."""

from collections.abc import Mapping
from typing import Any

from airtable_gateway import Gateway, Record, RecordQuery, TableSchema, bulk

Json = dict[str, Any]

_PEOPLE = frozenset(
    {"singleCollaborator", "multipleCollaborators", "createdBy", "lastModifiedBy", "multipleLookupValues"}
)


async def copied_document(gateway: Gateway, base: str) -> Json:
    """The base of that name or id, in import format. Raises AirtableError.

    Airtable tells no rollup's formula and no view's filter: numbers are summed and the rest joined, and
    views show everything.
    """
    with bulk():
        schema = await gateway.schema(base, fresh=True)
        records = {table.id: await _records(gateway, schema.id, table) for table in schema.tables}
    copied = {
        "id": schema.id,
        "name": schema.name,
        "tables": [_table(table) for table in schema.tables],
        "records": {key: [_record(record) for record in found] for key, found in records.items()},
    }
    people: dict[str, Json] = {}
    for table in schema.tables:
        _gather_people(table, records[table.id], people)
    return {"users": list(people.values()), "bases": [copied]}


async def _records(gateway: Gateway, base_id: str, table: TableSchema) -> list[Record]:
    found: list[Record] = []
    offset: str | None = None
    while True:
        page = await gateway.page(base_id, table.id, RecordQuery(), offset=offset, fresh=True)
        found += page.records
        offset = page.offset
        if offset is None:
            return found


def _table(table: TableSchema) -> Json:
    """The table as the meta API tells it."""
    return {
        "id": table.id,
        "name": table.name,
        "description": table.description,
        "primaryFieldId": table.primary_field_id,
        "fields": [
            {
                "id": field.id,
                "name": field.name,
                "type": field.type,
                "description": field.description,
                "options": dict(field.options),
            }
            for field in table.fields
        ],
        "views": [{"id": view.id, "name": view.name, "type": view.type} for view in table.views],
    }


def _record(record: Record) -> Json:
    return {"id": record.id, "createdTime": record.created_time, "fields": record.fields}


def _gather_people(table: TableSchema, records: list[Record], people: dict[str, Json]) -> None:
    """Everybody whom a cell names."""
    names = [field.name for field in table.fields if field.type in _PEOPLE]
    for record in records:
        for name in names:
            value = record.fields.get(name)
            for person in value if isinstance(value, list) else [value]:
                if isinstance(person, Mapping) and str(person.get("id", "")).startswith("usr"):
                    told = {"email": str(person.get("email") or ""), "name": str(person.get("name") or "")}
                    people.setdefault(person["id"], {"id": person["id"], **told})
