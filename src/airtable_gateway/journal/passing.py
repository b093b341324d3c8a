"""A gateway that passes on what changes no base: reads, and webhooks, which watch and do not write."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from airtable_gateway.comments import CommentPage
from airtable_gateway.gateway import Gateway
from airtable_gateway.mirror.port import BaseMirror
from airtable_gateway.records import Record, RecordPage, RecordQuery
from airtable_gateway.schema import BaseInfo, BaseSchema
from airtable_gateway.webhooks import PAYLOAD_LIMIT, NewWebhook, PayloadPage, Webhook


class PassingGateway:
    """The reading half of a Gateway around another one."""

    def __init__(self, inner: Gateway) -> None:
        self._inner = inner

    async def bases(self) -> list[BaseInfo]:
        """See `SchemaReader.bases`."""
        return await self._inner.bases()

    async def schema(self, base: str, *, fresh: bool = False, rechecked: bool = False) -> BaseSchema:
        """See `SchemaReader.schema`."""
        return await self._inner.schema(base, fresh=fresh, rechecked=rechecked)

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
        return await self._inner.page(base, table, query, offset=offset, fresh=fresh)

    async def record(self, base: str, table: str, record_id: str, *, fresh: bool = False) -> Record:
        """See `RecordReader.record`."""
        return await self._inner.record(base, table, record_id, fresh=fresh)

    async def records(
        self, base: str, table: str, record_ids: Sequence[str], *, fresh: bool = False
    ) -> list[Record]:
        """See `RecordReader.records`."""
        return await self._inner.records(base, table, record_ids, fresh=fresh)

    async def comments(
        self, base: str, table: str, record_id: str, *, offset: str | None = None
    ) -> CommentPage:
        """See `Comments.comments`."""
        return await self._inner.comments(base, table, record_id, offset=offset)

    async def webhooks(self, base: str) -> list[Webhook]:
        """See `Webhooks.webhooks`."""
        return await self._inner.webhooks(base)

    async def create_webhook(
        self, base: str, specification: Mapping[str, Any], *, notification_url: str | None = None
    ) -> NewWebhook:
        """See `Webhooks.create_webhook`."""
        return await self._inner.create_webhook(base, specification, notification_url=notification_url)

    async def delete_webhook(self, base: str, webhook_id: str) -> None:
        """See `Webhooks.delete_webhook`."""
        await self._inner.delete_webhook(base, webhook_id)

    async def enable_webhook(self, base: str, webhook_id: str, *, enabled: bool = True) -> None:
        """See `Webhooks.enable_webhook`."""
        await self._inner.enable_webhook(base, webhook_id, enabled=enabled)

    async def refresh_webhook(self, base: str, webhook_id: str) -> str | None:
        """See `Webhooks.refresh_webhook`."""
        return await self._inner.refresh_webhook(base, webhook_id)

    async def webhook_payloads(
        self, base: str, webhook_id: str, *, cursor: int = 1, limit: int = PAYLOAD_LIMIT
    ) -> PayloadPage:
        """See `Webhooks.webhook_payloads`."""
        return await self._inner.webhook_payloads(base, webhook_id, cursor=cursor, limit=limit)

    async def invalidate(self, base: str, table: str = "") -> None:
        """See `Invalidation.invalidate`."""
        await self._inner.invalidate(base, table)

    async def mirror(self, base: str, *, tables: Collection[str] = ()) -> BaseMirror:
        """See `Mirroring.mirror`."""
        return await self._inner.mirror(base, tables=tables)
