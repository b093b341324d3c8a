"""Webhooks over pyairtable: see `Webhooks`."""

from collections.abc import Mapping
from typing import Any

from airtable_gateway.calls import webhooks as calls
from airtable_gateway.methods.themed import Themed
from airtable_gateway.webhooks import PAYLOAD_LIMIT, NewWebhook, PayloadPage, Webhook


class WebhookMethods(Themed):
    """Webhooks of a base."""

    async def webhooks(self, base: str) -> list[Webhook]:
        """See `Webhooks.webhooks`."""
        base_id = await self._desk.names.base_id(base)
        return await self._desk.line.send(calls.list_webhooks(base_id))

    async def create_webhook(
        self, base: str, specification: Mapping[str, Any], *, notification_url: str | None = None
    ) -> NewWebhook:
        """See `Webhooks.create_webhook`."""
        base_id = await self._desk.names.base_id(base)
        return await self._desk.line.send(calls.create_webhook(base_id, specification, notification_url))

    async def delete_webhook(self, base: str, webhook_id: str) -> None:
        """See `Webhooks.delete_webhook`."""
        base_id = await self._desk.names.base_id(base)
        await self._desk.line.send(calls.delete_webhook(base_id, webhook_id))

    async def enable_webhook(self, base: str, webhook_id: str, *, enabled: bool = True) -> None:
        """See `Webhooks.enable_webhook`."""
        base_id = await self._desk.names.base_id(base)
        await self._desk.line.send(calls.enable_webhook(base_id, webhook_id, enabled=enabled))

    async def refresh_webhook(self, base: str, webhook_id: str) -> str | None:
        """See `Webhooks.refresh_webhook`."""
        base_id = await self._desk.names.base_id(base)
        return await self._desk.line.send(calls.refresh_webhook(base_id, webhook_id))

    async def webhook_payloads(
        self, base: str, webhook_id: str, *, cursor: int = 1, limit: int = PAYLOAD_LIMIT
    ) -> PayloadPage:
        """See `Webhooks.webhook_payloads`."""
        base_id = await self._desk.names.base_id(base)
        return await self._desk.line.send(
            calls.list_payloads(base_id, webhook_id, cursor=cursor, limit=limit)
        )
