"""The approvals of a database: asked for once, decided once, by the owner of their session."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Row, exists, insert, select, update

from orchestrator.approvals.approval import Approval, arguments_sha256
from orchestrator.approvals.errors import AlreadyDecided, ApprovalExpired, ApprovalNotFound, OtherArguments
from orchestrator.tables import APPROVALS, SESSIONS
from pyairtable_platform.kernel import Database
from pyairtable_platform.kernel.connections import Connection

Verdict = Literal["approved", "denied", "edited"]

A_MOMENT = timedelta(seconds=15)
"""How long whoever took a decision has to let the run go on."""

_DECIDED = ("approved", "denied", "edited")

_NAMES = tuple(field.name for field in fields(Approval))


class Approvals:
    """Every method that takes an owner answers for that owner's sessions alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, approval: Approval) -> Approval:
        """Let the call wait; if it waits already, that approval is the answer."""
        return (await self.ask_all([approval]))[0]

    async def ask_all(self, approvals: Sequence[Approval]) -> list[Approval]:
        """Let the calls of one session wait, all of them or none; see `ask`."""
        session = approvals[0].session
        async with self._database.writing() as connection:
            known = await _of_calls(connection, session, [approval.call for approval in approvals])
            new = [approval for approval in approvals if approval.call not in known]
            rows = [{name: getattr(approval, name) for name in _NAMES} for approval in new]
            if rows:
                await connection.execute(insert(APPROVALS), rows)
        return [known.get(approval.call, approval) for approval in approvals]

    async def get(self, id: str, owner: str) -> Approval:
        """The approval. Raises ApprovalNotFound."""
        async with self._database.reading() as connection:
            return await _owned(connection, id, owner)

    async def of_calls(self, session: str, calls: Sequence[str]) -> dict[str, Approval]:
        """The approvals of these calls by the calls' ids; none where none was asked for."""
        async with self._database.reading() as connection:
            return await _of_calls(connection, session, calls)

    async def any_decided(self, session: str, calls: Sequence[str]) -> bool:
        """Whether a person decided about one of these calls."""
        decided = select(APPROVALS.c.id).where(
            APPROVALS.c.session == session, APPROVALS.c.call.in_(calls), APPROVALS.c.state.in_(_DECIDED)
        )
        async with self._database.reading() as connection:
            return await connection.scalar(decided.limit(1)) is not None

    async def waiting(self, owner: str, *, at: datetime, session: str | None = None) -> Sequence[Approval]:
        """Those that can still be decided, oldest first."""
        chosen = (
            select(APPROVALS)
            .join(SESSIONS, SESSIONS.c.id == APPROVALS.c.session)
            .where(SESSIONS.c.owner == owner, APPROVALS.c.state == "pending", APPROVALS.c.expires_at > at)
            .order_by(APPROVALS.c.requested_at)
        )
        if session is not None:
            chosen = chosen.where(APPROVALS.c.session == session)
        async with self._database.reading() as connection:
            return [_approval(row) for row in await connection.execute(chosen)]

    async def left(self, *, at: datetime) -> Sequence[tuple[str, str]]:
        """Sessions, and their owners, in which nobody went on after a decision: its process has ended.

        A decision is followed by an event at once; one that is older than a moment, and younger than anything
        that happened in its session, was not. Where another call still waits, nobody can go on yet.
        """
        pending = APPROVALS.alias()
        chosen = (
            select(SESSIONS.c.id, SESSIONS.c.owner)
            .join(APPROVALS, SESSIONS.c.id == APPROVALS.c.session)
            .where(
                APPROVALS.c.decided_at > SESSIONS.c.changed_at,
                APPROVALS.c.decided_at < at - A_MOMENT,
                APPROVALS.c.state.in_(_DECIDED),
                SESSIONS.c.lease_holder.is_(None),
                ~exists().where(
                    pending.c.session == SESSIONS.c.id,
                    pending.c.state == "pending",
                    pending.c.expires_at > at,
                ),
            )
            .distinct()
        )
        async with self._database.reading() as connection:
            return [(row.id, row.owner) for row in await connection.execute(chosen)]

    async def decide(
        self,
        id: str,
        owner: str,
        verdict: Verdict,
        *,
        at: datetime,
        by: str,
        reason: str = "",
        seen_sha256: str | None = None,
        edited_arguments: Mapping[str, Any] | None = None,
    ) -> Approval:
        """The decided approval; the same decision again changes nothing.

        `seen_sha256` is the hash of what the person looked at. Raises ApprovalNotFound, AlreadyDecided,
        ApprovalExpired and OtherArguments.
        """
        async with self._database.writing() as connection:
            known = await _owned(connection, id, owner)
            if seen_sha256 not in (None, known.arguments_sha256):
                raise OtherArguments
            decided = await connection.execute(
                update(APPROVALS)
                .where(APPROVALS.c.id == id, APPROVALS.c.state == "pending", APPROVALS.c.expires_at > at)
                .values(
                    state=verdict,
                    decided_at=at,
                    decided_by=by,
                    reason=reason,
                    edited_arguments=None if edited_arguments is None else dict(edited_arguments),
                )
                .returning(APPROVALS)
            )
            row = decided.one_or_none()
            if row is None:
                # Another decision may have come in between: what stands now says why.
                known = await _owned(connection, id, owner)
        return _decided_before(known, verdict, edited_arguments) if row is None else _approval(row)

    async def expire(self, *, at: datetime) -> Sequence[Approval]:
        """Those whose time has just run out, now marked so."""
        async with self._database.writing() as connection:
            gone = await connection.execute(
                update(APPROVALS)
                .where(APPROVALS.c.state == "pending", APPROVALS.c.expires_at <= at)
                .values(state="expired", decided_at=at)
                .returning(APPROVALS)
            )
            return [_approval(row) for row in gone]


def _decided_before(known: Approval, verdict: Verdict, edited: Mapping[str, Any] | None) -> Approval:
    """The earlier decision, if it was the same one."""
    if known.state in ("pending", "expired"):
        raise ApprovalExpired
    is_same = arguments_sha256("", known.edited_arguments or {}) == arguments_sha256("", edited or {})
    if known.state != verdict or not is_same:
        raise AlreadyDecided(f"This call was {known.state} by {known.decided_by}.", state=known.state)
    return known


async def _owned(connection: Connection, id: str, owner: str) -> Approval:
    found = await connection.execute(
        select(APPROVALS)
        .join(SESSIONS, SESSIONS.c.id == APPROVALS.c.session)
        .where(APPROVALS.c.id == id, SESSIONS.c.owner == owner)
    )
    if (row := found.one_or_none()) is None:
        raise ApprovalNotFound
    return _approval(row)


async def _of_calls(connection: Connection, session: str, calls: Sequence[str]) -> dict[str, Approval]:
    found = await connection.execute(
        select(APPROVALS).where(APPROVALS.c.session == session, APPROVALS.c.call.in_(calls))
    )
    return {row.call: _approval(row) for row in found}


def _approval(row: "Row[Any]") -> Approval:
    return Approval(**{name: getattr(row, name) for name in _NAMES})
