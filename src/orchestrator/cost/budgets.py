"""Budgets: how much may be spent in a month by everyone, by a person, or in one session at all.

A budget is one row. Room is taken by one conditional update, so that no number of processes can together
take more than there is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from orchestrator.errors import BudgetExceeded
from orchestrator.tables import BUDGETS
from pyairtable_platform.kernel import Database
from pyairtable_platform.kernel.connections import Connection

GLOBAL = "global"

EACH_USER = "users"
"""The scope whose limit is that of every person who has none of his own."""

STANDING = "standing"
"""The period of the row that says what each new month begins with."""

ALL_TIME = "all"

WARNING_SHARE = 0.8

Held = Sequence[tuple[str, str]]
"""The rows in which room was taken: scope and period."""


def user_scope(user: str) -> str:
    """The scope of a person's month."""
    return f"user:{user}"


def session_scope(session: str) -> str:
    """The scope of one session, for all time."""
    return f"session:{session}"


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget as it stands; all amounts are micro-dollars, `held` is reserved by calls under way."""

    scope: str
    period: str
    limit: int
    spent: int
    held: int

    @property
    def left(self) -> int:
        """What may still be reserved."""
        return max(self.limit - self.spent - self.held, 0)

    @property
    def is_nearly_used(self) -> bool:
        """Whether four fifths are spent."""
        return self.spent >= self.limit * WARNING_SHARE


class Budgets:
    """The budgets of a database; scopes without one have no limit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_limit(self, scope: str, micros: int, *, at: datetime) -> Budget:
        """Limit the scope from now on, this month included; what was spent stays spent."""
        async with self._database.writing() as connection:
            if not _is_monthly(scope):
                await _put(connection, scope, ALL_TIME, micros)
                return await _row(connection, scope, ALL_TIME)
            await _put(connection, scope, STANDING, micros)
            await _put(connection, scope, month_of(at), micros)
            return await _row(connection, scope, month_of(at))

    async def all(self, *, at: datetime, scopes: Sequence[str] | None = None) -> list[Budget]:
        """The budgets that are in force, of these scopes or of all, by scope."""
        chosen: ColumnElement[bool] = BUDGETS.c.period.in_((month_of(at), STANDING, ALL_TIME))
        if scopes is not None:
            chosen = and_(chosen, BUDGETS.c.scope.in_(scopes))
        async with self._database.reading() as connection:
            rows = await connection.execute(select(BUDGETS).where(chosen).order_by(BUDGETS.c.scope))
            found = [
                Budget(row.scope, row.period, row.limit_micros, row.spent_micros, row.held_micros)
                for row in rows
            ]
        return _in_force(found, month_of(at))


def month_of(at: datetime) -> str:
    """The period of a month: 2026-11."""
    return f"{at:%Y-%m}"


async def hold(connection: Connection, scopes: Sequence[str], micros: int, at: datetime) -> Held:
    """Take room in every budget of these scopes, in the same order everywhere. Raises BudgetExceeded."""
    held: list[tuple[str, str]] = []
    limits = await _limits(connection, scopes)
    for scope in sorted(set(scopes)):
        period = await _period(connection, scope, limits, at)
        if period is None:
            continue
        taken = await connection.execute(
            update(BUDGETS)
            .where(
                BUDGETS.c.scope == scope,
                BUDGETS.c.period == period,
                BUDGETS.c.spent_micros + BUDGETS.c.held_micros + micros <= BUDGETS.c.limit_micros,
            )
            .values(held_micros=BUDGETS.c.held_micros + micros)
        )
        if not taken.rowcount:
            raise _no_room(await _row(connection, scope, period), micros)
        held.append((scope, period))
    return held


async def release(connection: Connection, held: Held, *, reserved: int, spent: int) -> None:
    """Give back what was held, and count what was spent of it."""
    for scope, period in sorted(held):
        await connection.execute(
            update(BUDGETS)
            .where(BUDGETS.c.scope == scope, BUDGETS.c.period == period)
            .values(
                held_micros=BUDGETS.c.held_micros - reserved,
                spent_micros=BUDGETS.c.spent_micros + spent,
            )
        )


