"""Files that clients send into cells: the Web API names the record and the field, and not the table."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from airtable_gateway.errors import AirtableError
from airtable_gateway.forwarding import ForwardedRequest
from airtable_gateway.gateway import Gateway
from airtable_gateway.journal.attachment_write import UploadAttachment
from airtable_gateway.proxy.bodies import object_of
from airtable_gateway.proxy.descriptions import Description
from airtable_gateway.schema import BaseSchema, TableSchema


async def upload(gateway: Gateway, request: ForwardedRequest) -> Description | None:
    """The write that an upload is, None for another request, or where the table cannot be told."""
    if request.method != "POST" or len(request.path) != 4 or request.path[3] != "uploadAttachment":
        return None
    base, record, field, _ = request.path
    match object_of(request.body):
        case {"contentType": str(content_type), "filename": str(filename), "file": str(text)}:
            content = _content(text)
        case _:
            return None
    table = await _table_of(gateway, base, record, field)
    if content is None or table is None:
        return None
    write = UploadAttachment(base, table.id, record, field, filename, content_type, content)
    return write, lambda _, answer: _attachments(answer)


async def _table_of(gateway: Gateway, base: str, record: str, field: str) -> TableSchema | None:
    """The table that has the record and the field; None where that cannot be read."""
    try:
        schema = await gateway.schema(base)
        possible = _tables_with(schema, field)
        if len(possible) <= 1:
            return next(iter(possible), None)
        for table in possible:
            if await gateway.records(base, table.id, [record]):
                return table
    except AirtableError:
        return None
    return None


def _tables_with(schema: BaseSchema, field: str) -> list[TableSchema]:
    return [
        table for table in schema.tables if any(field in (known.id, known.name) for known in table.fields)
    ]


def _content(text: str) -> bytes | None:
    """The file, None for what is no base64; clients break its lines."""
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return None


def _attachments(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The cell, which the answer shows alone, by its field's id."""
    return [dict(item) for cell in answer["fields"].values() for item in cell]
