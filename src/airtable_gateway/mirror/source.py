"""What a copy is made from: the part of a gateway that reads, and that watches by webhook."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from airtable_gateway.hearing import ForeignChanges
from airtable_gateway.records import Record, RecordPage, RecordQuery
from airtable_gateway.schema import BaseSchema
from airtable_gateway.webhooks import NewWebhook, PayloadPage


class MirrorSource(Protocol):
    """See `Gateway` for each."""

    async def schema(self, base: str, *, fresh: bool = False) -> BaseSchema:
        """See `SchemaReader.schema`."""
        ...

    async def page(
        self, base: str, table: str, query: RecordQuery, *, offset: str | None = None, fresh: bool = False
    ) -> RecordPage:
        """See `RecordReader.page`."""
        ...

    async def records(
        self, base: str, table: str, record_ids: Sequence[str], *, fresh: bool = False
    ) -> list[Record]:
        """See `RecordReader.records`."""
        ...

    async def create_webhook(self, base: str, specification: Mapping[str, Any]) -> NewWebhook:
        """See `Webhooks.create_webhook`."""
        ...

    async def delete_webhook(self, base: str, webhook_id: str) -> None:
        """See `Webhooks.delete_webhook`."""
        ...

    async def webhook_payloads(self, base: str, webhook_id: str, *, cursor: int = 1) -> PayloadPage:
        """See `Webhooks.webhook_payloads`."""
        ...

    async def heard(self, changes: ForeignChanges) -> None:
        """Forget what is kept of what others changed: see `Hearer`."""
        ...
