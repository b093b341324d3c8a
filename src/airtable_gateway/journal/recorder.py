"""The way of a write through the journal: its key, what was there before, intent, request, outcome."""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from airtable_gateway.clock import Clock
from airtable_gateway.errors import AirtableError, Unreachable
from airtable_gateway.gateway import Gateway
from airtable_gateway.journal.author import Author
from airtable_gateway.journal.change import Change, Failure, Outcome
from airtable_gateway.journal.documents import to_text
from airtable_gateway.journal.errors import JournalUnusable, KeyReused
from airtable_gateway.journal.failures import error_from, outcome_of
from airtable_gateway.journal.files import FileKeeper
from airtable_gateway.journal.ids import new_change_id
from airtable_gateway.journal.port import Journal
from airtable_gateway.journal.server_time import ServerTime, time_by
from airtable_gateway.journal.sight import SchemaOutdated, Sight
from airtable_gateway.journal.turns import Turns
from airtable_gateway.journal.write import Before, Write

if TYPE_CHECKING:
    from airtable_gateway.journal.resolving import Resolver

T = TypeVar("T")

Note = Callable[[Change], None]

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 120.0
"""A call ends within this time, so whoever waits for one that another process makes waits no longer."""

_OF_SCHEMAS = frozenset({"create_table", "update_table", "create_field", "update_field", "forward"})

_NOT_SENT = Failure("cancelled", "The caller went away before the write was sent.", "Nothing was changed.")
_ABANDONED = Failure(
    "cancelled", "The caller went away while the write was under way.", "Look whether it was applied."
)


@dataclass(frozen=True, slots=True)
class Signature:
    """What a change is signed with: its author, its call, its place in the call, and what it takes back.

    `is_one_of_many`: the author's key names the whole call, and the step tells its writes apart.
    """

    author: Author
    call: str
    step: int
    is_one_of_many: bool = False
    undoes: str = ""
    recreates: tuple[str, ...] = ()

    @property
    def claim(self) -> str:
        """The principal's word for this write, "" without a key."""
        return claim_of(self.author, self.step if self.is_one_of_many else 0)


def claim_of(author: Author, step: int) -> str:
    """The author's word for the n-th write of a call, or with step 0 for the only one; "" without a key."""
    return json.dumps([author.principal, author.key, step]) if author.key else ""


