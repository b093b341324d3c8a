"""Files sent into the cells of records."""

from typing import Any, Protocol

UPLOAD_LIMIT = 5 * 1024 * 1024
"""Bytes in one upload (docs: "Upload attachment"); larger files are given to Airtable by address."""


class Attachments(Protocol):
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
        """All attachments of the cell in Airtable's form, the new one last.

        Raises InvalidRequest for more than UPLOAD_LIMIT bytes.
        """
        ...
