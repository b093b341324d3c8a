"""The ledger: a row a model call, reserved before it is made and settled after, once.

Whatever happens between the two, the sum of a budget's `spent` and the ledger's settled rows agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from orchestrator.cost import budgets
from orchestrator.cost.budgets import GLOBAL, Budget, session_scope, user_scope
from orchestrator.cost.prices import Priced
from orchestrator.model import Usage
from orchestrator.tables import LEDGER
from pyairtable_platform.kernel import Database
from pyairtable_platform.kernel.connections import Connection


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a call may cost at worst; `request` names the call and may be reserved once."""

    request: str
    session: str
    run: str
    owner: str
    model: str
    micros: int
    tools: tuple[str, ...] = field(default=())

    @property
    def scopes(self) -> tuple[str, ...]:
        """The budgets that must have room."""
        return (GLOBAL, session_scope(self.session), user_scope(self.owner))


@dataclass(frozen=True, slots=True)
class Settled:
    """What a call did cost, and the budgets that it nearly used up."""

    micros: int
    warnings: tuple[Budget, ...] = ()


class Ledger:
    """The ledger of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(self, reservation: Reservation, *, at: datetime) -> None:
        """Take room for the call in every budget; the same request again changes nothing.

        Raises BudgetExceeded, and then nothing was taken anywhere.
        """
        async with self._database.writing() as connection:
            if await _row(connection, reservation.request) is not None:
                return
            held = await budgets.hold(connection, reservation.scopes, reservation.micros, at)
            await connection.execute(
                insert(LEDGER).values(
                    request=reservation.request,
                    session=reservation.session,
                    run=reservation.run,
                    owner=reservation.owner,
                    tool=",".join(reservation.tools)[:100],
                    at=at,
                    model_requested=reservation.model,
                    state="reserved",
                    reserved_micros=reservation.micros,
                    held=[list(place) for place in held],
                )
            )

    async def settle(
        self, request: str, usage: Usage, priced: Priced, *, served: str, at: datetime
    ) -> Settled:
        """Count what the call cost and give the rest back; again, it is what it was the first time."""
        async with self._database.writing() as connection:
            row = await self._close(
                connection,
                request,
                state="settled",
                settled_at=at,
                micros=priced.micros,
                is_estimated=priced.is_estimated,
                model_served=served,
                price=dict(priced.price),
                prompt_tokens=usage.prompt,
                cached_tokens=usage.cached,
                output_tokens=usage.output,
                thinking_tokens=usage.thinking,
                tool_tokens=usage.tool,
            )
            if row is None:
                return Settled(await _micros_of(connection, request))
            held = _held(row)
            await budgets.release(connection, held, reserved=row.reserved_micros, spent=priced.micros)
            return Settled(priced.micros, tuple(await budgets.warnings(connection, held, at)))

    async def void(self, request: str, *, at: datetime) -> None:
        """The call was surely not made: give everything back."""
        async with self._database.writing() as connection:
            await self._void(connection, request, at)

    async def sweep(self, *, before: datetime, at: datetime) -> int:
        """Count reservations that nobody settled as spent, marked estimated: the call may have been made.

        Their number. A process that ends between a call and its settlement leaves one behind.
        """
        async with self._database.writing() as connection:
            left = await connection.execute(
                select(LEDGER.c.request).where(LEDGER.c.state == "reserved", LEDGER.c.at < before)
            )
            requests = [row.request for row in left]
            for request in requests:
                await self._count_whole(connection, request, at)
            return len(requests)

    async def _void(self, connection: Connection, request: str, at: datetime) -> None:
        row = await self._close(connection, request, state="void", settled_at=at)
        if row is not None:
            await budgets.release(connection, _held(row), reserved=row.reserved_micros, spent=0)

    async def _count_whole(self, connection: Connection, request: str, at: datetime) -> None:
        row = await self._close(
            connection,
            request,
            state="settled",
            settled_at=at,
            micros=LEDGER.c.reserved_micros,
            is_estimated=True,
        )
        if row is not None:
            reserved = row.reserved_micros
            await budgets.release(connection, _held(row), reserved=reserved, spent=reserved)

    async def _close(
        self, connection: Connection, request: str, **values: Any
    ) -> "Row[tuple[Any, ...]] | None":
        """Take the row out of `reserved`; None when it is not there any more."""
        changed = await connection.execute(
            update(LEDGER)
            .where(LEDGER.c.request == request, LEDGER.c.state == "reserved")
            .values(**values)
            .returning(LEDGER.c.reserved_micros, LEDGER.c.held)
        )
        return changed.one_or_none()


def _held(row: "Row[tuple[Any, ...]]") -> Sequence[tuple[str, str]]:
    return [(scope, period) for scope, period in row.held]


async def _row(connection: Connection, request: str) -> "Row[tuple[Any, ...]] | None":
    found = await connection.execute(select(LEDGER.c.request).where(LEDGER.c.request == request))
    return found.one_or_none()


async def _micros_of(connection: Connection, request: str) -> int:
    return int(await connection.scalar(select(LEDGER.c.micros).where(LEDGER.c.request == request)) or 0)
