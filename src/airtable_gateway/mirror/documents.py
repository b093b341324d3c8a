"""Tables and records as the mirror's file keeps them: JSON by ids, without what expires."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from airtable_gateway.records import Record
from airtable_gateway.schema import FieldSchema, TableSchema

_ID = re.compile(r"[0-9A-Za-z]+")


def tables_text(tables: Sequence[TableSchema]) -> str:
    """The tables as the state keeps them, without their views."""
    return json.dumps([asdict(table) | {"views": ()} for table in tables])


def tables_from(text: str) -> tuple[TableSchema, ...]:
    """The tables that the state kept."""
    return tuple(
        TableSchema(
            id=model["id"],
            name=model["name"],
            primary_field_id=model["primary_field_id"],
            fields=tuple(FieldSchema(**field) for field in model["fields"]),
            description=model.get("description", ""),
        )
        for model in json.loads(text)
    )


def require_ids(table: TableSchema) -> None:
    """Ids stand in SQL as they are, so that nothing else may. Raises ValueError."""
    for key in (table.id, *(field.id for field in table.fields)):
        if not _ID.fullmatch(key):
            raise ValueError(f"{key!r} is no id of Airtable's.")


def row(table: TableSchema, record: Record, sweep: int, version: int) -> tuple[Any, ...]:
    """A record as the file keeps it; equal records have equal text."""
    ids = {field.name: field.id for field in table.fields}
    cells = {ids[name]: _lasting(value) for name, value in record.fields.items() if name in ids}
    return record.id, table.id, record.created_time, json.dumps(cells, sort_keys=True), sweep, version


def _lasting(value: Any) -> Any:
    """The cell without the addresses of its files.

    They expire after two hours and differ each time (docs: "Attachment URLs"), so that every reading would
    look like a change.
    """
    if not isinstance(value, list):
        return value
    return [_without_addresses(item) if _is_file(item) else item for item in value]


def _is_file(item: Any) -> bool:
    return isinstance(item, dict) and str(item.get("id", "")).startswith("att") and "url" in item


def _without_addresses(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in ("url", "thumbnails")}
