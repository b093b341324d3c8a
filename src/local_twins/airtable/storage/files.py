"""The bytes of attachments and of their thumbnails, beside the records that show them; what is awaited."""

import sqlite3
from typing import NamedTuple

from local_twins.airtable.storage import sql


class StoredFile(NamedTuple):
    """What is served for an attachment: its MIME type and its bytes."""

    type: str
    content: bytes


class NewAddress(NamedTuple):
    """An attachment that a cell got by its address, whose file is elsewhere."""

    attachment_id: str
    base_id: str
    record_id: str
    field_id: str
    url: str
    user_id: str


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

    def want(self, address: NewAddress) -> None:
        """Note that a file is to be fetched, so that it still is after a crash."""
        self._connection.execute(sql.ADD_ADDRESS, address)

    def wanted(self) -> list[NewAddress]:
        """The files that are still to be fetched."""
        return [NewAddress(*line) for line in self._connection.execute(sql.ADDRESSES)]

    def settle(self, attachment_id: str) -> None:
        """The file came, or cannot be had."""
        self._connection.execute(sql.DROP_ADDRESS, (attachment_id,))
