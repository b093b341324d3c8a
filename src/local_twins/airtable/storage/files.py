"""The bytes of attachments, and of their thumbnails, beside the records that show them."""

import sqlite3
from typing import NamedTuple

from local_twins.airtable.storage import sql


class StoredFile(NamedTuple):
    """What is served for an attachment: its MIME type and its bytes."""

    type: str
    content: bytes


class Files:
    """The table of files; `part` is "" for the file itself, else the name of a thumbnail."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, attachment_id: str, part: str, file: StoredFile) -> None:
        """Keep a file."""
        self._connection.execute(sql.ADD_FILE, (attachment_id, part, file.type, file.content))

    def find(self, attachment_id: str, part: str = "") -> StoredFile | None:
        """The file, or None."""
        line = self._connection.execute(sql.FILE, (attachment_id, part)).fetchone()
        return StoredFile(*line) if line else None
