"""A gateway in front of those that a choice gives: it counts what passes and tells who watches."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self

from airtable_gateway import (
    PAYLOAD_LIMIT,
    BaseInfo,
    BaseMirror,
    BaseSchema,
    CellValues,
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
    TableSchema,
    Upserted,
    Webhook,
)
from pyairtable_mcp.serving.choice import Choice
from pyairtable_mcp.watching import Watchers
from pyairtable_mcp.work import note_read, note_written


class ServedGateway:
    """See `Gateway`. It opens and closes `choice`."""

    def __init__(self, choice: Choice, watchers: Watchers) -> None:
        self._choice = choice
        self._watchers = watchers

    async def __aenter__(self) -> Self:
        await self._choice.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._choice.__aexit__(*exc)

    async def bases(self) -> list[BaseInfo]:
        """See `SchemaReader.bases`."""
        return await (await self._choice.gateway("read")).bases()

    async def schema(self, base: str, *, fresh: bool = False, rechecked: bool = False) -> BaseSchema:
        """See `SchemaReader.schema`."""
        gateway = await self._choice.gateway("read")
        return await gateway.schema(base, fresh=fresh, rechecked=rechecked)

    async def page(
        self, base: str, table: str, query: RecordQuery, *, offset: str | None = None, fresh: bool = False
    ) -> RecordPage:
        """See `RecordReader.page`."""
        gateway = await self._choice.gateway("read")
        page = await gateway.page(base, table, query, offset=offset, fresh=fresh)
        note_read(len(page.records))
        return page

    async def record(self, base: str, table: str, record_id: str, *, fresh: bool = False) -> Record:
        """See `RecordReader.record`."""
        record = await (await self._choice.gateway("read")).record(base, table, record_id, fresh=fresh)
        note_read(1)
        return record

    async def records(
        self, base: str, table: str, record_ids: Sequence[str], *, fresh: bool = False
    ) -> list[Record]:
        """See `RecordReader.records`."""
        records = await (await self._choice.gateway("read")).records(base, table, record_ids, fresh=fresh)
        note_read(len(records))
        return records

    async def create(
        self, base: str, table: str, rows: Sequence[CellValues], *, typecast: bool = False
    ) -> list[Record]:
        """See `RecordWriter.create`."""
        gateway = await self._choice.gateway("write")
        records = await gateway.create(base, table, rows, typecast=typecast)
        await self._wrote(gateway, base, table, len(records))
        return records

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
        gateway = await self._choice.gateway("write")
        records = await gateway.update(base, table, changes, typecast=typecast, replace=replace)
        await self._wrote(gateway, base, table, len(records))
        return records

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
        gateway = await self._choice.gateway("write")
        upserted = await gateway.upsert(base, table, rows, merge_on=merge_on, typecast=typecast)
        await self._wrote(gateway, base, table, len(upserted.records))
        return upserted

    async def delete(self, base: str, table: str, record_ids: Sequence[str]) -> list[str]:
        """See `RecordWriter.delete`."""
        gateway = await self._choice.gateway("write")
        deleted = await gateway.delete(base, table, record_ids)
        await self._wrote(gateway, base, table, len(deleted))
        return deleted

    async def create_base(
        self, workspace_id: str, name: str, tables: Sequence[Mapping[str, Any]]
    ) -> BaseSchema:
        """See `SchemaWriter.create_base`."""
        return await (await self._choice.gateway("schema")).create_base(workspace_id, name, tables)

    async def create_table(
        self, base: str, name: str, fields: Sequence[Mapping[str, Any]], *, description: str = ""
    ) -> TableSchema:
        """See `SchemaWriter.create_table`."""
        gateway = await self._choice.gateway("schema")
        table = await gateway.create_table(base, name, fields, description=description)
        await self._watchers.schema_changed(gateway, base)
        return table

    async def update_table(
        self, base: str, table: str, *, name: str | None = None, description: str | None = None
    ) -> TableSchema:
        """See `SchemaWriter.update_table`."""
        gateway = await self._choice.gateway("schema")
        changed = await gateway.update_table(base, table, name=name, description=description)
        await self._watchers.schema_changed(gateway, base)
        return changed

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
        gateway = await self._choice.gateway("schema")
        field = await gateway.create_field(base, table, name, type, options=options, description=description)
        await self._watchers.schema_changed(gateway, base)
        return field

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
        gateway = await self._choice.gateway("schema")
        changed = await gateway.update_field(
            base, table, field, name=name, description=description, options=options
        )
        await self._watchers.schema_changed(gateway, base)
        return changed

    async def comments(
        self, base: str, table: str, record_id: str, *, offset: str | None = None
    ) -> CommentPage:
        """See `Comments.comments`."""
        return await (await self._choice.gateway("read")).comments(base, table, record_id, offset=offset)

    async def create_comment(
        self, base: str, table: str, record_id: str, text: str, *, parent_id: str | None = None
    ) -> Comment:
        """See `Comments.create_comment`."""
        gateway = await self._choice.gateway("write")
        return await gateway.create_comment(base, table, record_id, text, parent_id=parent_id)

    async def update_comment(
        self, base: str, table: str, record_id: str, comment_id: str, text: str
    ) -> Comment:
        """See `Comments.update_comment`."""
        gateway = await self._choice.gateway("write")
        return await gateway.update_comment(base, table, record_id, comment_id, text)

    async def delete_comment(self, base: str, table: str, record_id: str, comment_id: str) -> None:
        """See `Comments.delete_comment`."""
        await (await self._choice.gateway("write")).delete_comment(base, table, record_id, comment_id)

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
        gateway = await self._choice.gateway("write")
        cell = await gateway.upload_attachment(
            base, table, record_id, field, filename=filename, content_type=content_type, content=content
        )
        await self._wrote(gateway, base, table, 1)
        return cell

    async def webhooks(self, base: str) -> list[Webhook]:
        """See `Webhooks.webhooks`."""
        return await (await self._choice.gateway("read")).webhooks(base)

    async def create_webhook(
        self, base: str, specification: Mapping[str, Any], *, notification_url: str | None = None
    ) -> NewWebhook:
        """See `Webhooks.create_webhook`."""
        gateway = await self._choice.gateway("schema")
        return await gateway.create_webhook(base, specification, notification_url=notification_url)

    async def delete_webhook(self, base: str, webhook_id: str) -> None:
        """See `Webhooks.delete_webhook`."""
        await (await self._choice.gateway("schema")).delete_webhook(base, webhook_id)

    async def enable_webhook(self, base: str, webhook_id: str, *, enabled: bool = True) -> None:
        """See `Webhooks.enable_webhook`."""
        await (await self._choice.gateway("schema")).enable_webhook(base, webhook_id, enabled=enabled)

    async def refresh_webhook(self, base: str, webhook_id: str) -> str | None:
        """See `Webhooks.refresh_webhook`."""
        return await (await self._choice.gateway("schema")).refresh_webhook(base, webhook_id)

    async def webhook_payloads(
        self, base: str, webhook_id: str, *, cursor: int = 1, limit: int = PAYLOAD_LIMIT
    ) -> PayloadPage:
        """See `Webhooks.webhook_payloads`."""
        gateway = await self._choice.gateway("read")
        return await gateway.webhook_payloads(base, webhook_id, cursor=cursor, limit=limit)

    async def invalidate(self, base: str, table: str = "") -> None:
        """See `Invalidation.invalidate`."""
        await (await self._choice.gateway("read")).invalidate(base, table)

    async def mirror(self, base: str, *, tables: Collection[str] = ()) -> BaseMirror:
        """See `Mirroring.mirror`."""
        return await (await self._choice.gateway("read")).mirror(base, tables=tables)

    async def _wrote(self, gateway: Gateway, base: str, table: str, count: int) -> None:
        note_written(count)
        await self._watchers.table_changed(gateway, base, table)
