"""What a mirror's file notes of itself, as values: who keeps it and who only reads it see the same."""

from collections.abc import Mapping
from datetime import UTC, datetime

from airtable_gateway.hearing import ForeignChanges
from airtable_gateway.mirror.freshness import Freshness, Way

NEVER = datetime.fromtimestamp(0, UTC)

State = Mapping[str, str]


def way_of(state: State) -> Way:
    """By which way the copy is kept fresh."""
    return "webhook" if state.get("way") == "webhook" else "polling"


def instant_of(state: State, key: str) -> datetime:
    """The instant that is noted, NEVER when there is none."""
    return datetime.fromisoformat(state[key]) if key in state else NEVER


def freshness_of(state: State, records: int, *, is_ours: bool = True) -> Freshness:
    """How fresh the copy is."""
    return Freshness(
        as_of=instant_of(state, "as_of"),
        swept_at=instant_of(state, "swept_at"),
        way=way_of(state),
        records=records,
        is_ours=is_ours,
    )


def changes_of(state: State, base_id: str, table_ids: frozenset[str], since: int) -> ForeignChanges:
    """What changed after that version; beyond the list of what is gone, anything may have."""
    is_whole = int(state.get("floor", "0")) > since
    return ForeignChanges(
        base_id, table_ids, reshapes=is_whole or int(state.get("shaped", "0")) > since, is_whole=is_whole
    )