async def warnings(connection: Connection, held: Held, at: datetime) -> list[Budget]:
    """The budgets among these that are nearly used up, each told once."""
    told: list[Budget] = []
    for scope, period in held:
        budget = await _row(connection, scope, period)
        if not budget.is_nearly_used:
            continue
        first = await connection.execute(
            update(BUDGETS)
            .where(BUDGETS.c.scope == scope, BUDGETS.c.period == period, BUDGETS.c.warned_at.is_(None))
            .values(warned_at=at)
        )
        if first.rowcount:
            told.append(budget)
    return told


async def _limits(connection: Connection, scopes: Sequence[str]) -> dict[str, int]:
    """What each scope may spend, for all time or in every month; scopes without a budget are not in it."""
    found = await connection.execute(
        select(BUDGETS.c.scope, BUDGETS.c.limit_micros).where(
            BUDGETS.c.scope.in_(sorted({*scopes, EACH_USER})), BUDGETS.c.period.in_((STANDING, ALL_TIME))
        )
    )
    return {row.scope: row.limit_micros for row in found}


async def _period(connection: Connection, scope: str, limits: Mapping[str, int], at: datetime) -> str | None:
    """The period whose row counts now, made for a new month; None when the scope has no budget."""
    standing = limits.get(scope)
    if not _is_monthly(scope):
        return None if standing is None else ALL_TIME
    if standing is None and scope.startswith("user:"):
        standing = limits.get(EACH_USER)
    if standing is None:
        return None
    made = _new_row(connection, scope, month_of(at), standing)
    await connection.execute(made.on_conflict_do_nothing())
    return month_of(at)


async def _put(connection: Connection, scope: str, period: str, micros: int) -> None:
    """Set the row's limit; a warning may be due again under the new one."""
    made = _new_row(connection, scope, period, micros)
    await connection.execute(
        made.on_conflict_do_update(
            index_elements=[BUDGETS.c.scope, BUDGETS.c.period],
            set_={"limit_micros": micros, "warned_at": None},
        )
    )


async def _row(connection: Connection, scope: str, period: str) -> Budget:
    found = await connection.execute(
        select(BUDGETS).where(BUDGETS.c.scope == scope, BUDGETS.c.period == period)
    )
    row = found.one()
    return Budget(row.scope, row.period, row.limit_micros, row.spent_micros, row.held_micros)


def _new_row(connection: Connection, scope: str, period: str, limit: int) -> Any:
    """An insertion that can say what a conflict means: each dialect has its own, with the same words."""
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgres_insert
    return insert(BUDGETS).values(scope=scope, period=period, limit_micros=limit)


def _is_monthly(scope: str) -> bool:
    return not scope.startswith("session:")


def _in_force(found: Sequence[Budget], month: str) -> list[Budget]:
    """A month's own row goes before the standing one, which is that of a month in which nothing was spent."""
    started = {budget.scope for budget in found if budget.period == month}
    return [
        Budget(budget.scope, month, budget.limit, 0, 0) if budget.period == STANDING else budget
        for budget in found
        if budget.period != STANDING or budget.scope not in started
    ]


def _no_room(budget: Budget, micros: int) -> BudgetExceeded:
    return BudgetExceeded(
        f"The budget {budget.scope} has {dollars(budget.left)} left of {dollars(budget.limit)}"
        f"{'' if budget.period == ALL_TIME else f' in {budget.period}'}, and the next call may cost "
        f"{dollars(micros)}. Raise the limit, or ask for less.",
        scope=budget.scope,
        period=budget.period,
        limit_micros=budget.limit,
        spent_micros=budget.spent,
        held_micros=budget.held,
    )


def dollars(micros: int) -> str:
    """The amount for a person: $0.0123."""
    return f"${micros / 1_000_000:.4f}"
