"""Requests about the webhooks of a base."""

from collections.abc import Mapping
from typing import Any

from airtable_gateway.calls.call import Call, Repeat
from airtable_gateway.errors import InvalidRequest
from airtable_gateway.transport.translation import Subject
from airtable_gateway.webhooks import NewWebhook, PayloadPage, Webhook


def list_webhooks(base_id: str) -> Call[list[Webhook]]:
    """The webhooks of this token."""
    return Call(
        Subject(base_id),
        Repeat.ALWAYS,
        send=lambda connection: connection.ask("GET", _path(base_id)),
        read=lambda answer: [_webhook(model) for model in answer["webhooks"]],
    )


def create_webhook(
    base_id: str, specification: Mapping[str, Any], notification_url: str | None
) -> Call[NewWebhook]:
    """A new webhook."""
    body = {"notificationUrl": notification_url, "specification": dict(specification)}
    return Call(
        Subject(base_id),
        Repeat.NEVER,
        send=lambda connection: connection.ask("POST", _path(base_id), json=body),
        read=lambda model: NewWebhook(model["id"], model["macSecretBase64"], model.get("expirationTime")),
    )


def delete_webhook(base_id: str, webhook_id: str) -> Call[None]:
    """The end of a webhook."""
    path = _path(base_id, webhook_id)
    return Call(
        Subject(base_id),
        Repeat.IDEMPOTENT,
        send=lambda connection: connection.ask("DELETE", path),
        read=lambda _: None,
    )


def enable_webhook(base_id: str, webhook_id: str, *, enabled: bool) -> Call[None]:
    """Notifications on or off."""
    path = _path(base_id, webhook_id, "enableNotifications")
    return Call(
        Subject(base_id),
        Repeat.IDEMPOTENT,
        send=lambda connection: connection.ask("POST", path, json={"enable": enabled}),
        read=lambda _: None,
    )


def refresh_webhook(base_id: str, webhook_id: str) -> Call[str | None]:
    """A week more."""
    path = _path(base_id, webhook_id, "refresh")
    return Call(
        Subject(base_id),
        Repeat.IDEMPOTENT,
        send=lambda connection: connection.ask("POST", path),
        read=lambda answer: answer["expirationTime"],
    )


def list_payloads(base_id: str, webhook_id: str, *, cursor: int, limit: int) -> Call[PayloadPage]:
    """One page of payloads, from the number `cursor` on."""
    path = _path(base_id, webhook_id, "payloads")
    return Call(
        Subject(base_id),
        Repeat.ALWAYS,
        send=lambda connection: connection.ask("GET", path, params={"cursor": cursor, "limit": limit}),
        read=lambda answer: PayloadPage(answer["payloads"], answer["cursor"], bool(answer["mightHaveMore"])),
    )


def _path(base_id: str, webhook_id: str | None = None, *more: str) -> tuple[str, ...]:
    """The path of a base's webhooks, or of one of them. Raises InvalidRequest for what cannot be an id."""
    if webhook_id is None:
        return ("bases", base_id, "webhooks")
    if not (webhook_id.isascii() and webhook_id.isalnum()):
        raise InvalidRequest(
            f"{webhook_id!r} is no webhook's id; it begins with ach.",
            hint="List the base's webhooks to see their ids.",
        )
    return ("bases", base_id, "webhooks", webhook_id, *more)


def _webhook(model: Mapping[str, Any]) -> Webhook:
    return Webhook(
        id=model["id"],
        cursor=model["cursorForNextPayload"],
        is_enabled=model["isHookEnabled"],
        notifies=model["areNotificationsEnabled"],
        notification_url=model.get("notificationUrl"),
        expiration_time=model.get("expirationTime"),
        specification=model.get("specification") or {},
    )
