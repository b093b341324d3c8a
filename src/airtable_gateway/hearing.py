"""News of what others changed in a base, and the port through which it is told on.

Whoever learns of foreign changes (the receiver of webhooks, a mirror) calls its `Hearer` once for each batch
of payloads; caches then forget what they keep, and whoever watches the base is told. `changes_told` reads the
news from Airtable's payloads.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ForeignChanges:
    """What changed in the base of that id, by whomever; our own writes may be among it.

    `table_ids` are the tables of which records changed; `reshapes` when the schema did. `is_whole`: nobody
    can tell what changed, so that anything may have.
    """

    base_id: str
    table_ids: frozenset[str] = frozenset()
    reshapes: bool = False
    is_whole: bool = False

    def __bool__(self) -> bool:
        return bool(self.table_ids or self.reshapes or self.is_whole)


Hearer = Callable[[ForeignChanges], Awaitable[None]]
"""Is told of foreign changes. It raises nothing that is expected, and may be told the same news twice."""


async def nobody_hears(changes: ForeignChanges) -> None:
    """Nobody is told."""


def all_of(*hearers: Hearer) -> Hearer:
    """One who tells all of them, in that order: caches first, so that who is told reads what is new."""

    async def hear(changes: ForeignChanges) -> None:
        for hearer in hearers:
            await hearer(changes)

    return hear


def changes_told(base_id: str, payloads: Iterable[Mapping[str, Any]]) -> ForeignChanges:
    """What the payloads of a webhook tell (docs: "List webhook payloads")."""
    tables: set[str] = set()
    reshapes = is_whole = False
    for payload in payloads:
        is_whole |= bool(payload.get("error"))
        changed = payload.get("changedTablesById") or {}
        tables.update(changed, payload.get("createdTablesById") or {})
        reshapes |= bool(payload.get("createdTablesById") or payload.get("destroyedTableIds"))
        reshapes |= any(_tells_shape(part) for changes in changed.values() for part in changes)
    return ForeignChanges(base_id, frozenset(tables), reshapes=reshapes or is_whole, is_whole=is_whole)


def _tells_shape(part: str) -> bool:
    """Whether a part of a table's changes is about its fields, name or views."""
    return "Field" in part or "View" in part or part == "changedMetadata"
