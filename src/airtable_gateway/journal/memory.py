"""A journal in memory: for tests, and for whoever wants undo but no file."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

from airtable_gateway.journal.change import Change, Outcome
from airtable_gateway.journal.documents import to_text
from airtable_gateway.journal.port import ChangePage, ChangeQuery


class MemoryJournal:
    """See `Journal`. It lives as long as the object; opening it again is what a new process would do."""

    def __init__(self) -> None:
        self._changes: dict[str, Change] = {}
        self._claims: dict[str, str] = {}
        self._renamed: dict[str, str] = {}
        self._files: dict[str, tuple[datetime, bytes]] = {}
        self._own: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._count = 0

    async def __aenter__(self) -> Self:
        self._own.clear()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Nothing to close."""

    async def begin(self, change: Change) -> Change | None:
        """See `Ledger.begin`."""
        if change.claim:
            if change.claim in self._claims:
                return self._changes[self._claims[change.claim]]
            self._claims[change.claim] = change.id
        # Kept as on a disk: as JSON, which the caller's own objects no longer change.
        self._changes[change.id] = replace(change, arguments=json.loads(to_text(change.arguments)))
        self._count += 1
        self._numbers[change.id] = self._count
        self._own.add(change.id)
        return None

    def bring_to_disk(self) -> None:
        """Nothing: see `Ledger.bring_to_disk`; there is no disk."""

    async def settle(self, change_id: str, outcome: Outcome) -> None:
        """See `Ledger.settle`."""
        change = self._changes[change_id]
        if outcome.frees_key:
            self._claims.pop(change.claim, None)
        self._changes[change_id] = replace(
            change,
            state=outcome.state,
            after=outcome.after,
            answer=outcome.answer,
            failure=outcome.failure,
            claim="" if outcome.frees_key else change.claim,
        )
        self._renamed |= outcome.renamed

    async def change(self, change_id: str) -> Change | None:
        """See `Ledger.change`."""
        return self._changes.get(change_id)

    async def claimed(self, claim: str) -> Change | None:
        """See `Ledger.claimed`."""
        return self._changes.get(self._claims.get(claim, ""))

    async def changes(self, query: ChangeQuery) -> ChangePage:
        """See `Ledger.changes`."""
        end = int(query.cursor) if query.cursor else self._count + 1
        found = [
            change
            for change in reversed(self._changes.values())
            if self._numbers[change.id] < end and _selects(query, change)
        ]
        shown = found[: query.limit]
        is_whole = len(found) <= query.limit
        return ChangePage(tuple(shown), "" if is_whole else str(self._numbers[shown[-1].id]))

    async def take_over(self) -> list[Change]:
        """See `Succession.take_over`."""
        left = [c for c in self._changes.values() if c.state == "intended" and c.id not in self._own]
        self._own.update(change.id for change in left)
        return left

    async def renamed(self, record_ids: Iterable[str]) -> dict[str, str]:
        """See `Succession.renamed`."""
        present = {}
        for record_id in record_ids:
            current = record_id
            while current in self._renamed:
                current = self._renamed[current]
            if current != record_id:
                present[record_id] = current
        return present

    async def note_undone(self, change_id: str, by: str) -> None:
        """See `Succession.note_undone`."""
        if change_id in self._changes:
            self._changes[change_id] = replace(self._changes[change_id], undone_by=by)

    async def prune(self, before: datetime) -> int:
        """See `Succession.prune`."""
        old = [c for c in self._changes.values() if c.at < before and c.state != "intended"]
        for change in old:
            del self._changes[change.id], self._numbers[change.id]
            self._claims.pop(change.claim, None)
        self._files = {key: kept for key, kept in self._files.items() if kept[0] >= before}
        return len(old)

    async def keep_file(self, attachment_id: str, content: bytes) -> None:
        """See `KeptFiles.keep_file`."""
        self._files[attachment_id] = (datetime.now(UTC), content)

    async def file(self, attachment_id: str) -> bytes | None:
        """See `KeptFiles.file`."""
        kept = self._files.get(attachment_id)
        return kept[1] if kept else None


def _selects(query: ChangeQuery, change: Change) -> bool:
    place = change.place
    wanted = (
        (query.base, (place.base_id, place.base)),
        (query.table, (place.table_id, place.table)),
        (query.record, change.seen),
        (query.principal, (change.author.principal,)),
        (query.call, (change.call,)),
        (query.undoes, (change.undoes,)),
    )
    fits = all(not value or value in present for value, present in wanted)
    return fits and (query.since is None or change.at >= query.since)
