"""What changed between two versions of a base's schema, as the change feed tells it."""

from typing import Any

from local_twins.airtable.model.schema import Base, Field, Table

Json = dict[str, Any]


def schema_difference(before: Base, after: Base) -> Json:
    """`createdTablesById` and `changedTablesById`, each only where there is something to tell."""
    if before is after:
        return {}
    old = {table.id: table for table in before.tables}
    created = {table.id: _created(table) for table in after.tables if table.id not in old}
    changed = {
        table.id: told
        for table in after.tables
        if table.id in old and (told := _changed(old[table.id], table))
    }
    told = {"createdTablesById": created, "changedTablesById": changed}
    return {key: tables for key, tables in told.items() if tables}


def _created(table: Table) -> Json:
    return {"metadata": _metadata(table), "fieldsById": {field.id: _field(field) for field in table.fields}}


def _changed(before: Table, after: Table) -> Json:
    old = {field.id: field for field in before.fields}
    told: Json = {
        "createdFieldsById": {field.id: _field(field) for field in after.fields if field.id not in old},
        "changedFieldsById": {
            field.id: {"current": _field(field), "previous": _field(old[field.id])}
            for field in after.fields
            if field.id in old and old[field.id] != field
        },
    }
    if _metadata(before) != _metadata(after):
        told["changedMetadata"] = {"current": _metadata(after), "previous": _metadata(before)}
    return {key: value for key, value in told.items() if value}


def _metadata(table: Table) -> Json:
    return {"name": table.name, "description": table.description or None}


def _field(field: Field) -> Json:
    return {"name": field.name, "type": field.type}
