"""What time brings about is done at the start and again and again, without anybody asking."""

import asyncio
from datetime import timedelta

from orchestrator.cost import GLOBAL, Reservation
from orchestrator.running import tidied


async def test_sessions_end_and_open_reservations_are_counted_at_the_start(agent):
    ada = await agent({"say": "Hello."})
    long_ago = ada.parts.now() - timedelta(hours=1)
    short = await ada.parts.sessions.create("ada", at=long_ago, lives=timedelta(minutes=5))
    await ada.budgets.set_limit(GLOBAL, 1000, at=long_ago)
    await ada.parts.ledger.reserve(Reservation("req_1", short.id, "run", "ada", "m", 100), at=long_ago)

    async with tidied(ada.parts):
        left = [session.id for session in await ada.parts.sessions.list("ada")]

    [budget] = await ada.budgets.all(at=ada.parts.now(), scopes=[GLOBAL])
    assert left == [ada.session.id]
    assert (budget.spent, budget.held) == (100, 0)


async def test_a_session_that_ends_later_is_removed_then(agent):
    ada = await agent({"say": "Hello."})
    short = await ada.parts.sessions.create("ada", at=ada.parts.now(), lives=timedelta(milliseconds=1))

    async with tidied(ada.parts, every_seconds=0.01), asyncio.timeout(10):
        while short.id in [session.id for session in await ada.parts.sessions.list("ada")]:
            await asyncio.sleep(0)
