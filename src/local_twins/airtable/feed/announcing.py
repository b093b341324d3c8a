"""A change is written down: for the feed, and for every webhook that wants to know."""

from datetime import timedelta
from functools import partial
from typing import Any

from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.feed.payloads import PayloadMaker
from local_twins.airtable.model import times
from local_twins.airtable.model.schema_difference import schema_difference
from local_twins.airtable.model.webhooks import Webhook
from local_twins.airtable.storage.changes import Change
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.storage.store import Store

Json = dict[str, Any]

PAYLOADS_KEPT = timedelta(days=7)
"""How long payloads wait (docs: "List webhook payloads")."""


def announce(records: Records, time: str, user_id: str, body: Json, *, source: str = "publicApi") -> None:
    """Write a change down, within the transaction that makes it; pings go out when it is committed."""
    store = records.store
    base_id = records.open_base.base.id
    change = store.changes.add(base_id, time, user_id, body)
    webhooks = [webhook for webhook in store.webhooks.of(base_id) if webhook.is_enabled(time)]
    if webhooks:
        maker = PayloadMaker(records, change, source)
        for webhook in webhooks:
            _tell(records, webhook, maker, change)


def announce_schema(store: Store, before: OpenBase, user_id: str) -> OpenBase:
    """Write down how the schema of a base differs from what it was; the base as it is now."""
    after = store.base(before.base.id) or before
    if told := schema_difference(before.base, after.base):
        announce(Records(store, after), times.to_text(store.clock()), user_id, told)
    return after


def _tell(records: Records, webhook: Webhook, maker: PayloadMaker, change: Change) -> None:
    store = records.store
    payload = maker.payload_for(webhook)
    if payload is None:
        return
    oldest = times.to_text(times.from_text(change.time) - PAYLOADS_KEPT)
    store.webhooks.add_payload(webhook.id, change.time, payload, oldest=oldest)
    if store.on_payload is not None:
        store.after_commit(partial(store.on_payload, webhook.id))
