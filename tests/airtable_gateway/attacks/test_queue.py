"""A queue under attack: callers who go away, whose time is over, who are many."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

from airtable_gateway import (
    Endpoint,
    FixedEndpoint,
    Gateway,
    NoTurn,
    RecordChange,
    TooManyRequests,
    bulk,
    calling,
)
from airtable_gateway.clock import Clock
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime, Recorded, ScriptedAirtable, Twin

BASE, TABLE, FIELD = "appTestTestTest01", "tblTestTestTest01", "fldTestTestTest01"
RECORDS = f"/v0/{BASE}/{TABLE}"
TOKEN = "patTestTestTest.0123456789"
MODEL = {"id": "rec1", "createdTime": "2026-01-01T00:00:00.000Z", "fields": {}}


@pytest.fixture
async def paced(airtable: "ScriptedAirtable", time: "FakeTime") -> AsyncIterator[PyAirtableGateway]:
    """A gateway at one call a second, with one thread, so that calls do not overtake each other."""
    endpoints = FixedEndpoint(Endpoint(airtable.url, TOKEN))
    ports = Ports(clock=time.clock)
    async with PyAirtableGateway(endpoints, rate_limit=1, threads=1, ports=ports) as gateway:
        yield gateway


CROWD = 500


def names(airtable: "ScriptedAirtable") -> list[str]:
    return [seen.body["records"][0]["fields"][FIELD] for seen in airtable.requests]


async def upsert(gateway: Gateway, name: str, caller: str = "") -> None:
    """A call that never joins others."""
    with calling(caller):
        await gateway.upsert(BASE, TABLE, [{FIELD: name}], merge_on=[FIELD])


async def test_whoever_has_less_time_is_not_kept_by_one_who_has_more(
    airtable: "ScriptedAirtable", twin: "Twin"
) -> None:
    asleep = asyncio.Event()
    now = [0.0]

    async def sleep(seconds: float) -> None:
        asleep.set()
        await asyncio.sleep(3600)

    clock = Clock(lambda: now[0], sleep)
    airtable.on(
        f"GET {RECORDS}/rec1", (429, {"error": {"type": "RATE_LIMIT_REACHED"}}, {"Retry-After": "300"})
    )
    endpoints = FixedEndpoint(Endpoint(airtable.url, TOKEN))
    async with PyAirtableGateway(endpoints, rate_limit=1, ports=Ports(clock=clock)) as gateway:
        with pytest.raises(TooManyRequests):
            await gateway.record(BASE, TABLE, "rec1")
        with bulk():
            patient = asyncio.create_task(gateway.record(BASE, TABLE, "rec1"))
        await asleep.wait()

        with pytest.raises(NoTurn) as caught:
            await asyncio.wait_for(gateway.record(BASE, TABLE, "rec1"), 5)

        patient.cancel()

    assert caught.value.retry_after_seconds == pytest.approx(300)
    assert len(airtable.requests) == 1


@pytest.mark.parametrize("gone", [0, 5, 9])
async def test_a_joined_call_that_is_cancelled_in_flight_harms_no_neighbour(
    twin: "Twin", recorded: "Recorded", gone: int
) -> None:
    endpoints = FixedEndpoint(Endpoint(twin.url, TOKEN))
    async with PyAirtableGateway(endpoints, rate_limit=None, threads=1) as gateway:
        records = await gateway.create("Shop", "Orders", [{"Title": str(number)} for number in range(10)])
        recorded.requests.clear()
        calls = [
            asyncio.create_task(
                gateway.update("Shop", "Orders", [RecordChange(record.id, {"Amount": number})])
            )
            for number, record in enumerate(records)
        ]
        while not recorded.requests:
            await asyncio.sleep(0)
        calls[gone].cancel()
        done = await asyncio.gather(*calls, return_exceptions=True)
        after = await gateway.records("Shop", "Orders", [record.id for record in records], fresh=True)

    assert [isinstance(one, asyncio.CancelledError) for one in done] == [n == gone for n in range(10)]
    assert [record.fields["Amount"] for record in after] == list(range(10))
    assert sum(len(body["records"]) for body in recorded.bodies("PATCH")) == 10


async def test_creates_that_are_cancelled_at_any_moment_are_made_once_or_not_at_all(
    twin: "Twin", recorded: "Recorded"
) -> None:
    endpoints = FixedEndpoint(Endpoint(twin.url, TOKEN))
    async with PyAirtableGateway(endpoints, rate_limit=None) as gateway:
        await gateway.schema("Shop")
        for number in range(60):
            call = asyncio.create_task(gateway.create("Shop", "Orders", [{"Title": str(number)}]))
            for _ in range(number % 12):
                await asyncio.sleep(0)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
        [last] = await gateway.create("Shop", "Orders", [{"Title": "last"}])

    sent = [row["fields"]["Title"] for body in recorded.bodies("POST") for row in body["records"]]
    assert len(sent) == len(set(sent))
    assert last.fields == {"Title": "last"}


async def test_callers_who_leave_take_no_turn_with_them(
    paced: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"PATCH {RECORDS}", {"records": [MODEL], "createdRecords": [], "updatedRecords": []})
    calls = [asyncio.create_task(upsert(paced, str(number))) for number in range(50)]
    await asyncio.sleep(0)
    for call in calls[:49]:
        call.cancel()

    await asyncio.gather(*calls, return_exceptions=True)

    assert names(airtable) == ["49"]
    assert time.now - 1000 < 3


async def test_a_crowd_that_waits_keeps_nobody_from_his_turn_and_little_memory(
    airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    asleep, go_on = asyncio.Event(), asyncio.Event()

    async def sleep(seconds: float) -> None:
        asleep.set()
        await go_on.wait()
        await time.sleep(seconds)

    airtable.on(f"PATCH {RECORDS}", {"records": [MODEL], "createdRecords": [], "updatedRecords": []})
    endpoints = FixedEndpoint(Endpoint(airtable.url, TOKEN))
    clock = Clock(lambda: time.now, sleep)
    async with PyAirtableGateway(endpoints, rate_limit=1, threads=1, ports=Ports(clock=clock)) as gateway:
        await upsert(gateway, "first")
        tracemalloc.start()
        with bulk():
            crowd = [asyncio.create_task(upsert(gateway, f"b{number}", "many")) for number in range(CROWD)]
        crowd += [asyncio.create_task(upsert(gateway, f"i{number}", "many")) for number in range(CROWD)]
        await asleep.wait()
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        other = asyncio.create_task(upsert(gateway, "other", "few"))
        await asyncio.sleep(0)
        go_on.set()
        await other
        for call in crowd:
            call.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)

    sent = names(airtable)
    assert sent.index("other") <= 2
    assert not any(name.startswith("b") for name in sent[:4])
    assert held / CROWD / 2 < 10_000


async def test_a_storm_of_429s_makes_no_storm_of_calls(
    airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    storm: Any = (429, {"error": {"type": "RATE_LIMIT_REACHED"}}, {"Retry-After": "1"})
    airtable.on(f"GET {RECORDS}", storm)
    endpoints = FixedEndpoint(Endpoint(airtable.url, TOKEN))
    async with PyAirtableGateway(endpoints, rate_limit=5, ports=Ports(clock=time.clock)) as gateway:
        calls = [gateway.records(BASE, TABLE, [f"rec{number}"]) for number in range(100)]
        answers = await asyncio.gather(*calls, return_exceptions=True)

    assert all(isinstance(answer, TooManyRequests) for answer in answers)
    # One a second is what Airtable asked for; those that were under way together hear of it together.
    assert len(airtable.requests) <= 2 * (time.now - 1000) + 10
