"""The request that sends a file into a cell."""

from base64 import b64encode
from typing import Any

from airtable_gateway.attachments import UPLOAD_LIMIT
from airtable_gateway.calls.call import Call, Repeat
from airtable_gateway.calls.records import require_ids
from airtable_gateway.errors import InvalidRequest
from airtable_gateway.naming.place import Place
from airtable_gateway.transport.translation import Subject


def upload_attachment(
    place: Place, record_id: str, field: str, *, filename: str, content_type: str, content: bytes
) -> Call[list[dict[str, Any]]]:
    """One more attachment in the cell. Raises FieldNotFound, and InvalidRequest for a large file."""
    require_ids([record_id])
    if len(content) > UPLOAD_LIMIT:
        raise InvalidRequest(
            f"{filename!r} has {len(content)} bytes; an upload takes {UPLOAD_LIMIT}.",
            hint="Put the file at a public address and write that into the cell instead.",
        )
    body = {"contentType": content_type, "filename": filename, "file": b64encode(content).decode("ascii")}
    column = place.field(field)
    return Call(
        Subject(place.base_id, place.table, record_id),
        Repeat.NEVER,
        send=lambda connection: connection.upload(place.base_id, record_id, column, body),
        # The answer shows the one cell, by its field's id.
        read=lambda answer: [dict(item) for cell in answer["fields"].values() for item in cell],
    )
