"""Runs that outlive what happens to them: their process, their lease, their database."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest

from orchestrator.events import ModelMessage, ToolStarted
from orchestrator.running import Runner
from orchestrator.sessions import EventLog
from pyairtable_platform.kernel import Unavailable

IN_TASKS = {"base_id": "Work", "table_id": "Tasks"}
READ = {"call": [{"name": "get_records", "args": IN_TASKS | {"max_records": 1}}]}
UPDATE = {
    "call": [
        {
            "name": "update_record",
            "args": IN_TASKS | {"record_id": "recTask0000000001", "fields": {"Hours": 9}},
        }
    ]
}
SLOW = {"say": ["a"] * 100, "pause_seconds": 0.05}


async def sent(ada, number):
    while len(ada.sent) < number:
        await asyncio.sleep(0.01)


async def test_a_run_that_its_process_leaves_goes_on_in_another(agent):
    ada = await agent(READ, {"say": ["a"] * 10, "pause_seconds": 0.1})
    run = await ada.runner.start(ada.session.id, "ada", "Hello")
    await sent(ada, 2)
    await ada.runner.close(seconds=0)
    left = await ada.rest()

    other = Runner(ada.parts)
    recovered = await other.recover()
    await other.wait(ada.session.id)
    await other.close()
    told = await ada.rest()

    assert "run_finished" not in left.kinds
    assert recovered == 1
    assert told.end.run == run
    assert told.answer == "a" * 10


async def test_a_server_that_closes_lets_runs_come_to_their_end(agent):
    ada = await agent({"say": ["a"] * 5, "pause_seconds": 0.05})
    await ada.runner.start(ada.session.id, "ada", "Hello")

    await ada.runner.close(seconds=30)

    assert (await ada.rest()).end.outcome == "done"
    with pytest.raises(Unavailable):
        await ada.runner.start(ada.session.id, "ada", "Hello")


async def test_what_has_ended_is_not_recovered(agent):
    ada = await agent({"say": "x"})
    await ada.say()

    assert await ada.runner.recover() == 0


async def test_a_run_that_waits_is_not_recovered(agent):
    ada = await agent(UPDATE, {"say": "x"})
    await ada.say()

    assert await ada.runner.recover() == 0
    assert await ada.rest() == []


async def test_a_decision_that_nobody_followed_is_followed(agent):
    ada = await agent(UPDATE, {"say": "Done."})
    await ada.say()
    now = ada.parts.now()
    [approval] = await ada.parts.approvals.waiting("ada", at=now)
    await ada.parts.approvals.decide(approval.id, "ada", "approved", at=now, by="ada")

    at_once = await ada.runner.recover()
    later = Runner(replace(ada.parts, now=lambda: now + timedelta(minutes=1)))
    after_a_while = await later.recover()
    await later.wait(ada.session.id)
    await later.close()
    told = await ada.rest()

    # Whoever decided has a moment to go on themselves.
    assert (at_once, after_a_while) == (0, 1)
    assert told.end.outcome == "done"
    assert ada.records()["recTask0000000001"]["Hours"] == 9


async def test_another_process_stops_a_run(agent):
    ada = await agent(SLOW, limits={"renew_seconds": 0.02})
    await ada.runner.start(ada.session.id, "ada", "Hello")
    await sent(ada, 1)

    assert await Runner(ada.parts).cancel(ada.session.id)

    assert (await ada.rest()).end.outcome == "cancelled"


async def test_whoever_lost_the_lease_writes_nothing_more(agent):
    ada = await agent(SLOW, limits={"renew_seconds": 0.02})
    await ada.runner.start(ada.session.id, "ada", "Hello")
    await sent(ada, 1)
    later = ada.parts.now().replace(year=2100)
    await ada.parts.leases.take(ada.session.id, at=later)

    await ada.runner.wait(ada.session.id)

    assert (await ada.rest()).kinds == ["run_started", "user_message"]


class LostAnswers(EventLog):
    """Commits, and loses the answer of every commit once; or does not commit at first."""

    mode = ""
    is_next_lost = False

    @contextlib.asynccontextmanager
    async def together(self, *, waits_for_disk=True):
        self.is_next_lost = not self.is_next_lost
        if self.mode == "refused" and self.is_next_lost:
            raise Unavailable
        async with super().together(waits_for_disk=waits_for_disk):
            yield
        if self.mode == "lost" and self.is_next_lost:
            raise Unavailable


@pytest.mark.parametrize("mode", ["refused", "lost"])
async def test_a_database_that_does_not_answer_loses_and_doubles_nothing(agent, mode, database):
    ada = await agent(READ, UPDATE, {"say": "Done."}, make_log=LostAnswers)
    ada.parts.log.mode = mode

    await ada.say()
    await ada.decide("approved")

    events = [logged.event for logged in await ada.parts.log.read(ada.session.id)]
    assert [event.kind for event in events if event.kind != "cost_counted"] == [
        "run_started",
        "user_message",
        "tools_listed",
        "model_message",
        "tool_started",
        "tool_finished",
        "model_message",
        "approval_requested",
        "run_finished",
        "run_started",
        "approval_decided",
        "tool_started",
        "tool_finished",
        "model_message",
        "run_finished",
    ]
    assert len([event for event in events if isinstance(event, ModelMessage)]) == len(ada.sent) == 3
    assert len({event.call for event in events if isinstance(event, ToolStarted)}) == 2
    assert ada.records()["recTask0000000001"]["Hours"] == 9


async def test_a_database_that_stays_away_leaves_the_run_to_be_recovered(agent):
    ada = await agent(READ, {"say": "Done."}, make_log=LostAnswers, limits={"outage_seconds": 0.05})
    ada.parts.log.mode = "refused"
    ada.parts.log.is_next_lost = False
    run = await ada.runner.start(ada.session.id, "ada", "Hello")
    await ada.runner.wait(ada.session.id)
    stopped = await ada.rest()
    ada.parts.log.mode = ""

    later = ada.parts.now().replace(year=2100)
    lease = await ada.parts.leases.take(ada.session.id, at=later)
    await ada.parts.leases.leave(lease, at=ada.parts.now())
    await ada.runner.recover()
    told = await ada.rest()

    assert "run_finished" not in stopped.kinds
    assert (told.end.run, told.end.outcome) == (run, "done")
