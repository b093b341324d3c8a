"""The event log of every session: only ever added to, numbered without gaps, the truth of a conversation."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, true, update

from orchestrator.events import Event, Logged, ModelMessage, UserMessage, from_json, told
from orchestrator.sessions.copies import Copies
from orchestrator.sessions.errors import LeaseLost, LogMoved, SessionNotFound
from orchestrator.sessions.feed import Feed
from orchestrator.sessions.leases import Lease
from orchestrator.tables import EVENTS, SESSIONS
from pyairtable_platform.kernel import Database, ServiceError, Unavailable
from pyairtable_platform.kernel.connections import Connection


class EventLog:
    """The logs of a database."""

    def __init__(
        self,
        database: Database,
        copies: Copies,
        feed: Feed,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._copies = copies
        self._feed = feed
        self._now = now

    async def append(
        self, session: str, *events: Event, lease: Lease | None = None, after: int | None = None
    ) -> list[Logged]:
        """Write the events together, each with its number; all of them or none.

        With a lease, only while it is held; with `after`, only behind the event of that number, so that an
        attempt whose answer was lost can be repeated. Raises LeaseLost, LogMoved and SessionNotFound.
        """
        logged = await self.add(session, *events, lease=lease, after=after)
        await self.tell(logged)
        return logged

    def together(self, *, waits_for_disk: bool = True) -> AbstractAsyncContextManager[None]:
        """What this task writes to the database inside, log or not, is committed together."""
        return self._database.together(waits_for_disk=waits_for_disk)

    async def add(
        self, session: str, *events: Event, lease: Lease | None = None, after: int | None = None
    ) -> list[Logged]:
        """See `append`; nobody is told yet, since what surrounds it may still be undone."""
        at = self._now()
        async with self._database.writing() as connection:
            held = SESSIONS.c.lease_holder == lease.holder if lease else true()
            place = SESSIONS.c.last_event == after if after is not None else true()
            taken = await connection.execute(
                update(SESSIONS)
                .where(SESSIONS.c.id == session, held, place)
                .values(last_event=SESSIONS.c.last_event + len(events), changed_at=at)
                .returning(SESSIONS.c.last_event, SESSIONS.c.lives_seconds)
            )
            row = taken.one_or_none()
            if row is None:
                raise await _why_not(connection, session, lease, after)
            if row.lives_seconds is not None:
                await live_on(connection, session, row.lives_seconds, at)
            first = row.last_event - len(events) + 1
            logged = [Logged(session, first + place, at, event) for place, event in enumerate(events)]
            await connection.execute(insert(EVENTS), [_row(one) for one in logged])
        return logged

    async def tell(self, logged: Sequence[Logged]) -> None:
        """Tell whoever watches what was added and is committed now."""
        if logged:
            await self._copies.keep_events(logged)
            await self._feed.wake(logged[0].session)

    async def end(self, session: str) -> None:
        """Tell whoever watches that the session is no more."""
        await self._feed.end(session)

    async def read(self, session: str, *, after: int = 0, limit: int | None = None) -> list[Logged]:
        """The events behind number `after`; from their copies while the database does not answer."""
        chosen = (
            select(EVENTS)
            .where(EVENTS.c.session == session, EVENTS.c.number > after)
            .order_by(EVENTS.c.number)
            .limit(limit)
        )
        try:
            async with self._database.reading() as connection:
                rows = await connection.execute(chosen)
                return [Logged(session, row.number, row.at, from_json(row.kind, row.data)) for row in rows]
        except Unavailable:
            return (await self._copies.events(session, after))[:limit]

    async def said(self, sessions: Sequence[str]) -> dict[str, list[str]]:
        """What the person said in each of these sessions, message by message."""
        chosen = (
            select(EVENTS.c.session, EVENTS.c.data)
            .where(EVENTS.c.session.in_(sessions), EVENTS.c.kind == UserMessage.kind)
            .order_by(EVENTS.c.session, EVENTS.c.number)
        )
        told: dict[str, list[str]] = {session: [] for session in sessions}
        async with self._database.reading() as connection:
            for row in await connection.execute(chosen):
                told[row.session].append(row.data["text"])
        return told


async def live_on(connection: Connection, session: str, seconds: int, at: datetime) -> None:
    """Keep a session that has just changed for so long from then on."""
    ends = at + timedelta(seconds=seconds)
    await connection.execute(update(SESSIONS).where(SESSIONS.c.id == session).values(expires_at=ends))


async def _why_not(
    connection: Connection, session: str, lease: Lease | None, after: int | None
) -> ServiceError:
    """Why nothing could be written."""
    found = await connection.execute(
        select(SESSIONS.c.last_event, SESSIONS.c.lease_holder).where(SESSIONS.c.id == session)
    )
    row = found.one_or_none()
    if row is None:
        return SessionNotFound(session) if lease is None else LeaseLost()
    if lease is not None and row.lease_holder != lease.holder:
        return LeaseLost()
    return LogMoved(f"The log is at event {row.last_event}, and not at {after}.", last_event=row.last_event)


def _row(logged: Logged) -> dict[str, Any]:
    return {
        "session": logged.session,
        "number": logged.number,
        "at": logged.at,
        "kind": logged.event.kind,
        "data": told(logged.event),
        "words": _words(logged.event),
    }


def _words(event: Event) -> str:
    """What a search finds: the text of both sides, without thoughts and calls."""
    match event:
        case UserMessage(text=text):
            return text
        case ModelMessage(parts=parts):
            return " ".join(_texts(parts))
        case _:
            return ""


def _texts(parts: Sequence[Any]) -> list[str]:
    return [part["text"] for part in parts if part.get("text") and not part.get("thought")]
