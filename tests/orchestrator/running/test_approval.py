"""A person in control of writes: nothing is written that nobody approved, and nothing twice."""

import asyncio
from typing import Any

import pytest
import requests

from orchestrator.events import ApprovalDecided, ApprovalRequested, ToolFinished, ToolStarted
from orchestrator.sessions import EventLog, SessionBusy
from orchestrator.toolbox import Preview

IN_TASKS = {"base_id": "Work", "table_id": "Tasks"}
FIRST = "recTask0000000001"
SECOND = "recTask0000000002"
DONE = {"say": "Done."}


def an_update(hours=9, record=FIRST):
    return {"name": "update_record", "args": IN_TASKS | {"record_id": record, "fields": {"Hours": hours}}}


def a_deletion(record=FIRST):
    return {"name": "delete_record", "args": IN_TASKS | {"record_id": record}}


READ = {"name": "get_records", "args": IN_TASKS | {"max_records": 1}}


def answers(body):
    return [part["functionResponse"]["response"] for part in body["contents"][-1]["parts"]]


async def test_a_write_waits_and_changes_nothing(agent):
    ada = await agent({"call": [an_update()]}, DONE)

    told = await ada.say("Change it.")

    assert told.end.outcome == "waiting"
    [asked] = told.of(ApprovalRequested)
    assert asked.tool == "update_record"
    assert asked.arguments["fields"] == {"Hours": 9}
    assert told.of(ToolStarted) == []
    assert ada.records()[FIRST]["Hours"] == 1


async def test_an_approved_write_is_made_once_and_the_run_goes_on(agent):
    ada = await agent({"call": [an_update()]}, DONE)
    await ada.say("Change it.")

    told = await ada.decide("approved")

    assert told.kinds == [
        "run_started",
        "approval_decided",
        "tool_started",
        "tool_finished",
        "model_message",
        "run_finished",
    ]
    assert told.end.outcome == "done"
    assert told.of(ToolStarted)[0].key.startswith(f"{ada.session.id}:")
    assert ada.records()[FIRST]["Hours"] == 9


async def test_reads_of_the_same_reply_are_answered_before_the_run_waits(agent):
    ada = await agent({"call": [an_update(), READ]}, DONE)

    told = await ada.say()

    assert [event.tool for event in told.of(ToolFinished)] == ["get_records"]
    assert told.end.outcome == "waiting"


async def test_a_denial_reaches_the_model_with_its_reason(agent):
    ada = await agent({"call": [an_update()]}, DONE)
    await ada.say()

    told = await ada.decide("denied", reason="Not on a Friday.")

    assert "Not on a Friday." in answers(ada.sent[-1])[0]["error"]
    assert told.end.outcome == "done"
    assert ada.records()[FIRST]["Hours"] == 1


async def test_an_edited_call_is_made_as_it_was_edited(agent):
    ada = await agent({"call": [an_update()]}, DONE)
    await ada.say()

    await ada.decide("edited", edited_arguments=IN_TASKS | {"record_id": SECOND, "fields": {"Hours": 5}})

    assert ada.records()[FIRST]["Hours"] == 1
    assert ada.records()[SECOND]["Hours"] == 5
    assert answers(ada.sent[-1])[0]["arguments_used"]["record_id"] == SECOND


async def test_all_writes_of_a_reply_wait_together_and_are_made_in_order(agent):
    ada = await agent({"call": [an_update(7), an_update(8), an_update(9)]}, DONE)
    waiting = await ada.say()

    told = await ada.decide("approved")

    assert len(waiting.of(ApprovalRequested)) == 3
    assert [event.arguments["fields"]["Hours"] for event in told.of(ToolStarted)] == [7, 8, 9]
    assert [event.kind for event in told if event.kind.startswith("tool_")] == [
        "tool_started",
        "tool_finished",
    ] * 3
    assert ada.records()[FIRST]["Hours"] == 9


async def test_all_writes_of_a_reply_are_rehearsed_together(agent, monkeypatch):
    ada = await agent({"call": [an_update(), an_update(5, SECOND), a_deletion()]}, DONE)
    all_three = asyncio.Barrier(3)

    async def preview(call):
        await asyncio.wait_for(all_three.wait(), 10)
        return Preview(f"{call.name} of {call.arguments['record_id']}")

    monkeypatch.setattr(ada.toolbox, "preview", preview)

    told = await ada.say()

    assert [asked.preview for asked in told.of(ApprovalRequested)] == [
        f"update_record of {FIRST}",
        f"update_record of {SECOND}",
        f"delete_record of {FIRST}",
    ]


async def test_a_run_is_cancelled_while_a_write_is_rehearsed(agent, monkeypatch):
    ada = await agent({"call": [an_update()]}, DONE)
    rehearsing = asyncio.Event()

    async def preview(_):
        rehearsing.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(ada.toolbox, "preview", preview)
    await ada.runner.start(ada.session.id, "ada", "Change it.")
    await rehearsing.wait()

    await ada.runner.cancel(ada.session.id)

    assert (await ada.rest()).end.outcome == "cancelled"
    assert await ada.parts.approvals.waiting("ada", at=ada.parts.now()) == []


async def test_while_one_call_waits_nothing_goes_on(agent):
    ada = await agent({"call": [an_update(), an_update(5, SECOND)]}, DONE)
    await ada.say()
    now = ada.parts.now()
    first, _ = await ada.parts.approvals.waiting("ada", at=now)
    await ada.parts.approvals.decide(first.id, "ada", "approved", at=now, by="ada")

    assert await ada.runner.resume(ada.session.id, "ada") is None

    assert await ada.rest() == []
    assert ada.records()[FIRST]["Hours"] == 1
    assert (await ada.decide("denied")).end.outcome == "done"
    assert (ada.records()[FIRST]["Hours"], ada.records()[SECOND]["Hours"]) == (9, 2)


