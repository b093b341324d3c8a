"""Money: no model call without room for it, and everything that was used is counted, once."""

import asyncio

import pytest
from sqlalchemy import select

from orchestrator.cost import GLOBAL, session_scope
from orchestrator.events import BudgetWarned, CostCounted
from orchestrator.tables import LEDGER

READ = {"call": [{"name": "list_tables", "args": {"base_id": "Work"}}]}
# gemini-3.8-flash until 2026-12-31: $0.75 in, $3.75 out a million tokens; from then on twice that.
USED = {"prompt": 1_000_000, "output": 0}


async def ledger(ada):
    async with ada.database.reading() as connection:
        return list(await connection.execute(select(LEDGER)))


async def standing(ada, scope=GLOBAL):
    [budget] = await ada.budgets.all(at=ada.parts.now(), scopes=[scope])
    return budget


async def test_without_room_the_model_is_not_asked(agent):
    ada = await agent({"say": "x"})
    await ada.budgets.set_limit(GLOBAL, 100, at=ada.parts.now())

    told = await ada.say()

    assert (told.end.outcome, told.end.code) == ("stopped", "budget_exceeded")
    assert ada.sent == []
    assert await ledger(ada) == []


async def test_a_budget_that_runs_out_between_calls_leaves_a_valid_history(agent):
    ada = await agent(READ | {"usage": USED}, {"say": "x"})
    await ada.budgets.set_limit(session_scope(ada.session.id), 500_000, at=ada.parts.now())

    told = await ada.say()

    assert "tool_finished" in told.kinds
    assert (told.end.outcome, told.end.code) == ("stopped", "budget_exceeded")
    assert len(ada.sent) == 1


async def test_a_run_costs_no_more_than_the_person_said(agent):
    ada = await agent(READ, {"say": "x"})

    told = await ada.say(budget_micros=10)

    assert (told.end.outcome, told.end.code) == ("stopped", "limit_money")
    assert ada.sent == []


async def test_what_was_used_is_counted_by_the_providers_own_figures(agent):
    counted = {"prompt": 1000, "cached": 200, "output": 100, "thinking": 50, "tool": 10}
    ada = await agent({"say": "x", "usage": counted})
    await ada.budgets.set_limit(GLOBAL, 10_000_000, at=ada.parts.now())

    told = await ada.say()

    [row] = await ledger(ada)
    assert (row.state, row.is_estimated) == ("settled", False)
    assert (row.prompt_tokens, row.cached_tokens, row.output_tokens) == (1000, 200, 100)
    assert (row.thinking_tokens, row.tool_tokens) == (50, 10)
    budget = await standing(ada)
    assert (budget.spent, budget.held) == (row.micros, 0)
    assert told.of(CostCounted)[0].micros == row.micros == told.end.micros


async def test_a_budget_that_is_nearly_used_warns_once(agent):
    ada = await agent(
        document={"conversations": [{"turns": [{"say": "x", "usage": {"prompt": 1_000_000, "output": 0}}]}]}
    )
    await ada.budgets.set_limit(GLOBAL, 1_800_000, at=ada.parts.now().replace(year=2026, month=11))

    told = [await ada.say(str(number)) for number in range(2)]

    assert sum(len(one.of(BudgetWarned)) for one in told) <= 1


@pytest.mark.parametrize(
    ("turn", "state", "is_estimated"),
    [
        # Refused before anything was made: surely not billed.
        ({"say": "x", "faults": [{"status": 400}]}, "void", False),
        ({"say": "x", "faults": [{"status": 429}] * 9}, "void", False),
        # Begun and broken off: by the last usage that was told.
        ({"say": ["a", "b"], "faults": [{"drop": 1}]}, "settled", False),
        ({"say": "x", "finish": "SAFETY"}, "settled", False),
        # Taken and dropped before a word: nobody knows, so it is guessed.
        ({"say": "x", "faults": [{"drop": 0}] * 9}, "settled", True),
    ],
)
async def test_failures_cost_what_they_cost(agent, turn, state, is_estimated):
    ada = await agent(turn)

    told = await ada.say()

    [row] = await ledger(ada)
    assert told.end.outcome == "failed"
    assert (row.state, row.is_estimated) == (state, is_estimated)
    assert (row.micros > 0) == (state == "settled")
    assert told.end.micros == row.micros


async def test_a_cancelled_call_is_paid_by_a_guess(agent):
    ada = await agent({"say": ["a"] * 100, "pause_seconds": 0.05})
    await ada.budgets.set_limit(GLOBAL, 10_000_000, at=ada.parts.now())
    await ada.runner.start(ada.session.id, "ada", "Hello")
    while not ada.sent:
        await asyncio.sleep(0.01)

    await ada.runner.cancel(ada.session.id)
    told = await ada.rest()

    [row] = await ledger(ada)
    budget = await standing(ada)
    assert (row.state, row.is_estimated) == ("settled", True)
    [counted] = told.of(CostCounted)
    assert (counted.micros, counted.is_estimated, told.end.micros) == (row.micros, True, row.micros)
    assert (budget.spent, budget.held) == (row.micros, 0)


async def test_the_model_that_served_is_the_one_that_is_paid(agent):
    ada = await agent({"say": "x", "served": "gemini-3.5-flash-lite", "usage": USED})

    await ada.say()

    [row] = await ledger(ada)
    # docs: gemini-3.5-flash-lite, $0.30 a million tokens in
    assert (row.model_requested, row.model_served) == ("gemini-3.8-flash", "gemini-3.5-flash-lite")
    assert row.micros == 300_000
