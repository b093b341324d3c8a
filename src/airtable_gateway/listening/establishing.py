"""One webhook a base: found again, set right, or made."""

import base64
from collections.abc import Sequence

from airtable_gateway.errors import AirtableError, NotFound
from airtable_gateway.listening.hooks import Hook, Hooks
from airtable_gateway.webhooks import ALL_CHANGES, Webhook, Webhooks

_MOST_WEBHOOKS = 10
"""Airtable keeps ten webhooks a base (docs: "Create a webhook")."""


class NoRoom(AirtableError):
    """The base has as many webhooks as Airtable keeps."""

    code = "no_room"


async def established(gateway: Webhooks, hooks: Hooks, base_id: str, url: str) -> tuple[Hook, int]:
    """The base's webhook at that address, with a week to live, and the number of its next payload.

    What was made before is used again; what was made for another address, or whose secret is lost, goes.
    Raises AirtableError, NoRoom where others have taken all places.
    """
    async with hooks.changing():
        kept = await hooks.hook(base_id)
        there = await gateway.webhooks(base_id)
        used = next((one for one in there if kept and one.id == kept.webhook_id), None)
        if kept and used and kept.url == url == used.notification_url and used.is_enabled:
            await _drop(gateway, base_id, [one for one in _at(there, url) if one is not used])
            await _renew(gateway, base_id, used)
            return kept, used.cursor
        await _drop(gateway, base_id, [*_at(there, url), *([used] if used else [])])
        return await _made(gateway, hooks, base_id, url), 1


def _at(there: Sequence[Webhook], url: str) -> list[Webhook]:
    """Those that notify the address."""
    return [one for one in there if one.notification_url == url]


async def _renew(gateway: Webhooks, base_id: str, used: Webhook) -> None:
    """A week more; Airtable turns notifications off when they do not arrive for a day."""
    if not used.notifies:
        await gateway.enable_webhook(base_id, used.id)
    await gateway.refresh_webhook(base_id, used.id)


async def _drop(gateway: Webhooks, base_id: str, unwanted: Sequence[Webhook]) -> None:
    for one in {one.id: one for one in unwanted}.values():
        try:
            await gateway.delete_webhook(base_id, one.id)
        except NotFound:
            continue


async def _made(gateway: Webhooks, hooks: Hooks, base_id: str, url: str) -> Hook:
    if len(await gateway.webhooks(base_id)) >= _MOST_WEBHOOKS:
        raise NoRoom(f"The base {base_id} has {_MOST_WEBHOOKS} webhooks, and Airtable keeps no more.")
    new = await gateway.create_webhook(base_id, ALL_CHANGES, notification_url=url)
    hook = Hook(base_id, new.id, url, base64.b64decode(new.mac_secret_base64))
    await hooks.keep(hook)
    return hook
