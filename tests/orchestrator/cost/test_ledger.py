"""Budgets are reserved before a call and settled after it, once, on every database."""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from orchestrator.cost import (
    EACH_USER,
    GLOBAL,
    Budgets,
    Ledger,
    Priced,
    Reservation,
    session_scope,
    user_scope,
)
from orchestrator.errors import BudgetExceeded
from orchestrator.model import Usage
from orchestrator.tables import LEDGER

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")}


def call(number, *, micros=100, owner="ada", session="ses_1"):
    return Reservation(f"req_{number}", session, "run_1", owner, "gemini-3.8-flash", micros)


def cost(micros):
    return Priced(micros, is_estimated=False, price={"source": "test"})


@pytest.fixture
def ledger(database):
    return Ledger(database)


@pytest.fixture
def budgets(database):
    return Budgets(database)


async def standing(budgets, scope, at=NOW):
    return next(budget for budget in await budgets.all(at=at) if budget.scope == scope)


async def granted(ledger, reservation, at=NOW):
    try:
        await ledger.reserve(reservation, at=at)
    except BudgetExceeded:
        return False
    return True


async def test_thirty_reservations_of_two_processes_against_a_budget_for_ten(database_url, ledger, budgets):
    await budgets.set_limit(GLOBAL, 1000, at=NOW)
    script = str(Path(__file__).with_name("reserving.py"))
    pipe = asyncio.subprocess.PIPE
    both = [
        await asyncio.create_subprocess_exec(
            sys.executable, script, database_url, name, stdin=pipe, stdout=pipe, env=ENVIRONMENT
        )
        for name in ("one", "other")
    ]
    ready = [await process.stdout.readline() for process in both if process.stdout is not None]

    told = await asyncio.gather(*(process.communicate(b"go\n") for process in both))

    assert ready == [b"ready\n"] * 2
    assert sum(int(out) for out, _ in told) == 10
    assert (await standing(budgets, GLOBAL)).held == 1000


async def test_thirty_reservations_against_a_budget_for_ten(ledger, budgets):
    await budgets.set_limit(GLOBAL, 1000, at=NOW)

    results = await asyncio.gather(*(granted(ledger, call(number)) for number in range(30)))

    assert sum(results) == 10
    assert (await standing(budgets, GLOBAL)).held == 1000


async def test_what_was_held_beyond_the_cost_comes_back(ledger, budgets):
    await budgets.set_limit(GLOBAL, 1000, at=NOW)
    await ledger.reserve(call(1, micros=600), at=NOW)

    settled = await ledger.settle("req_1", Usage(prompt=10), cost(50), served="gemini-3.8-flash", at=NOW)

    budget = await standing(budgets, GLOBAL)
    assert settled.micros == 50
    assert (budget.spent, budget.held, budget.left) == (50, 0, 950)


async def test_a_call_is_settled_once(ledger, budgets):
    await budgets.set_limit(GLOBAL, 1000, at=NOW)
    await ledger.reserve(call(1), at=NOW)

    first = await ledger.settle("req_1", Usage(), cost(50), served="m", at=NOW)
    again = await ledger.settle("req_1", Usage(), cost(70), served="m", at=NOW)
    await ledger.void("req_1", at=NOW)

    assert (first.micros, again.micros) == (50, 50)
    assert (await standing(budgets, GLOBAL)).spent == 50


async def test_a_request_is_reserved_once(ledger, budgets):
    await budgets.set_limit(GLOBAL, 1000, at=NOW)

    await ledger.reserve(call(1), at=NOW)
    await ledger.reserve(call(1), at=NOW)

    assert (await standing(budgets, GLOBAL)).held == 100


async def test_a_call_that_was_not_made_costs_nothing(ledger, budgets):
    await budgets.set_limit(GLOBAL, 1000, at=NOW)
    await ledger.reserve(call(1), at=NOW)

    await ledger.void("req_1", at=NOW)

    budget = await standing(budgets, GLOBAL)
    assert (budget.spent, budget.held) == (0, 0)


