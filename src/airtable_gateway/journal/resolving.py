"""Intents without an outcome, settled by looking at what is there."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from airtable_gateway.clock import Clock
from airtable_gateway.errors import AirtableError, NotFound, Refused
from airtable_gateway.journal.change import Change, Failure, Outcome
from airtable_gateway.journal.looking import CLOCK_MARGIN, LOOKS, UNCLEAR, Look
from airtable_gateway.journal.port import ChangeQuery, Journal
from airtable_gateway.journal.rebuilding import write_of
from airtable_gateway.journal.server_time import ServerTime, time_by
from airtable_gateway.journal.sight import SchemaOutdated, Sight
from airtable_gateway.journal.write import Before

_RETRY_SECONDS = 15.0

_MAKING = frozenset({"create", "upsert"})

_LOST = Failure(
    "outcome_unknown",
    "The process ended before the answer came, and what is there does not tell whether it was applied.",
    "Look whether it was applied before you repeat it.",
)
_NOT_DONE = Failure(
    "process_ended",
    "The process ended before the answer came, and the change is not there.",
    "Nothing was changed: call again.",
)


class Resolver:
    """Settles what killed processes, or lost answers, left open."""

    def __init__(
        self,
        journal: Journal,
        sight: Sight,
        clock: Clock,
        *,
        server_time: ServerTime,
        settling_seconds: float,
    ) -> None:
        self._journal = journal
        self._server_time = server_time
        self._settling = settling_seconds
        self._sight = sight
        self._clock = clock

    async def resolve_all(self, changes: Sequence[Change]) -> None:
        """Settle them, the oldest first; while Airtable cannot be asked, wait and ask again."""
        for change in changes:
            while True:
                try:
                    await self.resolve(change)
                    break
                except AirtableError:
                    await self._clock.sleep(_RETRY_SECONDS)

    async def resolve(self, change: Change) -> Change:
        """The change with what looking told of it. Raises AirtableError when Airtable cannot be asked."""
        outcome = await self._outcome(change)
        await asyncio.shield(self._journal.settle(change.id, outcome))
        return await self._journal.change(change.id) or change

    async def _outcome(self, change: Change) -> Outcome:
        if change.operation not in LOOKS:
            return Outcome("unknown", failure=_LOST)
        look = await self._look(change)
        if look.verdict == "absent" and (wait := self._settling_seconds(change)) > 0:
            await self._clock.sleep(wait)
            look = await self._look(change)
        if look.verdict == "absent" and not self._is_dated_well(change):
            look = UNCLEAR
        match look.verdict:
            case "applied":
                return await self._applied(change, look)
            case "absent":
                return Outcome("refused", failure=_NOT_DONE, frees_key=True)
            case "unclear":
                return Outcome("unknown", failure=_LOST)

    async def _look(self, change: Change) -> Look:
        """What is there. A place or a permission that is gone tells nothing."""
        place = change.place
        try:
            try:
                spot = await self._sight.spot(place.base_id, place.table_id)
                return await LOOKS[change.operation](self._sight, spot, change, self._is_claimed)
            except SchemaOutdated:
                spot = await self._sight.spot(place.base_id, place.table_id, fresh=True)
                return await LOOKS[change.operation](self._sight, spot, change, self._is_claimed)
        except (NotFound, Refused):
            return Look("unclear")

    async def _applied(self, change: Change, look: Look) -> Outcome:
        place = change.place
        spot = await self._sight.spot(place.base_id, place.table_id, fresh=True)
        return write_of(change).applied(Before(spot, change.undo, change.before, change.names), look.answer)

    async def _is_claimed(self, record_id: str) -> bool:
        """Whether a change that is settled knows the record."""
        page = await self._journal.changes(ChangeQuery(record=record_id, limit=100))
        return any(change.state == "applied" for change in page.changes)

    def _settling_seconds(self, change: Change) -> float:
        return min(self._settling, self._settling - self._age(change).total_seconds())

    def _is_dated_well(self, change: Change) -> bool:
        """Whether the change's date can be that of its intent.

        New records are looked for from that date on. One that lies ahead, or was read off a clock of ours
        that is wrong, would let the look begin too late, and what is there would be taken for absent.
        """
        told = self._server_time()
        is_ours_right = told is None or abs(datetime.now(UTC) - told) < CLOCK_MARGIN
        return change.operation not in _MAKING or (is_ours_right and self._age(change) > -CLOCK_MARGIN)

    def _age(self, change: Change) -> timedelta:
        return time_by(self._server_time) - change.at
