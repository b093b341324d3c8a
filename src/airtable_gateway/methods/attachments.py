"""Attachments over pyairtable: see `Attachments`."""

from typing import Any

from airtable_gateway.calls import attachments as calls
from airtable_gateway.methods.themed import Themed


class AttachmentMethods(Themed):
    """Files in cells."""

    async def upload_attachment(
        self,
        base: str,
        table: str,
        record_id: str,
        field: str,
        *,
        filename: str,
        content_type: str,
        content: bytes,
    ) -> list[dict[str, Any]]:
        """See `Attachments.upload_attachment`."""
        place = await self._desk.place(base, table, fields=[field])
        return await self._desk.send(
            place,
            lambda place: calls.upload_attachment(
                place, record_id, field, filename=filename, content_type=content_type, content=content
            ),
        )
