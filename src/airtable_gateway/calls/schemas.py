"""Requests to Airtable's meta API: bases, tables and fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airtable_gateway.calls.call import Call, Repeat
from airtable_gateway.naming.place import Place
from airtable_gateway.schema import (
    BaseInfo,
    BaseSchema,
    FieldSchema,
    TableSchema,
    field_from_api,
    table_from_api,
)
from airtable_gateway.transport.translation import Subject


@dataclass(frozen=True, slots=True)
class BasePage:
    """Up to a thousand bases, and the offset of the next page, None at the end."""

    bases: list[BaseInfo]
    offset: str | None


def list_bases(offset: str | None) -> Call[BasePage]:
    """One page of the bases that the token may see (needs schema.bases:read)."""
    parameters = {"offset": offset} if offset else {}
    return Call(
        Subject(),
        Repeat.ALWAYS,
        send=lambda connection: connection.api.get(connection.api.urls.bases, params=parameters),
        read=_base_page,
    )


def read_schema(base_id: str) -> Call[tuple[TableSchema, ...]]:
    """The tables of a base (needs schema.bases:read)."""
    return Call(
        Subject(base_id),
        Repeat.ALWAYS,
        send=lambda connection: connection.api.get(connection.base(base_id).urls.tables),
        read=lambda answer: tuple(table_from_api(model) for model in answer["tables"]),
    )


def create_base(workspace_id: str, name: str, tables: Sequence[Mapping[str, Any]]) -> Call[BaseSchema]:
    """A new base with those tables (needs schema.bases:write, and access to the whole workspace)."""
    body = {"name": name, "workspaceId": workspace_id, "tables": [dict(table) for table in tables]}
    return Call(
        Subject(workspace=workspace_id),
        Repeat.NEVER,
        send=lambda connection: connection.ask("POST", ("meta", "bases"), json=body),
        read=lambda answer: BaseSchema(
            answer["id"], name, tuple(table_from_api(model) for model in answer["tables"])
        ),
    )


def create_table(
    base_id: str, name: str, fields: Sequence[Mapping[str, Any]], description: str
) -> Call[TableSchema]:
    """A new table (needs schema.bases:write)."""
    body = {"name": name, "fields": [dict(field) for field in fields]} | _described(description)
    return Call(
        Subject(base_id),
        Repeat.NEVER,
        send=lambda connection: connection.api.post(connection.base(base_id).urls.tables, json=body),
        read=table_from_api,
        reshapes=True,
    )


def update_table(place: Place, change: Mapping[str, Any]) -> Call[TableSchema]:
    """Another name or description for a table (needs schema.bases:write)."""
    return Call(
        Subject(place.base_id, place.table),
        Repeat.IDEMPOTENT,
        send=lambda connection: connection.ask("PATCH", _table_path(place), json=change),
        read=table_from_api,
        reshapes=True,
    )


def update_field(place: Place, field: str, change: Mapping[str, Any]) -> Call[FieldSchema]:
    """Another name, description or options for a field. Raises FieldNotFound."""
    # Only ids are taken here (docs: "Update field").
    field_id = place.schema.field(field).id if place.schema else field
    return Call(
        Subject(place.base_id, place.table),
        Repeat.IDEMPOTENT,
        send=lambda connection: connection.ask(
            "PATCH", (*_table_path(place), "fields", field_id), json=change
        ),
        read=field_from_api,
        reshapes=True,
    )


def create_field(place: Place, field: Mapping[str, Any], description: str) -> Call[FieldSchema]:
    """A new field of `field`'s name, type and options (needs schema.bases:write)."""
    body = dict(field) | _described(description)
    return Call(
        Subject(place.base_id, place.table),
        Repeat.NEVER,
        send=lambda connection: connection.api.post(
            connection.table(place.base_id, place.table_id).urls.fields, json=body
        ),
        read=field_from_api,
        reshapes=True,
    )


def _table_path(place: Place) -> tuple[str, ...]:
    return ("meta", "bases", place.base_id, "tables", place.table_id)


def _described(description: str) -> dict[str, Any]:
    return {"description": description} if description else {}


def _base_page(answer: Mapping[str, Any]) -> BasePage:
    bases = [BaseInfo(base["id"], base["name"], base["permissionLevel"]) for base in answer["bases"]]
    return BasePage(bases, answer.get("offset") or None)
