"""Comments on records: one, a page of them, and what can be done with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Commenter:
    """Who wrote a comment; `name` and `email` are "" where Airtable does not tell them."""

    id: str
    email: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; people are mentioned in its text as @[usr...].

    Times are Airtable's ISO text in UTC; `updated_time` is None until the text was changed, and `parent_id`
    None unless it answers another comment. `mentions` are the names of the people and groups in the text by
    id, `reactions` the names of those who reacted by emoji.
    """

    id: str
    author: Commenter
    text: str
    created_time: str
    updated_time: str | None = None
    parent_id: str | None = None
    mentions: Mapping[str, str] = field(default_factory=dict)
    reactions: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Up to a hundred comments, the newest first, and the offset of the next page, None at the end."""

    comments: list[Comment]
    offset: str | None


class Comments(Protocol):
    """What people say about a record."""

    async def comments(
        self, base: str, table: str, record_id: str, *, offset: str | None = None
    ) -> CommentPage:
        """One page of the record's comments. Raises RecordNotFound."""
        ...

    async def create_comment(
        self, base: str, table: str, record_id: str, text: str, *, parent_id: str | None = None
    ) -> Comment:
        """The new comment; @[usr...] and @[email] mention people, `parent_id` answers another comment."""
        ...

    async def update_comment(
        self, base: str, table: str, record_id: str, comment_id: str, text: str
    ) -> Comment:
        """The comment with its new text; only one's own can be changed."""
        ...

    async def delete_comment(self, base: str, table: str, record_id: str, comment_id: str) -> None:
        """Delete one of one's own comments."""
        ...
