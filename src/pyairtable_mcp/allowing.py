"""A gateway that sees some bases and tables only, as the server's owner lists them by name or id.

What is not listed does not exist: it is not shown, and naming it is answered as any unknown name is.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self

from airtable_gateway import (
    BaseInfo,
    BaseMirror,
    BaseSchema,
    Comment,
    CommentPage,
    FieldSchema,
    Gateway,
    NewWebhook,
    PayloadPage,
    Record,
    RecordChange,
    RecordPage,
    RecordQuery,
    Refused,
    TableNotFound,
    TableSchema,
    Upserted,
    Webhook,
)
from pyairtable_mcp.allow_list import AllowList
from pyairtable_mcp.allowed_places import HINT, AllowedPlaces

Fields = Sequence[Mapping[str, Any]]


class AllowedGateway:
    """See `Gateway`. It opens and closes `inner`."""

    def __init__(self, inner: Gateway, allowed: AllowList) -> None:
        self._inner = inner
        self._allowed = allowed
        self._places = AllowedPlaces(inner, allowed)

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._inner.__aexit__(*exc)

    async def bases(self) -> list[BaseInfo]:
        """See `SchemaReader.bases`."""
        return await self._places.bases()

    async def schema(self, base: str, *, fresh: bool = False, rechecked: bool = False) -> BaseSchema:
        """See `SchemaReader.schema`."""
        return await self._places.schema(base, fresh=fresh, rechecked=rechecked)

    async def page(
        self,
        base: str,
        table: str,
        query: RecordQuery,
        *,
        offset: str | None = None,
        fresh: bool = False,
    ) -> RecordPage:
        """See `RecordReader.page`."""
        base, table = await self._places.place(base, table)
        return await self._inner.page(base, table, query, offset=offset, fresh=fresh)

    async def record(self, base: str, table: str, record_id: str, *, fresh: bool = False) -> Record:
        """See `RecordReader.record`."""
        return await self._inner.record(*await self._places.place(base, table), record_id, fresh=fresh)

    async def records(
        self, base: str, table: str, record_ids: Sequence[str], *, fresh: bool = False
    ) -> list[Record]:
        """See `RecordReader.records`."""
        return await self._inner.records(*await self._places.place(base, table), record_ids, fresh=fresh)

    async def create(
        self, base: str, table: str, rows: Sequence[Mapping[str, Any]], *, typecast: bool = False
    ) -> list[Record]:
        """See `RecordWriter.create`."""
        base, table = await self._places.written(base, table, rows, typecast=typecast)
        return await self._inner.create(base, table, rows, typecast=typecast)

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
        rows = [change.fields for change in changes]
        base, table = await self._places.written(base, table, rows, typecast=typecast)
        return await self._inner.update(base, table, changes, typecast=typecast, replace=replace)

    async def upsert(
        self,
        base: str,
        table: str,
        rows: Sequence[Mapping[str, Any]],
        *,
        merge_on: Sequence[str],
        typecast: bool = False,
    ) -> Upserted:
        """See `RecordWriter.upsert`."""
        base, table = await self._places.written(base, table, rows, typecast=typecast)
        return await self._inner.upsert(base, table, rows, merge_on=merge_on, typecast=typecast)

    async def delete(self, base: str, table: str, record_ids: Sequence[str]) -> list[str]:
        """See `RecordWriter.delete`."""
        return await self._inner.delete(*await self._places.place(base, table), record_ids)

    async def create_base(self, workspace_id: str, name: str, tables: Fields) -> BaseSchema:
        """See `SchemaWriter.create_base`."""
        if not self._allowed.base(name) or self._allowed.tables:
            raise Refused(f"This server may not make the base {name[:100]!r}.", hint=HINT)
        return await self._inner.create_base(workspace_id, name, tables)

    async def create_table(
        self, base: str, name: str, fields: Fields, *, description: str = ""
    ) -> TableSchema:
        """See `SchemaWriter.create_table`."""
        if not self._allowed.table(name):
            raise Refused(f"This server may not make the table {name[:100]!r}.", hint=HINT)
        base = await self._places.base(base)
        for field in fields:
            await self._places.require_no_way_out(base, field.get("options"))
        return await self._inner.create_table(base, name, fields, description=description)

    async def update_table(
        self, base: str, table: str, *, name: str | None = None, description: str | None = None
    ) -> TableSchema:
        """See `SchemaWriter.update_table`."""
        base, table = await self._places.place(base, table)
        return await self._inner.update_table(base, table, name=name, description=description)

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
        base, table = await self._places.place(base, table)
        await self._places.require_no_way_out(base, options)
        return await self._inner.create_field(
            base, table, name, type, options=options, description=description
        )

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
        base, table = await self._places.place(base, table)
        await self._places.require_no_way_out(base, options)
        return await self._inner.update_field(
            base, table, field, name=name, description=description, options=options
        )

    async def comments(
        self, base: str, table: str, record_id: str, *, offset: str | None = None
    ) -> CommentPage:
        """See `Comments.comments`."""
        return await self._inner.comments(*await self._places.place(base, table), record_id, offset=offset)

    async def create_comment(
        self, base: str, table: str, record_id: str, text: str, *, parent_id: str | None = None
    ) -> Comment:
        """See `Comments.create_comment`."""
        base, table = await self._places.place(base, table)
        return await self._inner.create_comment(base, table, record_id, text, parent_id=parent_id)

    async def update_comment(
        self, base: str, table: str, record_id: str, comment_id: str, text: str
    ) -> Comment:
        """See `Comments.update_comment`."""
        return await self._inner.update_comment(
            *await self._places.place(base, table), record_id, comment_id, text
        )

    async def delete_comment(self, base: str, table: str, record_id: str, comment_id: str) -> None:
        """See `Comments.delete_comment`."""
        await self._inner.delete_comment(*await self._places.place(base, table), record_id, comment_id)

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
        base, table = await self._places.place(base, table)
        return await self._inner.upload_attachment(
            base, table, record_id, field, filename=filename, content_type=content_type, content=content
        )

    async def webhooks(self, base: str) -> list[Webhook]:
        """See `Webhooks.webhooks`."""
        return await self._inner.webhooks(await self._places.whole_base(base))

    async def create_webhook(
        self, base: str, specification: Mapping[str, Any], *, notification_url: str | None = None
    ) -> NewWebhook:
        """See `Webhooks.create_webhook`."""
        base = await self._places.whole_base(base)
        return await self._inner.create_webhook(base, specification, notification_url=notification_url)

    async def delete_webhook(self, base: str, webhook_id: str) -> None:
        """See `Webhooks.delete_webhook`."""
        await self._inner.delete_webhook(await self._places.whole_base(base), webhook_id)

    async def enable_webhook(self, base: str, webhook_id: str, *, enabled: bool = True) -> None:
        """See `Webhooks.enable_webhook`."""
        await self._inner.enable_webhook(await self._places.whole_base(base), webhook_id, enabled=enabled)

    async def refresh_webhook(self, base: str, webhook_id: str) -> str | None:
        """See `Webhooks.refresh_webhook`."""
        return await self._inner.refresh_webhook(await self._places.whole_base(base), webhook_id)

    async def webhook_payloads(
        self, base: str, webhook_id: str, *, cursor: int = 1, limit: int = 50
    ) -> PayloadPage:
        """See `Webhooks.webhook_payloads`."""
        base = await self._places.whole_base(base)
        return await self._inner.webhook_payloads(base, webhook_id, cursor=cursor, limit=limit)

    async def invalidate(self, base: str, table: str = "") -> None:
        """See `Invalidation.invalidate`."""
        await self._inner.invalidate(base, table)

    async def mirror(self, base: str, *, tables: Collection[str] = ()) -> BaseMirror:
        """See `Mirroring.mirror`. What is not allowed is not copied either."""
        wanted = [table for table in tables if self._allowed.table(table)] if tables else self._allowed.tables
        if tables and not wanted:
            raise TableNotFound(next(iter(tables)), self._allowed.tables, hint=HINT)
        return await self._inner.mirror(await self._places.base(base), tables=wanted)