async def test_every_budget_must_have_room_or_none_is_touched(ledger, budgets):
    await budgets.set_limit(GLOBAL, 1000, at=NOW)
    await budgets.set_limit(user_scope("ada"), 1000, at=NOW)
    await budgets.set_limit(session_scope("ses_1"), 50, at=NOW)

    with pytest.raises(BudgetExceeded, match="session:ses_1") as refusal:
        await ledger.reserve(call(1), at=NOW)

    assert refusal.value.extra["limit_micros"] == 50
    assert (await standing(budgets, GLOBAL)).held == 0
    assert (await standing(budgets, user_scope("ada"))).held == 0


async def test_a_new_month_begins_with_the_whole_limit(ledger, budgets):
    await budgets.set_limit(user_scope("ada"), 100, at=NOW)
    await ledger.reserve(call(1, micros=100), at=NOW)
    december = datetime(2026, 12, 1, tzinfo=UTC)

    assert not await granted(ledger, call(2, micros=100))
    assert await granted(ledger, call(3, micros=100), at=december)
    assert (await standing(budgets, user_scope("ada"), december)).period == "2026-12"


async def test_a_session_has_one_budget_for_all_time(ledger, budgets):
    await budgets.set_limit(session_scope("ses_1"), 100, at=NOW)
    await ledger.reserve(call(1, micros=100), at=NOW)

    assert not await granted(ledger, call(2, micros=1), at=datetime(2027, 3, 1, tzinfo=UTC))


async def test_a_person_without_a_budget_has_no_limit(ledger, budgets):
    await budgets.set_limit(user_scope("ada"), 1, at=NOW)

    assert await granted(ledger, call(1, micros=10**12, owner="grace"))


async def test_a_person_without_a_limit_has_that_of_each(ledger, budgets):
    await budgets.set_limit(EACH_USER, 100, at=NOW)
    await budgets.set_limit(user_scope("grace"), 300, at=NOW)

    assert await granted(ledger, call(1, micros=100))
    assert not await granted(ledger, call(2, micros=1))
    assert await granted(ledger, call(3, micros=300, owner="grace"))
    assert await granted(ledger, call(4, micros=100, owner="joan"))


async def test_a_budget_that_is_nearly_used_warns_once(ledger, budgets):
    await budgets.set_limit(GLOBAL, 1000, at=NOW)
    warned = []
    for number in range(4):
        await ledger.reserve(call(number, micros=250), at=NOW)
        settled = await ledger.settle(f"req_{number}", Usage(), cost(210), served="m", at=NOW)
        warned.append([budget.scope for budget in settled.warnings])

    assert warned == [[], [], [], [GLOBAL]]


async def test_a_reservation_that_nobody_settled_counts_as_spent(ledger, budgets):
    await budgets.set_limit(GLOBAL, 1000, at=NOW)
    await ledger.reserve(call(1), at=NOW)
    await ledger.reserve(call(2), at=NOW + timedelta(minutes=9))

    swept = await ledger.sweep(before=NOW + timedelta(minutes=5), at=NOW + timedelta(minutes=10))

    budget = await standing(budgets, GLOBAL)
    assert swept == 1
    assert (budget.spent, budget.held) == (100, 100)


async def test_the_ledger_and_the_budget_agree_after_a_storm(database, ledger, budgets):
    await budgets.set_limit(GLOBAL, 5000, at=NOW)

    async def one(number):
        if not await granted(ledger, call(number)):
            return
        if number % 3:
            await ledger.settle(f"req_{number}", Usage(), cost(number), served="m", at=NOW)
        else:
            await ledger.void(f"req_{number}", at=NOW)

    await asyncio.gather(*(one(number) for number in range(90)))

    async with database.reading() as connection:
        settled = await connection.scalar(
            select(func.sum(LEDGER.c.micros)).where(LEDGER.c.state == "settled")
        )
    budget = await standing(budgets, GLOBAL)
    assert (budget.spent, budget.held) == (settled, 0)
