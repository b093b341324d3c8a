"""Cells that change with the clock alone: NOW and TODAY, computed anew once a minute when read."""

from local_twins.airtable.computing.draft import Draft
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.storage.store import OWNER, Store


def refresh(store: Store, open_base: OpenBase) -> None:
    """Bring the base's volatile cells, and what follows from them, up to the present minute.

    Airtable does so every few minutes while a base is open (support: "NOW() and TODAY()").
    """
    if not open_base.plan.volatile:
        return
    minute = store.clock().replace(second=0, microsecond=0)
    if open_base.computed_at == minute:
        return
    with store.transaction():
        Draft(store, open_base, OWNER.id).compute_afresh(open_base.plan.volatile)
    open_base.computed_at = minute
