"""Comments made, changed and deleted, as values that the journal notes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from airtable_gateway.comments import Comment, Commenter
from airtable_gateway.gateway import Gateway
from airtable_gateway.journal import promises
from airtable_gateway.journal.change import Change, Image, Outcome, UndoPromise
from airtable_gateway.journal.sight import Sight
from airtable_gateway.journal.write import Before

_NOTHING = Image({})
"""Stands for the record of a comment, so that its changes are found by the record as well."""


@dataclass(frozen=True, slots=True)
class CreateComment:
    """See `Comments.create_comment`."""

    base: str
    table: str
    record_id: str
    text: str
    parent_id: str | None = None
    operation: Literal["create_comment"] = field(default="create_comment", init=False)
    record_ids: tuple[str, ...] = field(default=(), init=False)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        return asdict(self)

    async def look(self, sight: Sight) -> Before:
        """The table."""
        spot = await sight.spot(self.base, self.table)
        return Before(spot, UndoPromise("full"), {self.record_id: _NOTHING})

    async def send(self, inner: Gateway) -> Comment:
        """See `Write.send`."""
        return await inner.create_comment(
            self.base, self.table, self.record_id, self.text, parent_id=self.parent_id
        )

    def applied(self, before: Before, answer: Comment) -> Outcome:  # noqa: ARG002 - a Write is told both
        """See `Write.applied`."""
        images = {answer.id: comment_image(answer)}
        return Outcome("applied", images, asdict(answer), made=(answer.id,))

    def replay(self, change: Change) -> Comment:
        """See `Write.replay`."""
        return comment_from(change.answer)


@dataclass(frozen=True, slots=True)
class UpdateComment:
    """See `Comments.update_comment`."""

    base: str
    table: str
    record_id: str
    comment_id: str
    text: str
    operation: Literal["update_comment"] = field(default="update_comment", init=False)

    @property
    def record_ids(self) -> tuple[str, ...]:
        """The comment, so that its changes come one after the other."""
        return (self.comment_id,)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        return asdict(self)

    async def look(self, sight: Sight) -> Before:
        """The comment as it is."""
        spot = await sight.spot(self.base, self.table)
        comment = await sight.comment(spot, self.record_id, self.comment_id)
        undo = UndoPromise("partial", (promises.COMMENT_TIME,))
        return Before(spot, undo, _images(self.record_id, self.comment_id, comment))

    async def send(self, inner: Gateway) -> Comment:
        """See `Write.send`."""
        return await inner.update_comment(self.base, self.table, self.record_id, self.comment_id, self.text)

    def applied(self, before: Before, answer: Comment) -> Outcome:  # noqa: ARG002 - a Write is told both
        """See `Write.applied`."""
        return Outcome("applied", {answer.id: comment_image(answer)}, asdict(answer))

    def replay(self, change: Change) -> Comment:
        """See `Write.replay`."""
        return comment_from(change.answer)


@dataclass(frozen=True, slots=True)
class DeleteComment:
    """See `Comments.delete_comment`."""

    base: str
    table: str
    record_id: str
    comment_id: str
    operation: Literal["delete_comment"] = field(default="delete_comment", init=False)

    @property
    def record_ids(self) -> tuple[str, ...]:
        """The comment, so that its changes come one after the other."""
        return (self.comment_id,)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        return asdict(self)

    async def look(self, sight: Sight) -> Before:
        """The comment as it is."""
        spot = await sight.spot(self.base, self.table)
        comment = await sight.comment(spot, self.record_id, self.comment_id)
        undo = UndoPromise("partial", (promises.COMMENT_IDENTITY,))
        return Before(spot, undo, _images(self.record_id, self.comment_id, comment))

    async def send(self, inner: Gateway) -> None:
        """See `Write.send`."""
        await inner.delete_comment(self.base, self.table, self.record_id, self.comment_id)

    def applied(self, before: Before, answer: None) -> Outcome:  # noqa: ARG002 - a Write is told both
        """See `Write.applied`."""
        return Outcome("applied", {self.comment_id: None})

    def replay(self, change: Change) -> None:
        """See `Write.replay`."""


def comment_image(comment: Comment) -> Image:
    """What can be changed of a comment, and what it answers."""
    return Image({"text": comment.text, "parentId": comment.parent_id}, comment.created_time)


def comment_from(answer: Mapping[str, Any]) -> Comment:
    """The comment of an answer that was kept."""
    return Comment(**{**answer, "author": Commenter(**answer["author"])})


def _images(record_id: str, comment_id: str, comment: Comment | None) -> dict[str, Image | None]:
    return {record_id: _NOTHING, comment_id: comment_image(comment) if comment else None}
