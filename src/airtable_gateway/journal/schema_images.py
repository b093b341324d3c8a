"""What tables and fields look like in the journal."""

from collections.abc import Mapping
from typing import Any

from airtable_gateway.journal.change import Image
from airtable_gateway.schema import FieldSchema, TableSchema, ViewSchema


def table_image(table: TableSchema) -> Image:
    """What can be changed of a table."""
    return Image({"name": table.name, "description": table.description})


def field_image(field: FieldSchema) -> Image:
    """What can be changed of a field, and its type."""
    return Image(
        {
            "name": field.name,
            "description": field.description,
            "type": field.type,
            "options": dict(field.options),
        }
    )


def table_from_answer(answer: Mapping[str, Any]) -> TableSchema:
    """The table of an answer that was kept."""
    fields = tuple(FieldSchema(**model) for model in answer["fields"])
    views = tuple(ViewSchema(**model) for model in answer["views"])
    return TableSchema(**{**answer, "fields": fields, "views": views})
