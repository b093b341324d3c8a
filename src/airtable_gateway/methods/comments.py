"""Comments over pyairtable: see `Comments`."""

from airtable_gateway.calls import comments as calls
from airtable_gateway.comments import Comment, CommentPage
from airtable_gateway.methods.themed import Themed


class CommentMethods(Themed):
    """What people say about a record."""

    async def comments(
        self, base: str, table: str, record_id: str, *, offset: str | None = None
    ) -> CommentPage:
        """See `Comments.comments`."""
        place = await self._desk.place(base, table)
        return await self._desk.send(place, lambda place: calls.list_comments(place, record_id, offset))

    async def create_comment(
        self, base: str, table: str, record_id: str, text: str, *, parent_id: str | None = None
    ) -> Comment:
        """See `Comments.create_comment`."""
        place = await self._desk.place(base, table)
        return await self._desk.send(
            place, lambda place: calls.create_comment(place, record_id, text, parent_id)
        )

    async def update_comment(
        self, base: str, table: str, record_id: str, comment_id: str, text: str
    ) -> Comment:
        """See `Comments.update_comment`."""
        place = await self._desk.place(base, table)
        return await self._desk.send(
            place, lambda place: calls.update_comment(place, record_id, comment_id, text)
        )

    async def delete_comment(self, base: str, table: str, record_id: str, comment_id: str) -> None:
        """See `Comments.delete_comment`."""
        place = await self._desk.place(base, table)
        await self._desk.send(place, lambda place: calls.delete_comment(place, record_id, comment_id))
