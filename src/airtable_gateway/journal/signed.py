"""A gateway whose writes are signed and written into the journal.

Each kind of write is loaded with the first one: most servers start many times a day and write little.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Self, TypeVar

from airtable_gateway.comments import Comment
from airtable_gateway.gateway import Gateway
from airtable_gateway.journal.author import Author
from airtable_gateway.journal.change import Change
from airtable_gateway.journal.ids import new_call_id
from airtable_gateway.journal.passing import PassingGateway
from airtable_gateway.journal.recorder import Recorder, Signature
from airtable_gateway.journal.write import Write
from airtable_gateway.records import CellValues, Record, RecordChange, Upserted
from airtable_gateway.schema import BaseSchema, FieldSchema, TableSchema

T = TypeVar("T")


class SignedGateway(PassingGateway):
    """See `Gateway`. A view that costs nothing: it neither opens nor closes what it looks through.

    With `many` the author's key names a whole call, of which `steps` writes were made before. `written` are
    the changes so far: how a caller learns their ids.
    """

    def __init__(
        self, inner: Gateway, recorder: Recorder, author: Author, *, many: bool = False, steps: int = 0
    ) -> None:
        super().__init__(inner)
        self.author = author
        self._recorder = recorder
        self._many = many
        self._steps = steps
        self._written: dict[int, Change] = {}

    @cached_property
    def call(self) -> str:
        """The id that the changes of this view share; the first time's, where it repeats a call."""
        return new_call_id()

    @property
    def written(self) -> tuple[Change, ...]:
        """The changes that were asked for through this view, in order, as they were intended.

        They are there before Airtable answers, so also of a write that failed. For a write whose key was
        known, it is the change of the first time, with its outcome.
        """
        return tuple(self._written[step] for step in sorted(self._written))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Nothing was opened."""

    async def create(
        self, base: str, table: str, rows: Sequence[CellValues], *, typecast: bool = False
    ) -> list[Record]:
        """See `RecordWriter.create`."""
        from airtable_gateway.journal.record_writes import CreateRecords

        return await self.write(CreateRecords(base, table, rows, typecast)) if rows else []

    async def update(
        self,
        base: str,
        table: str,
        changes: Sequence[RecordChange],
        *,
        typecast: bool = False,
        replace: bool = False,
    ) -> list[Record]:
        """See `RecordWriter.update`."""
        from airtable_gateway.journal.record_writes import UpdateRecords

        write = UpdateRecords(base, table, changes, typecast, replace)
        return await self.write(write) if changes else []

    async def upsert(
        self,
        base: str,
        table: str,
        rows: Sequence[CellValues],
        *,
        merge_on: Sequence[str],
        typecast: bool = False,
    ) -> Upserted:
        """See `RecordWriter.upsert`."""
        from airtable_gateway.journal.upsert_write import UpsertRecords

        write = UpsertRecords(base, table, rows, merge_on, typecast)
        return await self.write(write) if rows else Upserted([])

    async def delete(self, base: str, table: str, record_ids: Sequence[str]) -> list[str]:
        """See `RecordWriter.delete`."""
        from airtable_gateway.journal.record_writes import DeleteRecords

        return await self.write(DeleteRecords(base, table, tuple(record_ids))) if record_ids else []

    async def create_base(
        self, workspace_id: str, name: str, tables: Sequence[Mapping[str, Any]]
    ) -> BaseSchema:
        """See `SchemaWriter.create_base`."""
        from airtable_gateway.journal.schema_creations import CreateBase

        return await self.write(CreateBase(workspace_id, name, tables))

    async def create_table(
        self, base: str, name: str, fields: Sequence[Mapping[str, Any]], *, description: str = ""
    ) -> TableSchema:
        """See `SchemaWriter.create_table`."""
        from airtable_gateway.journal.schema_creations import CreateTable

        return await self.write(CreateTable(base, name, fields, description))

    async def update_table(
        self, base: str, table: str, *, name: str | None = None, description: str | None = None
    ) -> TableSchema:
        """See `SchemaWriter.update_table`."""
        from airtable_gateway.journal.schema_changes import UpdateTable

        return await self.write(UpdateTable(base, table, name, description))

    async def create_field(
        self,
        base: str,
        table: str,
        name: str,
        type: str,
        *,
        options: Mapping[str, Any] | None = None,
        description: str = "",
    ) -> FieldSchema:
        """See `SchemaWriter.create_field`."""
        from airtable_gateway.journal.schema_creations import CreateField

        return await self.write(CreateField(base, table, name, type, options, description))

    async def update_field(
        self,
        base: str,
        table: str,
        field: str,
        *,
        name: str | None = None,
        description: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> FieldSchema:
        """See `SchemaWriter.update_field`."""
        from airtable_gateway.journal.schema_changes import UpdateField

        return await self.write(UpdateField(base, table, field, name, description, options))

    async def create_comment(
        self, base: str, table: str, record_id: str, text: str, *, parent_id: str | None = None
    ) -> Comment:
        """See `Comments.create_comment`."""
        from airtable_gateway.journal.comment_writes import CreateComment

        return await self.write(CreateComment(base, table, record_id, text, parent_id))

    async def update_comment(
        self, base: str, table: str, record_id: str, comment_id: str, text: str
    ) -> Comment:
        """See `Comments.update_comment`."""
        from airtable_gateway.journal.comment_writes import UpdateComment

        return await self.write(UpdateComment(base, table, record_id, comment_id, text))

    async def delete_comment(self, base: str, table: str, record_id: str, comment_id: str) -> None:
        """See `Comments.delete_comment`."""
        from airtable_gateway.journal.comment_writes import DeleteComment

        await self.write(DeleteComment(base, table, record_id, comment_id))

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
        from airtable_gateway.journal.attachment_write import UploadAttachment

        return await self.write(
            UploadAttachment(base, table, record_id, field, filename, content_type, content)
        )

    async def write(self, write: Write[T]) -> T:
        """Write through the journal, as the next step of this view's call."""
        return await self._signed(write)

    async def take_back(self, write: Write[T], change: Change, recreates: Sequence[str] = ()) -> T:
        """Write what takes that change back; `recreates` are the last ids of what is made again."""
        return await self._signed(write, undoes=change.id, recreates=tuple(recreates))

    async def _signed(self, write: Write[T], **more: Any) -> T:
        self._steps += 1
        step = self._steps
        signature = Signature(self.author, self.call, step, is_one_of_many=self._many, **more)

        def note(change: Change) -> None:
            self._written[step] = change
            # A repetition is the call that it repeats; what that one did not come to joins it.
            self.call = change.call

        return await self._recorder.write(write, signature, note)