async def test_resuming_again_does_nothing_again(agent):
    ada = await agent({"call": [an_update()]}, DONE)
    await ada.say()
    await ada.decide("approved")

    assert await ada.runner.resume(ada.session.id, "ada") is None
    assert await ada.rest() == []


async def test_an_approval_that_nobody_gave_in_time_is_none(agent):
    from datetime import timedelta

    ada = await agent({"call": [an_update()]}, DONE, limits={"approval_lives": timedelta(0)})
    await ada.say()

    assert await ada.runner.resume(ada.session.id, "ada")
    told = await ada.rest()

    assert told.of(ApprovalDecided)[0].decision == "expired"
    assert "in time" in answers(ada.sent[-1])[0]["error"]
    assert ada.records()[FIRST]["Hours"] == 1


async def test_whoever_goes_on_without_deciding_has_denied(agent):
    ada = await agent(
        document={
            "conversations": [
                {"when": "change", "turns": [{"call": [an_update()]}]},
                {"when": "else", "turns": [{"say": "Fine."}]},
            ]
        }
    )
    await ada.say("change")

    told = await ada.say("something else")

    assert told.answer == "Fine."
    assert await ada.parts.approvals.waiting("ada", at=ada.parts.now()) == []
    assert (
        "went on without deciding"
        in ada.sent[-1]["contents"][2]["parts"][0]["functionResponse"]["response"]["error"]
    )
    assert ada.records()[FIRST]["Hours"] == 1


async def test_a_grant_is_an_approval_given_beforehand(agent):
    ada = await agent({"call": [an_update()]}, DONE)
    await ada.grant("update_record", table="Tasks")

    told = await ada.say()

    assert told.end.outcome == "done"
    assert ada.records()[FIRST]["Hours"] == 9


@pytest.mark.parametrize(
    ("call", "granted"),
    [
        (a_deletion(), {"table": "Tasks"}),
        (an_update(), {"table": "Projects"}),
        (
            {
                "name": "batch_update_records",
                "args": IN_TASKS | {"records": [{"id": FIRST, "fields": {}}] * 2},
            },
            {},
        ),
    ],
)
async def test_a_grant_holds_for_no_more_than_it_says(agent, call, granted):
    ada = await agent({"call": [call]}, DONE)
    await ada.grant("update_record", "delete_record", "batch_update_records", **granted)

    told = await ada.say()

    assert told.end.outcome == "waiting"


LABEL = {"name": "Label", "type": "singleSelect", "options": {"choices": [{"name": "Late"}]}}
FEWER = {"name": "update_field", "args": IN_TASKS | {"field": "Label", "options": {"choices": []}}}


async def test_a_grant_lets_no_choices_be_removed_until_the_person_agrees(agent):
    ada = await agent({"call": [FEWER]}, DONE, toolsets=["all"])
    place = f"{ada.airtable}/v0/meta/bases/appWork0000000001/tables/tblTasks000000001/fields"
    made = requests.post(place, json=LABEL, headers={"Authorization": "Bearer pat"}, timeout=10)
    assert made.status_code == 200
    await ada.grant("update_field")

    told = await ada.say("Change the field.")

    assert told.end.outcome == "waiting"
    assert "Late" in told.of(ApprovalRequested)[0].preview
    assert (await ada.decide("approved")).of(ToolFinished)[0].error == ""


async def test_a_grant_does_not_hold_once_text_from_outside_came_in(agent):
    ada = await agent({"call": [an_update()]}, DONE)
    await ada.grant("update_record")
    await ada.parts.sessions.taint(ada.session.id)

    told = await ada.say()

    assert told.end.outcome == "waiting"
    assert ada.records()[FIRST]["Hours"] == 1


async def test_a_granted_write_beside_one_that_waits_is_made_in_its_place(agent):
    ada = await agent({"call": [a_deletion(SECOND), an_update()]}, DONE)
    await ada.grant("update_record")

    waiting = await ada.say()
    before = ada.records()
    told = await ada.decide("approved")

    assert [asked.tool for asked in waiting.of(ApprovalRequested)] == ["delete_record"]
    assert before[FIRST]["Hours"] == 1
    assert [event.tool for event in told.of(ToolStarted)] == ["delete_record", "update_record"]


async def test_a_deletion_is_made_when_it_was_approved(agent):
    ada = await agent({"call": [a_deletion()]}, DONE)
    await ada.say()

    told = await ada.decide("approved")

    assert told.of(ToolFinished)[0].error == ""
    assert FIRST not in ada.records()


async def test_a_run_that_waits_can_be_given_up(agent):
    ada = await agent({"call": [an_update()]}, DONE)
    await ada.say()

    assert await ada.runner.cancel(ada.session.id) is False
    assert ada.records()[FIRST]["Hours"] == 1


class Quick(EventLog):
    """A log with somebody who approves each call as soon as it is told, while the run is still under way."""

    approve: Any = None

    async def tell(self, logged):
        await super().tell(logged)
        for one in logged:
            if isinstance(one.event, ApprovalRequested):
                await self.approve(one.event.approval)


async def test_a_decision_that_comes_before_the_run_rests_is_followed(agent):
    ada = await agent({"call": [an_update()]}, DONE, make_log=Quick)

    async def approve(id):
        await ada.parts.approvals.decide(id, "ada", "approved", at=ada.parts.now(), by="ada")
        with pytest.raises(SessionBusy):
            await ada.runner.resume(ada.session.id, "ada")

    ada.parts.log.approve = approve

    first = await ada.say("Change it.")
    second = await ada.rest()

    assert [*first, *second][-1].outcome == "done"
    assert ada.records()[FIRST]["Hours"] == 9
