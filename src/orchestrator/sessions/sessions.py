"""The sessions of a database: made, found, renamed, exported and deleted by those who own them."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from orchestrator.events import to_json
from orchestrator.ids import new_id
from orchestrator.sessions.copies import Copies
from orchestrator.sessions.errors import SessionNotFound
from orchestrator.sessions.log import EventLog, live_on
from orchestrator.sessions.session import Session, session_to_json
from orchestrator.tables import EVENTS, SESSIONS
from pyairtable_platform.kernel import Database, Unavailable

_SEARCHED = ("user_message", "model_message")


class Sessions:
    """Every method that takes an owner answers for that owner's sessions alone."""

    def __init__(self, database: Database, copies: Copies, log: EventLog) -> None:
        self._database = database
        self._copies = copies
        self._log = log

    async def create(
        self, owner: str, *, at: datetime, title: str = "", lives: timedelta | None = None, id: str = ""
    ) -> Session:
        """A new session; `lives` is how long after its last change it is kept, for ever when None.

        Without `id` it is given one.
        """
        session = Session(id or new_id("ses"), owner, title, at, at, None if lives is None else at + lives)
        async with self._database.writing() as connection:
            await connection.execute(
                insert(SESSIONS).values(
                    id=session.id,
                    owner=owner,
                    title=title,
                    created_at=at,
                    changed_at=at,
                    expires_at=session.expires_at,
                    lives_seconds=None if lives is None else int(lives.total_seconds()),
                )
            )
        await self._copies.keep_session(session)
        return session

    async def find_or_create(self, id: str, owner: str, *, at: datetime, title: str) -> Session:
        """The session of that id, made if it is new; whoever makes it at the same time gets the same one."""
        with suppress(SessionNotFound):
            return await self.get(id, owner)
        with suppress(IntegrityError):
            return await self.create(owner, at=at, title=title, id=id)
        return await self.get(id, owner)

    async def get(self, id: str, owner: str) -> Session:
        """The session; from its copy while the database does not answer. Raises SessionNotFound."""
        try:
            session = await self._read(id)
        except Unavailable:
            session = await self._copies.session(id)
            if session is None:
                raise
        if session is None or session.owner != owner:
            raise SessionNotFound(id)
        return session

    async def stored(self, id: str) -> Session:
        """The session as the database has it, whoever owns it: for runs. Raises SessionNotFound."""
        if (session := await self._read(id)) is None:
            raise SessionNotFound(id)
        return session

    async def list(
        self,
        owner: str,
        *,
        title: str | None = None,
        search: str = "",
        limit: int = 50,
        before: datetime | None = None,
    ) -> Sequence[Session]:
        """The owner's sessions, last changed first: those of that very title, if one is given.

        `search` is looked for in titles and in what was said.
        """
        chosen = select(SESSIONS).where(SESSIONS.c.owner == owner)
        if title is not None:
            chosen = chosen.where(SESSIONS.c.title == title)
        if before is not None:
            chosen = chosen.where(SESSIONS.c.changed_at < before)
        if search:
            said = select(EVENTS.c.session).where(
                EVENTS.c.session == SESSIONS.c.id,
                EVENTS.c.kind.in_(_SEARCHED),
                EVENTS.c.words.icontains(search, autoescape=True),
            )
            chosen = chosen.where(or_(SESSIONS.c.title.icontains(search, autoescape=True), said.exists()))
        async with self._database.reading() as connection:
            rows = await connection.execute(chosen.order_by(SESSIONS.c.changed_at.desc()).limit(limit))
            return [_session(row) for row in rows]

    async def rename(self, id: str, owner: str, title: str, *, at: datetime) -> Session:
        """The session under its new title. Raises SessionNotFound."""
        async with self._database.writing() as connection:
            renamed = await connection.execute(
                update(SESSIONS)
                .where(SESSIONS.c.id == id, SESSIONS.c.owner == owner)
                .values(title=title, changed_at=at)
                .returning(SESSIONS)
            )
            row = renamed.one_or_none()
            if row is not None and row.lives_seconds is not None:
                await live_on(connection, id, row.lives_seconds, at)
        if row is None:
            raise SessionNotFound(id)
        session = _session(row)
        await self._copies.keep_session(session)
        return session

    async def taint(self, id: str) -> None:
        """Note that text from outside of the base entered the session; there is no way back."""
        async with self._database.writing() as connection:
            await connection.execute(update(SESSIONS).where(SESSIONS.c.id == id).values(is_tainted=True))

    async def export(self, id: str, owner: str) -> dict[str, Any]:
        """The session with all its events, as JSON. Raises SessionNotFound."""
        session = await self.get(id, owner)
        events = [
            {"number": logged.number, "at": logged.at.isoformat(), "kind": logged.event.kind}
            | to_json(logged.event)
            for logged in await self._log.read(id)
        ]
        return {"session": session_to_json(session), "events": events}

    async def delete(self, id: str, owner: str) -> None:
        """Remove the session and everything that was said in it. Raises SessionNotFound."""
        async with self._database.writing() as connection:
            gone = await connection.execute(
                delete(SESSIONS)
                .where(SESSIONS.c.id == id, SESSIONS.c.owner == owner)
                .returning(SESSIONS.c.last_event)
            )
            last_event = gone.scalar_one_or_none()
        if last_event is None:
            raise SessionNotFound(id)
        await self._forget(id, last_event)

    async def purge(self, *, at: datetime) -> int:
        """Remove the sessions whose time is over and in which nothing goes on; their number."""
        async with self._database.writing() as connection:
            gone = await connection.execute(
                delete(SESSIONS)
                .where(SESSIONS.c.expires_at < at, SESSIONS.c.lease_holder.is_(None))
                .returning(SESSIONS.c.id, SESSIONS.c.last_event)
            )
            removed = gone.all()
        for row in removed:
            await self._forget(row.id, row.last_event)
        return len(removed)

    async def _forget(self, id: str, last_event: int) -> None:
        """Nothing is left of a session that was removed, and nobody watches it any longer."""
        await self._copies.forget(id, last_event)
        await self._log.end(id)

    async def _read(self, id: str) -> Session | None:
        async with self._database.reading() as connection:
            found = await connection.execute(select(SESSIONS).where(SESSIONS.c.id == id))
            row = found.one_or_none()
        return None if row is None else _session(row)


def _session(row: "Row[Any]") -> Session:
    return Session(
        id=row.id,
        owner=row.owner,
        title=row.title,
        created_at=row.created_at,
        changed_at=row.changed_at,
        expires_at=row.expires_at,
        last_event=row.last_event,
        is_tainted=row.is_tainted,
    )
