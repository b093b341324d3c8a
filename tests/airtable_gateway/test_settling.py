"""A create whose answer was lost is never repeated: it is found, or said to be unknown."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from airtable_gateway import Endpoint, FixedEndpoint, Gateway, InvalidValue, OutcomeUnknown, RecordQuery
from airtable_gateway.clock import Clock
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from airtable_gateway.schema import FieldSchema, TableSchema
from airtable_gateway.settling.claims import Claims, MemoryClaims
from airtable_gateway.settling.likeness import is_like
from airtable_gateway.settling.redis_claims import RedisClaims

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime, Twin

TOKEN = "patTestTestTest.0123456789"


@pytest.fixture
async def hasty(twin: "Twin", time: "FakeTime") -> AsyncIterator[PyAirtableGateway]:
    """A gateway to the local Airtable, without a pace, that waits for nothing."""
    endpoints = FixedEndpoint(Endpoint(twin.url, TOKEN))
    async with PyAirtableGateway(
        endpoints, rate_limit=None, mark_field="Mark", ports=Ports(clock=time.clock)
    ) as gateway:
        await gateway.schema("Shop")
        yield gateway


def _drop(twin: "Twin", fault: str, **rule: Any) -> None:
    twin.change("PUT", "../_twin/faults", {"rules": [{"fault": fault, "method": "POST", "times": 1} | rule]})


async def _titles(gateway: Gateway) -> list[str]:
    page = await gateway.page("Shop", "Orders", RecordQuery())
    return sorted(record.fields["Title"] for record in page.records)


async def test_a_create_that_was_applied_is_found(hasty: Gateway, twin: "Twin") -> None:
    await hasty.create("Shop", "Orders", [{"Title": "Before"}])
    _drop(twin, "drop_after")

    created = await hasty.create("Shop", "Orders", [{"Title": "A", "Amount": 1}, {"Title": "B"}])

    assert [record.fields for record in created] == [{"Title": "A", "Amount": 1}, {"Title": "B"}]
    assert await _titles(hasty) == ["A", "B", "Before"]


async def test_a_create_that_cannot_be_found_is_unknown_and_tells_what_was_sent(
    hasty: Gateway, twin: "Twin"
) -> None:
    _drop(twin, "drop_before")

    with pytest.raises(OutcomeUnknown) as caught:
        await hasty.create("Shop", "Orders", [{"Title": "A"}])

    assert caught.value.sent == ({"Title": "A"},)
    assert caught.value.may_be_applied
    assert await _titles(hasty) == []


async def test_an_equal_record_of_somebody_else_makes_it_unknown(hasty: Gateway, twin: "Twin") -> None:
    twin.change("POST", f"{twin.base_id}/{twin.table_id}", {"fields": {"Title": "A"}})
    _drop(twin, "drop_after")

    with pytest.raises(OutcomeUnknown):
        await hasty.create("Shop", "Orders", [{"Title": "A"}])


async def test_an_equal_record_of_our_own_is_not_taken_for_the_lost_one(hasty: Gateway, twin: "Twin") -> None:
    [own] = await hasty.create("Shop", "Orders", [{"Title": "A"}])
    _drop(twin, "drop_after")

    [found] = await hasty.create("Shop", "Orders", [{"Title": "A"}])

    assert found.id != own.id
    assert await _titles(hasty) == ["A", "A"]


async def test_a_record_that_holds_more_than_was_sent_is_not_the_lost_one(
    hasty: Gateway, twin: "Twin"
) -> None:
    _drop(twin, "drop_before")
    twin.change(
        "PATCH",
        f"{twin.base_id}/{twin.table_id}",
        {
            "records": [{"fields": {"Title": "A", "Amount": 1}}],
            "performUpsert": {"fieldsToMergeOn": ["Title"]},
        },
    )

    with pytest.raises(OutcomeUnknown):
        await hasty.create("Shop", "Orders", [{"Title": "A"}])


async def test_identical_creates_at_once_are_made_at_most_once_each_and_a_doubtful_one_is_unknown(
    hasty: Gateway, twin: "Twin"
) -> None:
    _drop(twin, "drop_after")

    outcomes = await asyncio.gather(
        *(hasty.create("Shop", "Orders", [{"Title": "Same"}]) for _ in range(5)), return_exceptions=True
    )

    assert len(await _titles(hasty)) <= 5
    known = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert all(isinstance(outcome, OutcomeUnknown) for outcome in outcomes if outcome not in known)
    ids = [record.id for [record] in known]
    assert len(ids) == len(set(ids))


async def test_a_refused_create_is_refused(hasty: Gateway) -> None:
    with pytest.raises(InvalidValue):
        await hasty.create("Shop", "Orders", [{"Amount": "many"}])


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
async def test_with_a_mark_field_a_lost_create_is_repeated_and_made_once(
    hasty: Gateway, twin: "Twin", fault: str
) -> None:
    await hasty.create_field("Shop", "Orders", "Mark", "singleLineText")
    _drop(twin, fault, method="PATCH")

    created = await hasty.create("Shop", "Orders", [{"Title": "Same"}, {"Title": "Same"}])

    assert await _titles(hasty) == ["Same", "Same"]
    assert len({record.fields["Mark"] for record in created}) == 2


async def test_a_mark_that_the_caller_writes_is_the_callers(hasty: Gateway) -> None:
    await hasty.create_field("Shop", "Orders", "Mark", "singleLineText")

    made = [await hasty.create("Shop", "Orders", [{"Title": "A", "mark": "mine"}]) for _ in range(2)]

    assert [record.fields["Mark"] for [record] in made] == ["mine", "mine"]
    assert len({record.id for [record] in made}) == 2


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    redis = Redis(host="127.0.0.1", port=6379)
    yield redis
    await redis.aclose()


@pytest.fixture(params=["memory", "redis"])
def claims(request: pytest.FixtureRequest, redis: Redis) -> Claims:
    return (
        RedisClaims(redis, prefix=f"test:{uuid4()}:") if request.param == "redis" else MemoryClaims(Clock())
    )


async def test_a_call_has_rivals_while_another_of_its_kind_is_not_answered(claims: Claims) -> None:
    await claims.begin(["A", "B"], "one")
    await claims.begin(["B"], "two")

    assert await claims.has_rivals(["A", "B"], "one")
    assert not await claims.has_rivals(["A"], "one")
    await claims.end(["B"], "two", ["rec1"])
    assert not await claims.has_rivals(["A", "B"], "one")


async def test_records_are_claimed_together_or_not_at_all(claims: Claims) -> None:
    await claims.begin(["A"], "one")
    await claims.end(["A"], "one", ["rec1"])

    assert await claims.unclaimed(["rec1", "rec2", "rec3"]) == {"rec2", "rec3"}
    assert not await claims.claim(["rec2", "rec1"])
    assert await claims.claim(["rec2", "rec3"])
    assert not await claims.claim(["rec3"])
    assert await claims.unclaimed([]) == set()


TABLE = TableSchema(
    "tbl1",
    "Orders",
    "fld1",
    (
        FieldSchema("fld1", "Title", "singleLineText"),
        FieldSchema("fld2", "Amount", "number"),
        FieldSchema("fld3", "Due", "dateTime"),
        FieldSchema("fld4", "Tags", "multipleSelects"),
        FieldSchema("fld5", "Paid", "checkbox"),
        FieldSchema("fld6", "Total", "formula"),
        FieldSchema("fld7", "Who", "singleCollaborator"),
    ),
)


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"Title": "A"}, {"Title": "A"}),
        ({"fld1": "A", "amount": 1}, {"Title": "A", "Amount": 1.0}),
        ({"Title": "A", "Amount": None, "Tags": [], "Paid": False, "Due": ""}, {"Title": "A"}),
        ({"Title": "A"}, {"Title": "A", "Total": 7}),
        ({"Due": "2026-01-01T00:00:00Z"}, {"Due": "2026-01-01T00:00:00.000Z"}),
        ({"Due": "2026-01-01T01:00:00+01:00"}, {"Due": "2026-01-01T00:00:00.000Z"}),
        ({"Tags": ["a", "b"]}, {"Tags": ["a", "b"]}),
        ({"Who": {"id": "usr1"}}, {"Who": {"id": "usr1", "email": "a@b.c", "name": "A"}}),
        ({"Amount": 0}, {"Amount": 0}),
    ],
)
def test_a_record_is_like_what_was_sent(sent: dict[str, Any], found: dict[str, Any]) -> None:
    assert is_like(sent, found, TABLE)


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"Title": "A"}, {"Title": "a"}),
        ({"Title": "A"}, {"Title": "A", "Amount": 1}),
        ({"Title": "A", "Amount": 1}, {"Title": "A"}),
        ({"Amount": 1}, {"Amount": True}),
        ({"Paid": True}, {"Paid": 1}),
        ({"Amount": 0}, {}),
        ({"Amount": "1"}, {"Amount": 1}),
        ({"Tags": ["a", "b"]}, {"Tags": ["b", "a"]}),
        ({"Who": {"id": "usr1"}}, {"Who": {"id": "usr2"}}),
        ({"Title": "2026"}, {"Title": "2026-01-01"}),
    ],
)
def test_a_record_is_not_like_what_was_sent(sent: dict[str, Any], found: dict[str, Any]) -> None:
    assert not is_like(sent, found, TABLE)
