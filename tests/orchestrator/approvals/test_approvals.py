"""An approval is bound to one call, decided once and by its owner."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from orchestrator.approvals import (
    AlreadyDecided,
    Approval,
    ApprovalExpired,
    ApprovalNotFound,
    Approvals,
    OtherArguments,
    arguments_sha256,
)
from orchestrator.tables import SESSIONS

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ARGUMENTS = {"table_id": "Clients", "fields": {"Name": "Café"}}
APPROVAL = Approval(
    id="apr_1",
    session="ses_1",
    run="run_1",
    call="c1",
    tool="create_record",
    arguments=ARGUMENTS,
    arguments_sha256=arguments_sha256("create_record", ARGUMENTS),
    preview="+ Clients: Café",
    reason_asked="It writes.",
    requested_at=NOW,
    expires_at=NOW + timedelta(hours=1),
)


@pytest.fixture
async def approvals(database):
    async with database.writing() as connection:
        for session, owner in [("ses_1", "ada"), ("ses_2", "grace")]:
            await connection.execute(
                insert(SESSIONS).values(id=session, owner=owner, created_at=NOW, changed_at=NOW)
            )
    kept = Approvals(database)
    await kept.ask(APPROVAL)
    return kept


async def test_a_call_waits_as_it_was_asked(approvals):
    assert await approvals.get("apr_1", "ada") == APPROVAL
    assert await approvals.waiting("ada", at=NOW) == [APPROVAL]
    assert await approvals.waiting("grace", at=NOW) == []


async def test_a_call_is_asked_about_once(approvals):
    again = await approvals.ask(replace(APPROVAL, id="apr_2"))

    assert again == APPROVAL


@pytest.mark.parametrize("verdict", ["approved", "denied"])
async def test_a_decision_holds_and_may_be_told_again(approvals, verdict):
    first = await approvals.decide("apr_1", "ada", verdict, at=NOW, by="ada", reason="so it be")
    again = await approvals.decide("apr_1", "ada", verdict, at=NOW, by="ada")

    assert first.state == verdict
    assert again == first
    assert await approvals.waiting("ada", at=NOW) == []


async def test_a_decision_cannot_be_turned_round(approvals):
    await approvals.decide("apr_1", "ada", "denied", at=NOW, by="ada")

    with pytest.raises(AlreadyDecided, match="denied by ada"):
        await approvals.decide("apr_1", "ada", "approved", at=NOW, by="ada")


async def test_edited_arguments_are_what_the_call_is_made_with(approvals):
    edited = {"table_id": "Clients", "fields": {"Name": "Cafe"}}

    decided = await approvals.decide("apr_1", "ada", "edited", at=NOW, by="ada", edited_arguments=edited)

    assert decided.is_granted
    assert decided.granted_arguments == edited
    with pytest.raises(AlreadyDecided):
        await approvals.decide("apr_1", "ada", "edited", at=NOW, by="ada", edited_arguments=ARGUMENTS)


async def test_only_the_owner_of_the_session_decides(approvals):
    with pytest.raises(ApprovalNotFound):
        await approvals.decide("apr_1", "grace", "approved", at=NOW, by="grace")


async def test_a_decision_about_other_arguments_is_none(approvals):
    with pytest.raises(OtherArguments):
        await approvals.decide("apr_1", "ada", "approved", at=NOW, by="ada", seen_sha256="0" * 64)

    decided = await approvals.decide(
        "apr_1", "ada", "approved", at=NOW, by="ada", seen_sha256=APPROVAL.arguments_sha256
    )
    assert decided.is_granted


async def test_time_decides_when_nobody_does(approvals):
    late = NOW + timedelta(hours=1)

    with pytest.raises(ApprovalExpired):
        await approvals.decide("apr_1", "ada", "approved", at=late, by="ada")
    assert [one.state for one in await approvals.expire(at=late)] == ["expired"]
    assert await approvals.expire(at=late) == []
    with pytest.raises(ApprovalExpired):
        await approvals.decide("apr_1", "ada", "approved", at=NOW, by="ada")


async def test_of_two_decisions_at_once_one_holds(approvals):
    results = await asyncio.gather(
        approvals.decide("apr_1", "ada", "approved", at=NOW, by="ada"),
        approvals.decide("apr_1", "ada", "denied", at=NOW, by="ada"),
        return_exceptions=True,
    )

    assert sorted(type(result).__name__ for result in results) == ["AlreadyDecided", "Approval"]


def test_the_hash_knows_the_call_and_not_the_order_of_its_keys():
    turned = dict(reversed(ARGUMENTS.items()))

    assert arguments_sha256("create_record", turned) == APPROVAL.arguments_sha256
    assert arguments_sha256("update_record", ARGUMENTS) != APPROVAL.arguments_sha256
    assert arguments_sha256("create_record", {**ARGUMENTS, "typecast": True}) != APPROVAL.arguments_sha256


async def test_a_decision_is_left_only_once_nothing_else_of_its_session_waits(approvals):
    other = replace(APPROVAL, id="apr_2", call="c2", expires_at=NOW + timedelta(hours=2))
    await approvals.ask(other)
    await approvals.decide("apr_1", "ada", "approved", at=NOW + timedelta(seconds=1), by="ada")

    assert await approvals.left(at=NOW + timedelta(minutes=1)) == []
    assert await approvals.left(at=NOW + timedelta(hours=3)) == [("ses_1", "ada")]
