"""A base that does not answer is left alone for a while; then one call alone finds out whether it does."""

import asyncio
from typing import TYPE_CHECKING

import pytest

from airtable_gateway import Gateway, OutOfOrder, Unreachable
from airtable_gateway.errors import InvalidRequest, TooManyRequests
from airtable_gateway.traffic.breaker import FAILURES, REST_SECONDS, Breaker

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime, ScriptedAirtable

BASE, TABLE, RECORD = "appTestTestTest01", "tblTestTestTest01", "recTestTestTest01"
ONE = f"/v0/{BASE}/{TABLE}/{RECORD}"
MODEL = {"id": RECORD, "createdTime": "2026-01-01T00:00:00.000Z", "fields": {}}


def _fail(breaker: Breaker, times: int) -> None:
    for number in range(times):
        breaker.admit("app1", number)
        breaker.note("app1", number, Unreachable("No answer."))


def test_some_failures_in_a_row_open_it_for_that_base_alone(time: "FakeTime") -> None:
    breaker = Breaker(time.clock)
    _fail(breaker, FAILURES)

    with pytest.raises(OutOfOrder) as caught:
        breaker.admit("app1", "another")
    breaker.admit("app2", "another")

    assert not caught.value.may_be_applied
    assert caught.value.retry_after_seconds == pytest.approx(REST_SECONDS)


@pytest.mark.parametrize(
    "answer", [None, InvalidRequest("No."), TooManyRequests("Wait.", retry_after_seconds=30)]
)
def test_any_answer_in_between_begins_the_count_anew(time: "FakeTime", answer: Exception | None) -> None:
    breaker = Breaker(time.clock)
    for _ in range(3):
        _fail(breaker, FAILURES - 1)
        breaker.note("app1", "answered", answer)

    assert breaker.state("app1") == "closed"


def test_after_a_rest_one_call_tries_and_closes_it(time: "FakeTime") -> None:
    states: list[str] = []
    breaker = Breaker(time.clock, lambda _, state: states.append(state))
    _fail(breaker, FAILURES)
    time.now += REST_SECONDS

    breaker.admit("app1", "probe")
    with pytest.raises(OutOfOrder):
        breaker.admit("app1", "another")
    breaker.note("app1", "probe", None)
    breaker.admit("app1", "another")

    assert states == ["open", "half_open", "closed"]


def test_a_try_that_fails_opens_it_again_and_a_late_answer_of_before_does_not_close_it(
    time: "FakeTime",
) -> None:
    breaker = Breaker(time.clock)
    breaker.admit("app1", "slow")
    _fail(breaker, FAILURES)
    breaker.note("app1", "slow", None)
    time.now += REST_SECONDS
    breaker.admit("app1", "probe")
    breaker.note("app1", "probe", Unreachable("No answer."))

    with pytest.raises(OutOfOrder):
        breaker.admit("app1", "another")


def test_a_try_that_is_cancelled_leaves_it_to_the_next_call(time: "FakeTime") -> None:
    breaker = Breaker(time.clock)
    _fail(breaker, FAILURES)
    time.now += REST_SECONDS
    breaker.admit("app1", "probe")
    breaker.note("app1", "probe", asyncio.CancelledError())

    breaker.admit("app1", "next")

    assert breaker.state("app1") == "half_open"


async def test_a_base_that_is_out_of_order_is_not_asked_until_it_may_have_come_back(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"GET {ONE}", *["drop"] * FAILURES, MODEL)
    with pytest.raises(Unreachable):
        await gateway.record(BASE, TABLE, RECORD)

    with pytest.raises(OutOfOrder):
        await gateway.record(BASE, TABLE, RECORD)
    asked = airtable.count(f"GET {ONE}")
    time.now += REST_SECONDS

    assert (await gateway.record(BASE, TABLE, RECORD)).id == RECORD
    assert asked == FAILURES
