"""Who goes first, and which calls go together; seen from outside, by the requests that Airtable gets."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

from airtable_gateway import (
    Endpoint,
    FixedEndpoint,
    Gateway,
    InvalidValue,
    NoTurn,
    RecordChange,
    RecordNotFound,
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


@pytest.fixture
async def paced(airtable: "ScriptedAirtable", time: "FakeTime") -> AsyncIterator[PyAirtableGateway]:
    """A gateway to the scripted Airtable at one call a second, whose first call has gone.

    It has one thread, for time that nobody waits for would let the calls overtake each other on their way.
    """
    airtable.on(f"GET {RECORDS}/recStart", _model("recStart"))
    endpoints = FixedEndpoint(Endpoint(airtable.url, TOKEN))
    async with PyAirtableGateway(
        endpoints, rate_limit=1, threads=1, ports=Ports(clock=time.clock)
    ) as gateway:
        await gateway.record(BASE, TABLE, "recStart")
        airtable.requests.clear()
        yield gateway


@pytest.fixture
async def busy(twin: "Twin", time: "FakeTime") -> AsyncIterator[PyAirtableGateway]:
    """A gateway to the local Airtable at five calls a second, on time that nobody waits for."""
    endpoints = FixedEndpoint(Endpoint(twin.url, TOKEN))
    async with PyAirtableGateway(
        endpoints, rate_limit=5, threads=1, ports=Ports(clock=time.clock)
    ) as gateway:
        yield gateway


def _model(record_id: str) -> dict[str, Any]:
    return {"id": record_id, "createdTime": "2026-01-01T00:00:00.000Z", "fields": {}}


def _upserted(record_id: str) -> dict[str, Any]:
    return {"records": [_model(record_id)], "createdRecords": [record_id], "updatedRecords": []}


async def _upsert(gateway: Gateway, name: str) -> None:
    """A call that never joins others."""
    await gateway.upsert(BASE, TABLE, [{FIELD: name}], merge_on=[FIELD])


def _names(airtable: "ScriptedAirtable") -> list[str]:
    return [seen.body["records"][0]["fields"][FIELD] for seen in airtable.requests]


async def test_first_come_is_first_served(paced: Gateway, airtable: "ScriptedAirtable") -> None:
    airtable.on(f"PATCH {RECORDS}", _upserted("rec1"))

    await asyncio.gather(*(_upsert(paced, str(number)) for number in range(8)))

    assert _names(airtable) == [str(number) for number in range(8)]


async def test_callers_take_turns(paced: Gateway, airtable: "ScriptedAirtable") -> None:
    airtable.on(f"PATCH {RECORDS}", _upserted("rec1"))

    async def call(caller: str, name: str) -> None:
        with calling(caller):
            await _upsert(paced, name)

    await asyncio.gather(
        *(call("many", f"m{number}") for number in range(4)), call("few", "f0"), call("few", "f1")
    )

    assert _names(airtable) == ["m0", "f0", "m1", "f1", "m2", "m3"]


async def test_interactive_calls_go_before_bulk_which_does_not_stand_still(
    paced: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(f"PATCH {RECORDS}", _upserted("rec1"))

    async def export(name: str) -> None:
        with bulk():
            await _upsert(paced, name)

    await asyncio.gather(*(export(f"b{n}") for n in range(3)), *(_upsert(paced, f"i{n}") for n in range(8)))

    names = _names(airtable)
    assert names[:4] == ["i0", "i1", "i2", "i3"]
    assert names.index("b0") == 4
    assert names[-1] == "b2"


async def test_a_caller_that_goes_away_leaves_its_turn_to_the_next(
    paced: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(f"PATCH {RECORDS}", _upserted("rec1"))
    calls = [asyncio.create_task(_upsert(paced, str(number))) for number in range(3)]
    await asyncio.sleep(0)

    calls[0].cancel()
    await asyncio.gather(*calls, return_exceptions=True)

    assert _names(airtable) == ["1", "2"]


async def test_a_call_that_cannot_go_in_its_time_is_turned_away_at_once_and_not_sent(
    paced: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"PATCH {RECORDS}", _upserted("rec1"))

    outcomes = await asyncio.gather(*(_upsert(paced, str(n)) for n in range(70)), return_exceptions=True)

    turned_away = [outcome for outcome in outcomes if outcome is not None]
    assert all(isinstance(outcome, NoTurn) for outcome in turned_away)
    assert 55 <= airtable.count(f"PATCH {RECORDS}") == 70 - len(turned_away) <= 60


async def test_on_a_machine_that_always_wakes_up_late_calls_go_all_the_same(
    airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"PATCH {RECORDS}", _upserted("rec1"))
    endpoints = FixedEndpoint(Endpoint(airtable.url, TOKEN))
    late = Clock(lambda: time.now, lambda seconds: time.sleep(seconds + 1))
    async with PyAirtableGateway(endpoints, rate_limit=1, threads=1, ports=Ports(clock=late)) as gateway:
        await asyncio.gather(*(_upsert(gateway, str(number)) for number in range(4)))

    assert _names(airtable) == ["0", "1", "2", "3"]


async def _orders(gateway: Gateway, count: int) -> list[str]:
    rows = [{"Title": f"Order {number:03}"} for number in range(count)]
    made = [await gateway.create("Shop", "Orders", rows[start : start + 10]) for start in range(0, count, 10)]
    return [record.id for records in made for record in records]


async def test_two_hundred_updates_at_once_go_in_at_most_twenty_five_requests(
    busy: Gateway, recorded: "Recorded"
) -> None:
    ids = await _orders(busy, 200)
    recorded.requests.clear()

    updated = await asyncio.gather(
        *(busy.update("Shop", "Orders", [RecordChange(id, {"Amount": n})]) for n, id in enumerate(ids))
    )

    assert [(record.id, record.fields["Amount"]) for [record] in updated] == [
        (id, n) for n, id in enumerate(ids)
    ]
    assert len(recorded.requests) <= 25


async def test_creates_at_once_go_together_and_each_gets_its_own(busy: Gateway, recorded: "Recorded") -> None:
    await busy.schema("Shop")
    recorded.requests.clear()

    created = await asyncio.gather(
        *(busy.create("Shop", "Orders", [{"Title": f"{n}a"}, {"Title": f"{n}b"}]) for n in range(20))
    )

    titles = [[record.fields["Title"] for record in records] for records in created]
    assert titles == [[f"{n}a", f"{n}b"] for n in range(20)]
    assert len(recorded.requests) <= 7


async def test_reads_of_single_records_go_as_one_page(busy: Gateway, recorded: "Recorded") -> None:
    ids = await _orders(busy, 90)
    recorded.requests.clear()

    read = await asyncio.gather(*(busy.record("Shop", "Orders", id) for id in [*ids, *ids]))

    assert [record.id for record in read] == [*ids, *ids]
    assert len(recorded.requests) <= 5


async def test_a_record_that_is_missing_on_the_page_gets_airtables_own_answer(busy: Gateway) -> None:
    ids = await _orders(busy, 10)

    read = await asyncio.gather(
        *(busy.record("Shop", "Orders", id) for id in [*ids, "recAbsentAbsent01"]), return_exceptions=True
    )

    assert [record.id for record in read[:-1] if not isinstance(record, BaseException)] == ids
    assert isinstance(read[-1], RecordNotFound)


async def test_the_same_record_is_never_changed_twice_in_one_request_and_keeps_the_last_value(
    busy: Gateway, recorded: "Recorded"
) -> None:
    [order, other] = await _orders(busy, 2)
    recorded.requests.clear()

    await asyncio.gather(
        *(busy.update("Shop", "Orders", [RecordChange(order, {"Amount": n})]) for n in range(9)),
        busy.update(
            "Shop", "Orders", [RecordChange(other, {"Amount": 1}), RecordChange(order, {"Amount": 9})]
        ),
    )

    for request in recorded.bodies("PATCH"):
        ids = [record["id"] for record in request["records"]]
        assert len(ids) == len(set(ids))
    assert (await busy.record("Shop", "Orders", order)).fields["Amount"] == 9


async def test_calls_with_other_options_do_not_join(busy: Gateway, recorded: "Recorded") -> None:
    ids = await _orders(busy, 12)
    recorded.requests.clear()

    await asyncio.gather(
        *(
            busy.update(
                "Shop", "Orders", [RecordChange(id, {"Amount": 1})], typecast=n % 2 == 0, replace=n % 3 == 0
            )
            for n, id in enumerate(ids)
        )
    )

    kinds = {(method, body["typecast"]) for method in ("PATCH", "PUT") for body in recorded.bodies(method)}
    assert kinds == {("PATCH", True), ("PATCH", False), ("PUT", True), ("PUT", False)}


async def test_one_wrong_value_spoils_nobody_elses_update(busy: Gateway) -> None:
    ids = await _orders(busy, 20)

    outcomes = await asyncio.gather(
        *(
            busy.update("Shop", "Orders", [RecordChange(id, {"Amount": "many" if n == 7 else n})])
            for n, id in enumerate(ids)
        ),
        return_exceptions=True,
    )

    assert [n for n, outcome in enumerate(outcomes) if isinstance(outcome, InvalidValue)] == [7]
    amounts = [
        outcome[0].fields.get("Amount") for outcome in outcomes if not isinstance(outcome, BaseException)
    ]
    assert amounts == [n for n in range(20) if n != 7]


async def test_deletes_at_once_go_together(busy: Gateway, recorded: "Recorded") -> None:
    ids = await _orders(busy, 40)
    recorded.requests.clear()

    deleted = await asyncio.gather(*(busy.delete("Shop", "Orders", [id]) for id in ids))

    assert deleted == [[id] for id in ids]
    assert len(recorded.requests) <= 7
