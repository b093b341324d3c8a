"""Webhooks of a base: what Airtable notes of its changes, and how to read that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

PAYLOAD_LIMIT = 50
"""Payloads in one page (docs: "List webhook payloads")."""

ALL_CHANGES = {"options": {"filters": {"dataTypes": ["tableData", "tableFields", "tableMetadata"]}}}
"""The specification of a webhook that notes all that happens in a base."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook; `cursor` is the number of the payload that comes next, `expiration_time` ISO text in UTC.

    `notification_url` is None for one whose payloads are only polled; `specification` is Airtable's JSON.
    """

    id: str
    cursor: int
    is_enabled: bool
    notifies: bool
    notification_url: str | None = None
    expiration_time: str | None = None
    specification: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook that was just made; its secret is told this once, and never prints."""

    id: str
    mac_secret_base64: str = field(repr=False)
    expiration_time: str | None = None


@dataclass(frozen=True, slots=True)
class PayloadPage:
    """Up to fifty payloads in Airtable's JSON; `cursor` is the number behind the last of them."""

    payloads: Sequence[Mapping[str, Any]]
    cursor: int
    might_have_more: bool


class Webhooks(Protocol):
    """Webhooks of a base (they need the scope webhook:manage and the level creator)."""

    async def webhooks(self, base: str) -> list[Webhook]:
        """The webhooks of this token on the base."""
        ...

    async def create_webhook(
        self, base: str, specification: Mapping[str, Any], *, notification_url: str | None = None
    ) -> NewWebhook:
        """A new webhook, which lives for a week unless it is refreshed or its payloads are read."""
        ...

    async def delete_webhook(self, base: str, webhook_id: str) -> None:
        """End the webhook and forget its payloads."""
        ...

    async def enable_webhook(self, base: str, webhook_id: str, *, enabled: bool = True) -> None:
        """Turn notifications on or off; payloads go on."""
        ...

    async def refresh_webhook(self, base: str, webhook_id: str) -> str | None:
        """Extend its life by a week; when it ends now, None when it does not."""
        ...

    async def webhook_payloads(
        self, base: str, webhook_id: str, *, cursor: int = 1, limit: int = PAYLOAD_LIMIT
    ) -> PayloadPage:
        """The payloads from number `cursor` on."""
        ...