class Recorder:
    """Sends writes and keeps a journal of them. A write whose key is known is not sent.

    `resolver` gives who settles what was left open.
    """

    def __init__(
        self,
        inner: Gateway,
        journal: Journal,
        *,
        sight: Sight,
        resolver: "Callable[[], Resolver]",
        files: FileKeeper,
        clock: Clock,
        server_time: ServerTime,
    ) -> None:
        self._inner = inner
        self._journal = journal
        self._sight = sight
        self._clock = clock
        self._server_time = server_time
        self._turns = Turns()
        self._resolver = resolver
        self._files = files
        self._unsettled: dict[str, Outcome] = {}

    async def write(self, write: Write[T], signature: Signature, note: Note) -> T:
        """Airtable's answer; `note` is told the change first. Raises AirtableError and KeyReused."""
        # Calls with one key go one after the other; the first one is made and the others find it made.
        async with self._turns.of([signature.claim] if signature.claim else []):
            if signature.claim and (known := await self._journal.claimed(signature.claim)):
                return await self._replay(write, signature, known, note)
            async with self._turns.of(write.record_ids):
                return await self._send(write, signature, note)

    async def _send(self, write: Write[T], signature: Signature, note: Note) -> T:
        before = await self._look(write)
        change = _intent(write, signature, before, time_by(self._server_time))
        await self._files.keep(before, change.arguments)
        if known := await self._begin(change):
            return await self._replay(write, signature, known, note)
        note(change)
        try:
            answer = await write.send(self._inner)
        except AirtableError as error:
            await self._settle(change.id, outcome_of(error))
            raise
        except asyncio.CancelledError:
            await self._settle(change.id, Outcome("unknown", failure=_ABANDONED))
            raise
        if write.operation in _OF_SCHEMAS:
            self._sight.doubt(before.spot.place)
        outcome = await self._applied(write, before, answer)
        if change.recreates:
            pairs = zip(change.recreates, outcome.made, strict=False)
            outcome = replace(outcome, renamed={old: new for old, new in pairs if new})
        await self._settle(change.id, outcome)
        return answer

    async def _begin(self, change: Change) -> Change | None:
        """Write the intent down. When the caller goes away meanwhile, note that nothing was sent."""
        if self._unsettled:
            await self._write_outcomes()
        beginning = asyncio.ensure_future(self._journal.begin(change))
        try:
            return await asyncio.shield(beginning)
        except asyncio.CancelledError:
            if await beginning is None:
                await self._settle(change.id, Outcome("refused", failure=_NOT_SENT, frees_key=True))
            raise

    async def _look(self, write: Write[Any]) -> Before:
        """What is there now, by a schema that tells all of it."""
        try:
            return await write.look(self._sight)
        except SchemaOutdated as outdated:
            self._sight.doubt(outdated.place)
        return await write.look(self._sight)

    async def _applied(self, write: Write[T], before: Before, answer: T) -> Outcome:
        """What the answer tells, by a schema that knows the answer's fields."""
        try:
            return write.applied(before, answer)
        except SchemaOutdated as outdated:
            place = outdated.place
        with suppress(AirtableError):
            newer = await self._sight.spot(place.base_id, place.table_id, fresh=True)
            return write.applied(replace(before, spot=newer), answer)
        # The write is done, so its outcome is noted, as far as the schema that we have tells it.
        return write.applied(replace(before, spot=replace(before.spot, is_new=True)), answer)

    async def _settle(self, change_id: str, outcome: Outcome) -> None:
        """Write the outcome down, also when the caller goes away meanwhile.

        What cannot be written is written before the next intent, or looked for when the next process starts:
        the caller hears what became of the write, and not of the journal.
        """
        try:
            await asyncio.shield(self._journal.settle(change_id, outcome))
        except JournalUnusable:
            self._unsettled[change_id] = outcome
            logger.exception("The outcome of %s is not in the journal yet", change_id)

    async def _write_outcomes(self) -> None:
        """Write down the outcomes that could not be written. Raises JournalUnusable."""
        for change_id, outcome in list(self._unsettled.items()):
            await self._journal.settle(change_id, outcome)
            self._unsettled.pop(change_id, None)

    async def _replay(self, write: Write[T], signature: Signature, known: Change, note: Note) -> T:
        """What the earlier call with this key got, whatever it was. Raises KeyReused for another call."""
        _require_same(write, signature.author, known)
        settled = await self._settled(known)
        if settled.state == "unknown":
            settled = await self._resolver().resolve(settled)
            if not settled.claim:
                return await self._send(write, signature, note)
        note(settled)
        if settled.state == "applied":
            return write.replay(settled)
        if settled.failure:
            raise error_from(settled.failure)
        raise Unreachable(
            f"The call with the key {signature.author.key!r} is still under way.", may_be_applied=True
        )

    async def _settled(self, change: Change) -> Change:
        """The change with its outcome, as soon as the process that makes it has one, or has ended."""
        deadline = self._clock.now() + _PATIENCE_SECONDS
        pause = 0.05
        while change.state == "intended" and self._clock.now() < deadline:
            await self._clock.sleep(pause)
            pause = min(pause * 1.5, 1.0)
            await self._resolver().resolve_all(await self._journal.take_over())
            change = await self._journal.change(change.id) or change
        return change


def _intent(write: Write[Any], signature: Signature, before: Before, at: datetime) -> Change:
    return Change(
        id=new_change_id(),
        call=signature.call,
        step=signature.step,
        at=at,
        author=signature.author,
        operation=write.operation,
        place=before.spot.place,
        arguments=write.arguments,
        undo=before.undo,
        before=before.images,
        names=before.names,
        claim=signature.claim,
        undoes=signature.undoes,
        recreates=signature.recreates,
    )


def _require_same(write: Write[Any], author: Author, known: Change) -> None:
    """Refuse a key that names another call. Arguments are compared as JSON, in which they are kept."""
    asked = json.loads(to_text(write.arguments))
    if (write.operation, asked) != (known.operation, known.arguments):
        raise KeyReused(
            author.key,
            f"{known.operation} {to_text(known.arguments)}",
            f"{write.operation} {to_text(asked)}",
        )
