"""What is sent again when Airtable, or the way to it, fails; and what never is."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest

from airtable_gateway import (
    Gateway,
    OutcomeUnknown,
    RecordChange,
    RecordNotFound,
    RecordQuery,
    TooManyRequests,
    Unreachable,
    bulk,
)

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime, ScriptedAirtable

BASE, TABLE, RECORD, FIELD = (
    "appTestTestTest01",
    "tblTestTestTest01",
    "recTestTestTest01",
    "fldTestTestTest01",
)
RECORDS = f"/v0/{BASE}/{TABLE}"
ONE = f"{RECORDS}/{RECORD}"
MODEL = {"id": RECORD, "createdTime": "2026-01-01T00:00:00.000Z", "fields": {"Name": "Ada"}}
MANY = {"records": [MODEL]}
TOO_MANY = (429, {"error": {"type": "RATE_LIMIT_REACHED", "message": "Rate limit exceeded."}})
AGAIN_IN_2 = (*TOO_MANY, {"Retry-After": "2"})
AWAY = (503, {"error": {"type": "RETRIABLE_ERROR", "message": "It is safe to retry the request"}})


async def _create(gateway: Gateway) -> Any:
    return await gateway.create(BASE, TABLE, [{FIELD: 1}])


async def _update(gateway: Gateway) -> Any:
    return await gateway.update(BASE, TABLE, [RecordChange(RECORD, {FIELD: 1})])


async def _upsert(gateway: Gateway) -> Any:
    return await gateway.upsert(BASE, TABLE, [{FIELD: 1}], merge_on=[FIELD])


async def _delete(gateway: Gateway) -> Any:
    return await gateway.delete(BASE, TABLE, [RECORD])


UPSERTED = MANY | {"createdRecords": [], "updatedRecords": [RECORD]}
DELETED = {"records": [{"id": RECORD, "deleted": True}]}
REPEATABLE: dict[str, tuple[Callable[[Gateway], Awaitable[Any]], str, dict[str, Any]]] = {
    "update": (_update, "PATCH", MANY),
    "upsert": (_upsert, "PATCH", UPSERTED),
    "delete": (_delete, "DELETE", DELETED),
}


async def test_a_read_is_repeated_after_the_seconds_that_airtable_names(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"GET {ONE}", AGAIN_IN_2, MODEL)

    record = await gateway.record(BASE, TABLE, RECORD)

    assert record.fields == {"Name": "Ada"}
    assert sum(time.slept) == pytest.approx(2, abs=0.01)


async def test_without_a_word_of_airtable_the_documented_thirty_seconds_are_waited(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"GET {ONE}", TOO_MANY, MODEL)

    await gateway.record(BASE, TABLE, RECORD)

    assert sum(time.slept) == pytest.approx(30)


@pytest.mark.parametrize("write", REPEATABLE)
async def test_a_write_that_finds_its_records_is_repeated_after_a_429(
    gateway: Gateway, airtable: "ScriptedAirtable", write: str
) -> None:
    do, method, answer = REPEATABLE[write]
    airtable.on(f"{method} {RECORDS}", AGAIN_IN_2, answer)

    assert await do(gateway)
    assert airtable.count(f"{method} {RECORDS}") == 2


async def test_waiting_for_airtable_ends_when_the_budget_is_spent(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"GET {ONE}", TOO_MANY)

    with pytest.raises(TooManyRequests) as caught:
        await gateway.record(BASE, TABLE, RECORD)

    assert caught.value.retry_after_seconds == 30
    assert airtable.count(f"GET {ONE}") == 3
    assert sum(time.slept) == pytest.approx(60)


async def test_a_zero_wait_does_not_make_a_storm(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"GET {ONE}", (*TOO_MANY, {"Retry-After": "0"}))

    with pytest.raises(TooManyRequests):
        await gateway.record(BASE, TABLE, RECORD)

    assert airtable.count(f"GET {ONE}") < 25


async def test_after_a_429_nobody_calls_that_base_until_the_time_is_over(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"POST {RECORDS}", (*TOO_MANY, {"Retry-After": "90"}))
    airtable.on(f"GET {ONE}", MODEL)
    airtable.on(f"GET /v0/appOtherOtherOth1/{TABLE}/{RECORD}", MODEL)

    with pytest.raises(TooManyRequests):
        await _create(gateway)
    await gateway.record("appOtherOtherOth1", TABLE, RECORD)
    waited_by_the_other_base = sum(time.slept)
    with bulk():
        await gateway.record(BASE, TABLE, RECORD)

    assert waited_by_the_other_base == 0
    assert sum(time.slept) == pytest.approx(90)


async def test_a_base_that_is_held_for_long_is_refused_at_once(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"GET {ONE}", (*TOO_MANY, {"Retry-After": "600"}), MODEL)

    for _ in range(2):
        with pytest.raises(TooManyRequests) as caught:
            await gateway.record(BASE, TABLE, RECORD)
        assert caught.value.retry_after_seconds == pytest.approx(600)

    assert airtable.count(f"GET {ONE}") == 1
    assert time.slept == []


async def test_a_used_up_month_is_neither_waited_for_nor_held_against_the_base(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    spent = {"type": "PUBLIC_API_BILLING_LIMIT_EXCEEDED", "message": "API billing plan limit exceeded."}
    airtable.on(f"GET {ONE}", (429, {"error": spent}), MODEL)

    with pytest.raises(TooManyRequests, match="billing plan limit") as caught:
        await gateway.record(BASE, TABLE, RECORD)

    assert "month" in caught.value.hint
    assert (await gateway.record(BASE, TABLE, RECORD)).id == RECORD
    assert time.slept == []


@pytest.mark.parametrize("fault", [AWAY, (502, "<html>Bad gateway</html>"), "drop", "cut"])
async def test_a_read_is_repeated_when_no_whole_answer_came(
    gateway: Gateway, airtable: "ScriptedAirtable", fault: Any
) -> None:
    airtable.on(f"GET {RECORDS}", fault, fault, MANY)

    page = await gateway.page(BASE, TABLE, RecordQuery())

    assert [record.id for record in page.records] == [RECORD]
    assert airtable.count(f"GET {RECORDS}") == 3


async def test_a_read_is_given_up_after_some_repeats_that_come_ever_later(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"GET {ONE}", "drop")

    with pytest.raises(Unreachable, match="was lost"):
        await gateway.record(BASE, TABLE, RECORD)

    assert airtable.count(f"GET {ONE}") == 5
    assert 0.1 <= time.slept[0] <= 0.3
    assert 0.4 <= time.slept[2] <= 1.2


@pytest.mark.parametrize("fault", [(502, ""), (500, ""), (500, {"error": "SERVER_ERROR"}), "drop", "cut"])
async def test_a_create_that_may_have_been_applied_is_never_repeated_and_never_called_failed(
    gateway: Gateway, airtable: "ScriptedAirtable", fault: Any
) -> None:
    airtable.on(f"POST {RECORDS}", fault, MANY)

    with pytest.raises(OutcomeUnknown, match="may have been applied") as caught:
        await _create(gateway)

    assert airtable.count(f"POST {RECORDS}") == 1
    assert caught.value.may_be_applied


@pytest.mark.parametrize("fault", [AWAY, AGAIN_IN_2])
async def test_a_create_that_was_surely_not_applied_is_repeated(
    gateway: Gateway, airtable: "ScriptedAirtable", fault: Any
) -> None:
    airtable.on(f"POST {RECORDS}", fault, MANY)

    [record] = await _create(gateway)

    assert record.id == MODEL["id"]
    assert airtable.count(f"POST {RECORDS}") == 2


async def test_new_tables_and_fields_are_never_asked_for_twice(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    tables = f"POST /v0/meta/bases/{BASE}/tables"
    airtable.on(tables, "drop", {})
    airtable.on(f"{tables}/{TABLE}/fields", "drop", {})

    with pytest.raises(Unreachable):
        await gateway.create_table(BASE, "New", [])
    with pytest.raises(Unreachable):
        await gateway.create_field(BASE, TABLE, "New", "number")

    assert (airtable.count(tables), airtable.count(f"{tables}/{TABLE}/fields")) == (1, 1)


@pytest.mark.parametrize("fault", [AWAY, "drop", "cut", (502, "")])
@pytest.mark.parametrize("write", REPEATABLE)
async def test_a_write_that_twice_is_as_once_is_repeated_when_the_answer_was_lost(
    gateway: Gateway, airtable: "ScriptedAirtable", write: str, fault: Any
) -> None:
    do, method, answer = REPEATABLE[write]
    airtable.on(f"{method} {RECORDS}", fault, answer)

    await do(gateway)

    assert airtable.count(f"{method} {RECORDS}") == 2


@pytest.mark.parametrize("write", REPEATABLE)
async def test_a_write_that_is_given_up_says_that_an_earlier_attempt_may_have_been_applied(
    gateway: Gateway, airtable: "ScriptedAirtable", write: str
) -> None:
    do, method, _ = REPEATABLE[write]
    airtable.on(f"{method} {RECORDS}", "drop", (*TOO_MANY, {"Retry-After": "600"}))

    with pytest.raises(Unreachable, match="may have been applied") as caught:
        await do(gateway)

    assert caught.value.may_be_applied


async def test_a_delete_whose_answer_was_lost_is_done_when_the_records_are_gone(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    gone = {"type": "ROW_DOES_NOT_EXIST", "message": f"Record ID {RECORD} does not exist in this table"}
    airtable.on(f"DELETE {RECORDS}", "drop", (422, {"error": gone}))
    airtable.on(f"GET {RECORDS}", {"records": []})

    assert await _delete(gateway) == [RECORD]


async def test_a_delete_of_what_was_never_there_is_an_error_also_after_a_busy_moment(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    gone = {"type": "ROW_DOES_NOT_EXIST", "message": f"Record ID {RECORD} does not exist in this table"}
    airtable.on(f"DELETE {RECORDS}", AGAIN_IN_2, (422, {"error": gone}))
    airtable.on(f"GET {RECORDS}", {"records": []})

    with pytest.raises(RecordNotFound):
        await _delete(gateway)


async def test_airtables_word_when_to_come_again_is_kept_to_after_a_503(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"GET {ONE}", (*AWAY, {"Retry-After": "7"}), MODEL)

    await gateway.record(BASE, TABLE, RECORD)

    assert sum(time.slept) == pytest.approx(7)
