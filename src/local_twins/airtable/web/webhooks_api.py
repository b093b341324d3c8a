"""The endpoints of webhooks: make, list, turn on and off, refresh, delete, and read payloads."""

import base64
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model import times
from local_twins.airtable.model.attachments import with_addresses
from local_twins.airtable.model.ids import new_id
from local_twins.airtable.model.webhooks import Webhook
from local_twins.airtable.web import parameters
from local_twins.airtable.web.calls import Call, Json
from local_twins.airtable.web.parameters import asked_in_query
from local_twins.airtable.web.webhook_specifications import checked_specification, scopes_of

_MOST_WEBHOOKS = 10
"""Airtable keeps ten webhooks a base (docs: "Create a webhook")."""
_LIFE = timedelta(days=7)
"""How long a webhook lives unless it is refreshed or read meanwhile (docs: "Webhooks overview")."""
_PER_PAGE = 50
"""Airtable's page of payloads (docs: "List webhook payloads")."""


def list_webhooks(call: Call) -> Json:
    """GET /bases/{base}/webhooks."""
    now = _now(call)
    return {"webhooks": [webhook.to_json(now) for webhook in _kept(call, call.base().base.id)]}


def create_webhook(call: Call) -> Json:
    """POST /bases/{base}/webhooks; the secret is told this once."""
    base, url = call.base().base, call.body.get("notificationUrl")
    specification = checked_specification(base, call.body.get("specification"))
    _check_scopes(call, specification)
    if not isinstance(url, str | None) or (url and not url.startswith(("http://", "https://"))):
        raise Refusal(errors.PARAMETERS_INVALID)
    if len(_kept(call, base.id)) >= _MOST_WEBHOOKS:
        raise Refusal(errors.TOO_MANY_WEBHOOKS)
    secret, ends = secrets.token_bytes(32), _end_of_life(call)
    webhook = Webhook(new_id("ach"), base.id, url or None, specification, secret, ends)
    with call.store.transaction():
        call.store.webhooks.add(webhook)
    told = base64.b64encode(secret).decode()
    return {"id": webhook.id, "macSecretBase64": told, "expirationTime": webhook.expiration_time}


def enable_notifications(call: Call) -> None:
    """POST /bases/{base}/webhooks/{webhook}/enableNotifications; payloads go on either way."""
    webhook, enable = _webhook(call), call.body.get("enable")
    if not isinstance(enable, bool):
        raise Refusal(errors.PARAMETERS_INVALID)
    with call.store.transaction():
        call.store.webhooks.change(replace(webhook, are_notifications_enabled=enable))


def refresh_webhook(call: Call) -> Json:
    """POST /bases/{base}/webhooks/{webhook}/refresh: seven days more, unless it has expired."""
    webhook = _webhook(call)
    if not webhook.is_enabled(_now(call)):
        raise Refusal(errors.WEBHOOK_EXPIRED)
    return {"expirationTime": _extended(call, webhook).expiration_time}


def delete_webhook(call: Call) -> None:
    """DELETE /bases/{base}/webhooks/{webhook}."""
    webhook = _webhook(call)
    with call.store.transaction():
        call.store.webhooks.drop(webhook.id)


def list_payloads(call: Call) -> Json:
    """GET /bases/{base}/webhooks/{webhook}/payloads, from `cursor` on; reading gives seven days more, too."""
    webhook = _webhook(call)
    _check_scopes(call, webhook.specification)
    asked = asked_in_query(call)
    cursor = parameters.count(asked, "cursor") or 1
    limit = parameters.count(asked, "limit", most=_PER_PAGE) or _PER_PAGE
    found = call.store.webhooks.payloads(webhook.id, cursor, limit + 1)
    page = found[:limit]
    if webhook.is_enabled(_now(call)):
        _extended(call, webhook)
    return {
        "payloads": [with_addresses(body, call.addresses) for _, body in page],
        "cursor": page[-1][0] + 1 if page else cursor,
        "mightHaveMore": len(found) > limit,
    }


def _webhook(call: Call) -> Webhook:
    """The webhook that the path names. Raises Refusal."""
    webhook = call.store.webhooks.find(call.path["webhook"])
    if webhook is None or webhook not in _kept(call, call.base().base.id):
        raise Refusal(errors.MODEL_NOT_FOUND)
    return webhook


def _kept(call: Call, base_id: str) -> list[Webhook]:
    """The webhooks of the base; one is gone a week after it has expired."""
    now = _now(call)
    return [webhook for webhook in call.store.webhooks.of(base_id) if webhook.is_kept(now)]


def _extended(call: Call, webhook: Webhook) -> Webhook:
    later = replace(webhook, expiration_time=_end_of_life(call))
    with call.store.transaction():
        call.store.webhooks.change(later)
    return later


def _check_scopes(call: Call, specification: Any) -> None:
    """Whoever is told of data or schemas may read them. Raises Refusal."""
    if not call.grant.has(scopes_of(specification)):
        raise Refusal(errors.MODEL_NOT_FOUND)


def _now(call: Call) -> str:
    return times.to_text(call.store.clock())


def _end_of_life(call: Call) -> str:
    return times.to_text(call.store.clock() + _LIFE)
