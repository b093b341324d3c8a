"""The comments of records, in the order in which they were made."""

import sqlite3
from collections.abc import Iterable

from local_twins.airtable.model.comments import Comment
from local_twins.airtable.model.rows import to_text
from local_twins.airtable.storage import sql


class Comments:
    """The table of comments."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def page(self, record_id: str, before: int | None, size: int) -> list[Comment]:
        """Up to `size` comments of a record, newest first, older than the one numbered `before`."""
        lines = self._connection.execute(sql.COMMENTS, (record_id, before, before, size))
        return [Comment(*line) for line in lines]

    def of(self, record_id: str) -> list[Comment]:
        """All comments of a record, oldest first."""
        return [Comment(*line) for line in self._connection.execute(sql.ALL_COMMENTS, (record_id,))]

    def find(self, record_id: str, comment_id: str) -> Comment | None:
        """The comment of that id on that record, or None."""
        line = self._connection.execute(sql.COMMENT, (comment_id, record_id)).fetchone()
        return Comment(*line) if line else None

    def add(self, comment: Comment) -> None:
        """Write a new comment; its `seq` is given by the table."""
        self._connection.execute(
            sql.ADD_COMMENT,
            (
                comment.id,
                comment.record_id,
                comment.author_id,
                comment.text,
                comment.created_time,
                comment.updated_time,
                comment.parent_id,
            ),
        )

    def set_text(self, comment_id: str, text: str, time: str) -> None:
        """Change what a comment says."""
        self._connection.execute(sql.SET_COMMENT, (text, time, comment_id))

    def drop(self, comment_id: str) -> None:
        """Delete a comment; the answers to it stay."""
        self._connection.execute(sql.DROP_COMMENT, (comment_id,))

    def drop_record(self, record_id: str) -> None:
        """Delete all comments of a record."""
        self._connection.execute(sql.DROP_COMMENTS, (record_id,))

    def counts(self, record_ids: Iterable[str]) -> dict[str, int]:
        """How many comments the records have; those without are absent."""
        return dict(self._connection.execute(sql.COMMENT_COUNTS, (to_text(list(record_ids)),)))
