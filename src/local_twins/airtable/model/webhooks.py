"""Webhooks: who is to be told of which changes of a base, and what was told last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from local_twins.airtable.model import times

Json = dict[str, Any]

_KEPT = timedelta(days=7)
"""How long an expired webhook can still be read (docs: "Webhooks overview")."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook; `specification` is as its maker gave it, times are Airtable's ISO texts.

    `next_payload` is the number that its next payload gets; `last_result` is of the last ping.
    """

    id: str
    base_id: str
    notification_url: str | None
    specification: Mapping[str, Any]
    secret: bytes
    expiration_time: str
    next_payload: int = 1
    are_notifications_enabled: bool = True
    last_success_time: str | None = None
    last_result: Mapping[str, Any] | None = None

    @property
    def filters(self) -> Mapping[str, Any]:
        """What it is told of."""
        found: Mapping[str, Any] = self.specification["options"]["filters"]
        return found

    @property
    def includes(self) -> Mapping[str, Any]:
        """What it is told beside the changes."""
        found: Mapping[str, Any] = self.specification["options"].get("includes") or {}
        return found

    def is_enabled(self, now: str) -> bool:
        """Whether it still gets payloads."""
        return now < self.expiration_time

    def is_kept(self, now: str) -> bool:
        """Whether it and its payloads are still there to be read."""
        return now < times.to_text(times.from_text(self.expiration_time) + _KEPT)

    def to_json(self, now: str) -> Json:
        """The webhook as the API lists it; its secret is told once only, when it is made."""
        return {
            "id": self.id,
            "specification": self.specification,
            "notificationUrl": self.notification_url,
            "cursorForNextPayload": self.next_payload,
            "isHookEnabled": self.is_enabled(now),
            "areNotificationsEnabled": self.are_notifications_enabled,
            "expirationTime": self.expiration_time,
            "lastSuccessfulNotificationTime": self.last_success_time,
            "lastNotificationResult": self.last_result,
        }
