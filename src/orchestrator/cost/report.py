"""What was spent: sums of the ledger by day, model, person, session or tool."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, cast, func, select

from orchestrator.tables import LEDGER
from pyairtable_platform.kernel import Database

By = Literal["day", "model", "user", "session", "tool"]

_SUMMED = ("micros", "prompt_tokens", "cached_tokens", "output_tokens", "thinking_tokens", "tool_tokens")


@dataclass(frozen=True, slots=True)
class Spent:
    """The calls of one group: how many, what they cost, and their tokens by kind."""

    group: str
    calls: int
    micros: int
    estimated_calls: int
    prompt_tokens: int
    cached_tokens: int
    output_tokens: int
    thinking_tokens: int
    tool_tokens: int


class Report:
    """Sums over a database's ledger; calls under way are not in them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spent(
        self,
        by: By,
        *,
        since: datetime,
        until: datetime,
        owner: str | None = None,
        session: str | None = None,
    ) -> Sequence[Spent]:
        """The groups between the moments, days in UTC and in order, all others dearest first."""
        group = _group(by)
        chosen = (
            select(
                group.label("grouped"),
                func.count().label("calls"),
                func.sum(cast(LEDGER.c.is_estimated, Integer)).label("estimated_calls"),
                *(func.sum(LEDGER.c[name]).label(name) for name in _SUMMED),
            )
            .where(LEDGER.c.state == "settled", LEDGER.c.at >= since, LEDGER.c.at < until)
            .group_by(group)
        )
        if owner is not None:
            chosen = chosen.where(LEDGER.c.owner == owner)
        if session is not None:
            chosen = chosen.where(LEDGER.c.session == session)
        async with self._database.reading() as connection:
            found = [_spent(row) for row in await connection.execute(chosen)]
        return sorted(found, key=(lambda one: one.group) if by == "day" else (lambda one: -one.micros))


def _group(by: By) -> ColumnElement[Any]:
    columns: dict[By, ColumnElement[Any]] = {
        "day": func.date(LEDGER.c.at),
        "model": LEDGER.c.model_served,
        "user": LEDGER.c.owner,
        "session": LEDGER.c.session,
        "tool": LEDGER.c.tool,
    }
    return columns[by]


def _spent(row: Any) -> Spent:
    sums = {name: int(getattr(row, name) or 0) for name in ("estimated_calls", *_SUMMED)}
    return Spent(group=str(row.grouped), calls=row.calls, **sums)
