"""The webhooks of bases, and the payloads that wait to be fetched."""

import json
import sqlite3
from typing import Any

from local_twins.airtable.model.rows import to_text
from local_twins.airtable.model.webhooks import Webhook
from local_twins.airtable.storage import sql

Json = dict[str, Any]


class Webhooks:
    """The tables of webhooks and payloads; payloads are numbered from 1 for each webhook."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, base_id: str) -> list[Webhook]:
        """The webhooks of a base, oldest first."""
        return [_webhook(line) for line in self._connection.execute(sql.WEBHOOKS, (base_id,))]

    def find(self, webhook_id: str) -> Webhook | None:
        """The webhook of that id, or None."""
        line = self._connection.execute(sql.WEBHOOK, (webhook_id,)).fetchone()
        return _webhook(line) if line else None

    def untold(self) -> list[str]:
        """The ids of webhooks with payloads that came after the last ping that arrived."""
        return [webhook_id for (webhook_id,) in self._connection.execute(sql.UNTOLD_WEBHOOKS)]

    def add(self, webhook: Webhook) -> None:
        """Write a new webhook."""
        self._connection.execute(sql.ADD_WEBHOOK, (webhook.id, webhook.base_id, *_state(webhook)))

    def change(self, webhook: Webhook) -> None:
        """Write a changed webhook."""
        self._connection.execute(sql.SET_WEBHOOK, (*_state(webhook), webhook.id))

    def drop(self, webhook_id: str) -> None:
        """Delete a webhook with its payloads."""
        self._connection.execute(sql.DROP_PAYLOADS, (webhook_id,))
        self._connection.execute(sql.DROP_WEBHOOK, (webhook_id,))

    def add_payload(self, webhook_id: str, time: str, body: Json, *, oldest: str) -> None:
        """Write the next payload of a webhook, and forget those from before the time `oldest`."""
        (number,) = self._connection.execute(sql.NEXT_PAYLOAD, (webhook_id,)).fetchone()
        self._connection.execute(sql.ADD_PAYLOAD, (webhook_id, number - 1, time, to_text(body)))
        self._connection.execute(sql.FORGET_PAYLOADS, (webhook_id, oldest))

    def payloads(self, webhook_id: str, cursor: int, limit: int) -> list[tuple[int, Json]]:
        """Up to `limit` payloads with their numbers, from the one numbered `cursor` on."""
        lines = self._connection.execute(sql.PAYLOADS, (webhook_id, cursor, limit))
        return [(number, json.loads(body)) for number, body in lines]


def _state(webhook: Webhook) -> tuple[Any, ...]:
    """All but the ids, in the order of the table."""
    return (
        webhook.notification_url,
        to_text(dict(webhook.specification)),
        webhook.secret,
        webhook.expiration_time,
        webhook.next_payload,
        webhook.are_notifications_enabled,
        webhook.last_success_time,
        to_text(webhook.last_result),
    )


def _webhook(line: tuple[Any, ...]) -> Webhook:
    webhook_id, base_id, url, specification, secret, expiration, number, are_enabled, success, result = line
    return Webhook(
        webhook_id,
        base_id,
        url,
        json.loads(specification),
        secret,
        expiration,
        number,
        bool(are_enabled),
        success,
        json.loads(result),
    )
