"""The columns of a table in DuckDB: a name and a type for each field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from airtable_gateway.schema import FieldSchema, TableSchema

Shape = str | list[Any] | dict[str, Any]
"""A type as DuckDB's `json_transform` takes it: its name, a list of one, or a struct of several."""

_TEXT, _NUMBER, _WHOLE, _TRUTH, _TIME = "VARCHAR", "DOUBLE", "BIGINT", "BOOLEAN", "TIMESTAMP"

_PERSON: Shape = {"id": _TEXT, "email": _TEXT, "name": _TEXT}
_FILE: Shape = {"id": _TEXT, "filename": _TEXT, "type": _TEXT, "size": _WHOLE}

SHAPES: Mapping[str, Shape] = {
    "number": _NUMBER,
    "currency": _NUMBER,
    "percent": _NUMBER,
    "duration": _NUMBER,
    "rating": _WHOLE,
    "count": _WHOLE,
    "autoNumber": _WHOLE,
    "checkbox": _TRUTH,
    "date": "DATE",
    "dateTime": _TIME,
    "createdTime": _TIME,
    "lastModifiedTime": _TIME,
    "multipleSelects": [_TEXT],
    "multipleRecordLinks": [_TEXT],
    "singleCollaborator": _PERSON,
    "createdBy": _PERSON,
    "lastModifiedBy": _PERSON,
    "multipleCollaborators": [_PERSON],
    "multipleAttachments": [_FILE],
    "barcode": {"text": _TEXT, "type": _TEXT},
    "button": {"label": _TEXT, "url": _TEXT},
    "aiText": {"state": _TEXT, "value": _TEXT},
}
"""By Airtable's type; every other one is text."""

RECORD_ID, CREATED_TIME = "_id", "_created_time"


@dataclass(frozen=True, slots=True)
class Column:
    """A field as a column; `is_filled` when an empty cell stands for false."""

    name: str
    field_id: str
    shape: Shape
    is_filled: bool = False


def columns_of(table: TableSchema) -> tuple[Column, ...]:
    """A column for each field. Of names that are equal for SQL, the later ones have their id behind them."""
    taken = {RECORD_ID, CREATED_TIME}
    columns = []
    for field in table.fields:
        name = field.name if field.name.casefold() not in taken else f"{field.name} {field.id}"
        taken.add(name.casefold())
        columns.append(Column(name, field.id, shape_of(field), is_filled=field.type == "checkbox"))
    return tuple(columns)


def shape_of(field: FieldSchema) -> Shape:
    """The type of a field's values; a lookup has a list of those that it looks up."""
    return _shape(field.type, field.options)


def _shape(type: str, options: Mapping[str, Any]) -> Shape:
    if type in ("formula", "rollup", "multipleLookupValues"):
        result = options.get("result") or {}
        inner = _shape(result.get("type", "singleLineText"), result.get("options") or {})
        return inner if type != "multipleLookupValues" or isinstance(inner, list) else [inner]
    return SHAPES.get(type, _TEXT)


def table_names(tables: tuple[TableSchema, ...]) -> dict[str, TableSchema]:
    """The tables by their name in SQL; of names that are equal there, the later ones have their id behind."""
    names: dict[str, TableSchema] = {}
    taken: set[str] = set()
    for table in tables:
        name = table.name if table.name.casefold() not in taken else f"{table.name} {table.id}"
        taken.add(name.casefold())
        names[name] = table
    return names
