"""Leases: at most one run at a time goes on with a session, whichever process it is in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from orchestrator.ids import new_id
from orchestrator.sessions.errors import LeaseLost, SessionBusy, SessionNotFound
from orchestrator.tables import SESSIONS
from pyairtable_platform.kernel import Database

LASTS = timedelta(seconds=30)
"""How long a process that ended keeps a session from others; a running one renews in time."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to go on with a session."""

    session: str
    holder: str


class Leases:
    """The leases of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, session: str, *, at: datetime) -> Lease:
        """The lease, if nobody holds it. Raises SessionBusy and SessionNotFound."""
        holder = new_id("run")
        async with self._database.writing() as connection:
            free = or_(SESSIONS.c.lease_holder.is_(None), SESSIONS.c.lease_until < at)
            taken = await connection.execute(
                update(SESSIONS)
                .where(SESSIONS.c.id == session, free)
                .values(lease_holder=holder, lease_until=at + LASTS, cancel_requested=False)
            )
            if taken.rowcount:
                return Lease(session, holder)
            known = await connection.scalar(select(SESSIONS.c.id).where(SESSIONS.c.id == session))
        raise SessionNotFound(session) if known is None else SessionBusy(session)

    async def renew(self, lease: Lease, *, at: datetime) -> bool:
        """Hold it for longer; whether the run was asked to stop. Raises LeaseLost."""
        async with self._database.writing() as connection:
            renewed = await connection.execute(
                update(SESSIONS)
                .where(SESSIONS.c.id == lease.session, SESSIONS.c.lease_holder == lease.holder)
                .values(lease_until=at + LASTS)
                .returning(SESSIONS.c.cancel_requested)
            )
            is_cancelled: bool | None = renewed.scalar_one_or_none()
        if is_cancelled is None:
            raise LeaseLost
        return is_cancelled

    async def give_back(self, lease: Lease) -> None:
        """Let others go on; nothing happens when the lease was lost."""
        async with self._database.writing() as connection:
            await connection.execute(
                update(SESSIONS)
                .where(SESSIONS.c.id == lease.session, SESSIONS.c.lease_holder == lease.holder)
                .values(lease_holder=None, lease_until=None)
            )

    async def leave(self, lease: Lease, *, at: datetime) -> None:
        """Let another process take over at once, as if this one had ended; nothing if it was lost."""
        async with self._database.writing() as connection:
            await connection.execute(
                update(SESSIONS)
                .where(SESSIONS.c.id == lease.session, SESSIONS.c.lease_holder == lease.holder)
                .values(lease_until=at)
            )

    async def ask_to_stop(self, session: str, *, at: datetime) -> bool:
        """Ask the run that is under way to stop; False when there is none."""
        async with self._database.writing() as connection:
            asked = await connection.execute(
                update(SESSIONS)
                .where(SESSIONS.c.id == session, SESSIONS.c.lease_until >= at)
                .values(cancel_requested=True)
            )
        return bool(asked.rowcount)

    async def left_behind(self, *, at: datetime) -> list[str]:
        """The sessions whose run ended without giving its lease back: its process is gone."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(SESSIONS.c.id).where(SESSIONS.c.lease_holder.is_not(None), SESSIONS.c.lease_until < at)
            )
            return [row.id for row in rows]
