"""A gateway with a journal: every write through it can be listed, told apart from its repetition, undone."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Self, TypeVar

from airtable_gateway.attachments import UPLOAD_LIMIT
from airtable_gateway.clock import Clock
from airtable_gateway.errors import InvalidRequest
from airtable_gateway.gateway import Gateway
from airtable_gateway.journal.author import Author
from airtable_gateway.journal.change import Change, Operation, UndoPromise
from airtable_gateway.journal.discretion import OPEN, Discretion
from airtable_gateway.journal.errors import ChangeNotFound, KeyReused
from airtable_gateway.journal.files import Fetch, FileKeeper
from airtable_gateway.journal.foresight import promise_of
from airtable_gateway.journal.ids import is_call_id
from airtable_gateway.journal.port import ChangePage, ChangeQuery, Journal
from airtable_gateway.journal.recorder import Recorder, claim_of
from airtable_gateway.journal.server_time import ServerTime, nobodys_time
from airtable_gateway.journal.sight import Sight
from airtable_gateway.journal.signed import SignedGateway
from airtable_gateway.journal.turns import Turns
from airtable_gateway.journal.undone import Undone, made_again
from airtable_gateway.journal.write import Write

if TYPE_CHECKING:
    from airtable_gateway.journal.resolving import Resolver

T = TypeVar("T")

UNKNOWN = Author()
"""Who writes when nobody signs."""

KEPT_FOR = timedelta(days=90)
"""How long a change is remembered, and with it its key and the files that it took out."""

SETTLING_SECONDS = 5.0
"""A request that was under way may be applied some moments after its sender is gone."""

_MOST = 500
"""Changes in one page of the list: each holds what up to a hundred records looked like."""


class JournaledGateway(SignedGateway):
    """See `Gateway`. It opens and closes `inner` and `journal`; writes that nobody signs are by UNKNOWN.

    `settling_seconds` is how long a request may still be applied after its sender is gone. `fetch` gets the
    files that a change takes out of their cells; those up to `file_limit` bytes are kept for undo. `kept_for`
    is how long the journal remembers, None for ever. `server_time` tells Airtable's time, by which changes
    are dated where it is known: our own clock may be wrong. A change of a place that `discretion`
    hides is neither told nor taken back, and what one caller sees is not shown to another.
    """

    def __init__(
        self,
        inner: Gateway,
        journal: Journal,
        *,
        settling_seconds: float = SETTLING_SECONDS,
        fetch: Fetch | None = None,
        file_limit: int = UPLOAD_LIMIT,
        kept_for: timedelta | None = KEPT_FOR,
        server_time: ServerTime = nobodys_time,
        discretion: Discretion = OPEN,
    ) -> None:
        self._clock = Clock()
        self._sight = Sight(inner, self._clock, discretion.whose)
        self._server_time = server_time
        self._settling_seconds = settling_seconds
        recorder = Recorder(
            inner,
            journal,
            sight=self._sight,
            resolver=lambda: self._resolver,
            files=FileKeeper(journal, fetch, file_limit),
            clock=self._clock,
            server_time=server_time,
        )
        super().__init__(inner, recorder, UNKNOWN)
        self._journal = journal
        self._turns = Turns()
        self._shows = discretion.shows
        self._opened = AsyncExitStack()
        self._kept_for = kept_for
        self._chores: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._journal)
            await stack.enter_async_context(self._inner)
            left = await self._journal.take_over()
            self._chores = [
                asyncio.create_task(self._resolve(left)),
                asyncio.create_task(self._prune()),
            ]
            self._opened = stack.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        await self._opened.aclose()

    async def settled(self) -> None:
        """Until what ended processes had left without an outcome is settled, which begins when this opens."""
        await asyncio.shield(self._chores[0])

    def signed(self, author: Author, *, many: bool = False) -> SignedGateway:
        """This gateway with the author's signature under every write, as one call.

        The author's key names one write, unless `many` is set: then it names the whole call, and the n-th
        write of its repetition is the n-th write of the first time.
        """
        return SignedGateway(self._inner, self._recorder, author, many=many)

    async def write(self, write: Write[T]) -> T:
        """Write as a call of its own."""
        return await self.signed(self.author).write(write)

    async def foresee(
        self,
        operation: Operation,
        base: str,
        table: str,
        *,
        fields: Sequence[str] = (),
        typecast: bool = False,
    ) -> UndoPromise:
        """How far a change of that kind, to those fields, could be taken back; nothing is written.

        Raises BaseNotFound, TableNotFound, FieldNotFound.
        """
        return promise_of(operation, await self._sight.spot(base, table, fields), fields, typecast=typecast)

    async def undo(
        self, change_id: str, *, force: bool = False, dry_run: bool = False, author: Author | None = None
    ) -> Undone:
        """Take a change back, or all changes of a call, and tell what was done; with `dry_run` only tell.

        Raises ChangeNotFound, NotUndoable, and, unless `force` is set, UndoConflict when what was changed
        differs from what the change left. Taking back is a call of its own: undo that, and all is again as
        the change left it. Under a known key it goes on where it stopped, and does nothing twice.
        """
        from airtable_gateway.journal.undoing import Undoing

        author = author or self.author
        found = await self._changes_of(change_id)
        # Two at once would both find a record gone, and both would make it again.
        async with self._turns.of([] if dry_run else [change.id for change in found]):
            changes = [await self._looked_at(change) for change in found]
            earlier = await self._taken_back_before(author, change_id, changes)
            undoing = Undoing(self._journal, self._sight)
            await undoing.plan(changes)
            if dry_run:
                return undoing.result()
            if not force:
                undoing.require_agreement()
            pen = SignedGateway(self._inner, self._recorder, author, many=True, steps=len(earlier))
            done = await undoing.carry_out(pen)
            call = (pen.written or earlier or (None,))[0]
            await self._note_undone(done.changes, pen.call)
            return replace(
                done,
                call=call.call if call else "",
                written=(*earlier, *pen.written),
                new_ids={**made_again(earlier), **done.new_ids},
            )

    async def change(self, change_id: str) -> Change:
        """The change of that id, with its outcome. Raises ChangeNotFound."""
        change = await self._journal.change(change_id)
        if change is None or not self._shows(change.place):
            raise ChangeNotFound(change_id)
        return change

    async def changes(
        self,
        *,
        base: str = "",
        table: str = "",
        record: str = "",
        principal: str = "",
        call: str = "",
        since: datetime | None = None,
        limit: int = 50,
        cursor: str = "",
    ) -> ChangePage:
        """The changes of that base, table, record, principal or call, newest first; "" does not select.

        Bases and tables are told by id or by the name that they had. Raises InvalidRequest.
        """
        if cursor and not (cursor.isascii() and cursor.isdigit()):
            raise InvalidRequest(
                f"There is no cursor {cursor!r}: give the cursor of a page of changes, or none."
            )
        if not 1 <= limit <= _MOST:
            raise InvalidRequest(f"limit={limit}: a page holds 1 to {_MOST} changes.")
        if since is not None and since.tzinfo is None:
            raise InvalidRequest(
                f"since={since.isoformat()}: the instant needs its zone, for example +00:00."
            )
        return await self._shown(
            ChangeQuery(
                base=base,
                table=table,
                record=record,
                principal=principal,
                call=call,
                since=since,
                limit=limit,
                cursor=cursor,
            )
        )

    async def first_of(self, author: Author) -> Change | None:
        """The first change that was written under the author's key; None without one."""
        return await self._journal.claimed(claim_of(author, 1)) if author.key else None

    @cached_property
    def _resolver(self) -> "Resolver":
        """Settles what was left open; loaded when something is."""
        from airtable_gateway.journal.resolving import Resolver

        return Resolver(
            self._journal,
            self._sight,
            self._clock,
            server_time=self._server_time,
            settling_seconds=self._settling_seconds,
        )

    async def _resolve(self, left: Sequence[Change]) -> None:
        if left:
            await self._resolver.resolve_all(left)

    async def _shown(self, query: ChangeQuery) -> ChangePage:
        """The next page of which something may be shown."""
        while True:
            page = await self._journal.changes(query)
            shown = tuple(change for change in page.changes if self._shows(change.place))
            if shown or not page.cursor:
                return replace(page, changes=shown)
            query = replace(query, cursor=page.cursor)

    async def _prune(self) -> None:
        """Forget what is too old, once a day."""
        while self._kept_for is not None:
            await self._journal.prune(datetime.now(UTC) - self._kept_for)
            await asyncio.sleep(timedelta(days=1).total_seconds())

    async def _changes_of(self, change_id: str) -> list[Change]:
        """The change of that id, or those of the call of that id which changed something, newest first."""
        if not is_call_id(change_id):
            return [await self.change(change_id)]
        changes: list[Change] = []
        cursor = ""
        while True:
            page = await self._shown(ChangeQuery(call=change_id, limit=_MOST, cursor=cursor))
            changes += page.changes
            cursor = page.cursor
            if not cursor:
                break
        if not changes:
            raise ChangeNotFound(change_id)
        return [change for change in changes if change.state != "refused"]

    async def _taken_back_before(
        self, author: Author, change_id: str, changes: Sequence[Change]
    ) -> tuple[Change, ...]:
        """What a call with the author's key has written already. Raises KeyReused when it was another."""
        known = await self.first_of(author)
        if known is None:
            return ()
        if known.undoes not in {change.id for change in changes}:
            first = f"undo of {known.undoes}" if known.undoes else known.operation
            raise KeyReused(author.key, first, f"undo of {change_id}")
        page = await self._journal.changes(ChangeQuery(call=known.call, limit=_MOST))
        return page.changes[::-1]

    async def _looked_at(self, change: Change) -> Change:
        """The change; one whose answer was lost is looked for first."""
        return await self._resolver.resolve(change) if change.state == "unknown" else change

    async def _note_undone(self, changes: Sequence[Change], call: str) -> None:
        """Note that these are taken back, and that what they had taken back is in force again."""
        for change in changes:
            await self._journal.note_undone(change.id, call)
            if change.undoes:
                await self._journal.note_undone(change.undoes, "")
