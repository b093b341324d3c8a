"""What was read a moment ago is not asked for again, unless something may have changed since."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from airtable_gateway import Endpoint, FixedEndpoint, Gateway, Record, RecordChange, RecordQuery, Unreachable
from airtable_gateway.caching.cache import Cache, Found, MemoryCache
from airtable_gateway.caching.redis_cache import RedisCache
from airtable_gateway.clock import Clock
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime, Recorded, ScriptedAirtable, Twin

TOKEN = "patTestTestTest.0123456789"
BASE, TABLE, RECORD = "appTestTestTest01", "tblTestTestTest01", "recTestTestTest01"
ONE = f"/v0/{BASE}/{TABLE}/{RECORD}"
MODEL = {"id": RECORD, "createdTime": "2026-01-01T00:00:00.000Z", "fields": {"Name": "Ada", "Tags": ["a"]}}
TTL = 60.0


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    redis = Redis(host="127.0.0.1", port=6379)
    yield redis
    await redis.aclose()


@pytest.fixture(params=["memory", "redis"])
def cache(request: pytest.FixtureRequest, redis: Redis) -> Cache:
    """The two adapters; what one promises, the other keeps."""
    return RedisCache(redis, prefix=f"test:{uuid4()}:") if request.param == "redis" else MemoryCache(Clock())


def _gateway(url: str, cache: Cache) -> PyAirtableGateway:
    return PyAirtableGateway(
        FixedEndpoint(Endpoint(url, TOKEN)),
        rate_limit=None,
        record_ttl_seconds=TTL,
        ports=Ports(cache=cache, is_shared=isinstance(cache, RedisCache)),
    )


@pytest.fixture
async def keeping(twin: "Twin", cache: Cache) -> AsyncIterator[PyAirtableGateway]:
    """A gateway to the local Airtable that keeps records."""
    async with _gateway(twin.url, cache) as gateway:
        await gateway.schema("Shop")
        yield gateway


@pytest.fixture
async def order(keeping: Gateway) -> str:
    [record] = await keeping.create("Shop", "Orders", [{"Title": "A", "Amount": 1}])
    return record.id


async def test_a_record_is_asked_for_once_and_then_tells_its_age(
    keeping: Gateway, order: str, recorded: "Recorded"
) -> None:
    first = await keeping.record("Shop", "Orders", order)
    second = await keeping.record("Shop", "Orders", order)

    assert (first, first.age_seconds) == (second, 0)
    assert 0 < second.age_seconds < TTL
    assert len(recorded.requests) == 1


async def test_pages_and_records_by_id_are_kept_by_what_was_asked(
    keeping: Gateway, order: str, recorded: "Recorded"
) -> None:
    query = RecordQuery(fields=["Title"], filter_by_formula="{Amount} = 1")
    page = await keeping.page("Shop", "Orders", query)

    again = await keeping.page("Shop", "Orders", query)
    other = await keeping.page("Shop", "Orders", RecordQuery(fields=[]))
    bare = await keeping.page("Shop", "Orders", RecordQuery(fields=[]))
    records = [await keeping.records("Shop", "Orders", [order]) for _ in range(2)]

    assert (page, page.age_seconds) == (again, 0)
    assert again.age_seconds > 0
    assert other.records[0].fields == bare.records[0].fields == {}
    assert records[0] == records[1]
    assert len(recorded.requests) == 3


async def test_fresh_asks_airtable_and_what_it_said_is_kept(
    keeping: Gateway, order: str, twin: "Twin"
) -> None:
    await keeping.record("Shop", "Orders", order)
    twin.change("PATCH", f"{twin.base_id}/{twin.table_id}/{order}", {"fields": {"Amount": 2}})

    kept = await keeping.record("Shop", "Orders", order)
    fresh = await keeping.record("Shop", "Orders", order, fresh=True)
    after = await keeping.record("Shop", "Orders", order)

    assert [record.fields["Amount"] for record in (kept, fresh, after)] == [1, 2, 2]
    assert fresh.age_seconds == 0


@pytest.mark.parametrize("write", ["update", "create", "upsert", "delete"])
async def test_what_this_gateway_writes_is_seen_at_once(keeping: Gateway, order: str, write: str) -> None:
    await keeping.page("Shop", "Orders", RecordQuery())
    match write:
        case "update":
            await keeping.update("Shop", "Orders", [RecordChange(order, {"Title": "B"})])
        case "create":
            await keeping.create("Shop", "Orders", [{"Title": "C"}])
        case "upsert":
            await keeping.upsert("Shop", "Orders", [{"Title": "A", "Amount": 5}], merge_on=["Title"])
        case _:
            await keeping.delete("Shop", "Orders", [order])

    seen = await keeping.page("Shop", "Orders", RecordQuery())
    truth = await keeping.page("Shop", "Orders", RecordQuery(), fresh=True)

    assert seen == truth


async def test_a_write_is_seen_in_the_tables_that_are_linked(
    keeping: Gateway, order: str, twin: "Twin"
) -> None:
    options = {"linkedTableId": twin.table_id}
    people: list[dict[str, Any]] = [
        {"name": "Name", "type": "singleLineText"},
        {"name": "Orders", "type": "multipleRecordLinks", "options": options},
    ]
    await keeping.create_table("Shop", "People", people)
    [person] = await keeping.create("Shop", "People", [{"Name": "Ada", "Orders": [order]}])
    before = await keeping.record("Shop", "Orders", order)

    await keeping.delete("Shop", "People", [person.id])

    assert before.fields["People"] == [person.id]
    assert "People" not in (await keeping.record("Shop", "Orders", order)).fields


async def test_a_change_that_somebody_told_of_is_seen(keeping: Gateway, order: str, twin: "Twin") -> None:
    await keeping.record("Shop", "Orders", order)
    for amount, table in ((2, "Orders"), (3, "")):
        twin.change("PATCH", f"{twin.base_id}/{twin.table_id}/{order}", {"fields": {"Amount": amount}})
        await keeping.invalidate("Shop", table)

        assert (await keeping.record("Shop", "Orders", order)).fields["Amount"] == amount


async def test_a_mutable_value_of_one_caller_is_not_that_of_the_next(
    airtable: "ScriptedAirtable", cache: Cache
) -> None:
    airtable.on(f"GET {ONE}", MODEL)
    async with _gateway(airtable.url, cache) as gateway:
        for _ in range(3):
            record = await gateway.record(BASE, TABLE, RECORD)
            assert record.fields["Tags"] == ["a"]
            record.fields["Tags"].append("b")


async def _at_once(
    count: int, airtable: "ScriptedAirtable", gateway: PyAirtableGateway, cache: Cache
) -> list[Record | BaseException]:
    """What so many get who ask for a record; it is answered when all have looked for it in the cache."""
    looked = asyncio.Semaphore(0)

    async def look(*args: Any, **options: Any) -> Found:
        found = await type(cache).look(cache, *args, **options)
        looked.release()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "look", look)
        asking = [asyncio.create_task(gateway.record(BASE, TABLE, RECORD)) for _ in range(count)]
        for _ in asking:
            await looked.acquire()
    airtable.released.set()
    return await asyncio.gather(*asking, return_exceptions=True)


async def test_many_who_ask_at_once_cause_one_request(airtable: "ScriptedAirtable", cache: Cache) -> None:
    airtable.on(f"GET {ONE}", "wait")
    airtable.waited_reply = MODEL
    async with _gateway(airtable.url, cache) as gateway:
        records = await _at_once(20, airtable, gateway, cache)

    assert [isinstance(record, Record) and record.id for record in records] == [RECORD] * 20
    assert airtable.count(f"GET {ONE}") == 1


async def test_a_failure_is_everybodys_and_is_not_kept(airtable: "ScriptedAirtable", cache: Cache) -> None:
    airtable.on(f"GET {ONE}", "wait", MODEL)
    airtable.waited_reply = (500, "")
    async with _gateway(airtable.url, cache) as gateway:
        outcomes = await _at_once(3, airtable, gateway, cache)
        record = await gateway.record(BASE, TABLE, RECORD)

    assert all(isinstance(outcome, Unreachable) for outcome in outcomes)
    assert len(set(map(id, outcomes))) == 3
    assert record.id == RECORD


async def test_an_answer_that_was_on_its_way_during_a_write_is_not_kept(
    airtable: "ScriptedAirtable", cache: Cache
) -> None:
    old, new = (MODEL | {"fields": {"Name": name}} for name in ("old", "new"))
    airtable.on(f"GET {ONE}", "wait", new)
    airtable.on(f"DELETE /v0/{BASE}/{TABLE}", {"records": [{"id": "recOther", "deleted": True}]})
    airtable.waited_reply = old
    async with _gateway(airtable.url, cache) as gateway:
        reading = asyncio.create_task(gateway.record(BASE, TABLE, RECORD))
        await airtable.arrival()
        await gateway.delete(BASE, TABLE, ["recOther"])
        airtable.released.set()
        await reading

        assert (await gateway.record(BASE, TABLE, RECORD)).fields == {"Name": "new"}


async def test_a_kept_answer_is_too_old_after_its_time(
    airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(f"GET {ONE}", MODEL)
    endpoints = FixedEndpoint(Endpoint(airtable.url, TOKEN))
    ports = Ports(clock=time.clock)
    async with PyAirtableGateway(endpoints, rate_limit=None, record_ttl_seconds=10, ports=ports) as gateway:
        await gateway.record(BASE, TABLE, RECORD)
        time.now += 9
        kept = await gateway.record(BASE, TABLE, RECORD)
        time.now += 1
        anew = await gateway.record(BASE, TABLE, RECORD)

    assert (kept.age_seconds, anew.age_seconds) == (9, 0)
    assert airtable.count(f"GET {ONE}") == 2


async def test_processes_that_share_a_cache_see_what_the_others_write(twin: "Twin", redis: Redis) -> None:
    prefix = f"test:{uuid4()}:"
    async with (
        _gateway(twin.url, RedisCache(redis, prefix=prefix)) as one,
        _gateway(twin.url, RedisCache(redis, prefix=prefix)) as two,
    ):
        [order] = await one.create("Shop", "Orders", [{"Title": "A"}])
        await two.record("Shop", "Orders", order.id)
        await one.update("Shop", "Orders", [RecordChange(order.id, {"Title": "B"})])
        await one.update_field("Shop", "Orders", "Amount", name="Sum")

        assert (await two.record("Shop", "Orders", order.id)).fields["Title"] == "B"
        assert [field.name for field in (await two.schema("Shop")).table("Orders").fields][1] == "Sum"


async def test_memory_is_bounded_and_the_least_recently_used_goes_first(time: "FakeTime") -> None:
    cache = MemoryCache(time.clock, most_bytes=30)
    for key in "ab":
        await cache.keep("0", key, b"x" * 10, ttl_seconds=TTL)
    await cache.look(["s"], "a", ttl_seconds=TTL)
    await cache.keep("0", "c", b"x" * 15, ttl_seconds=TTL)
    await cache.keep("0", "d", b"x" * 31, ttl_seconds=TTL)

    found = {key: (await cache.look(["s"], key, ttl_seconds=TTL)).value is not None for key in "abcd"}

    assert found == {"a": True, "b": False, "c": True, "d": False}


async def test_spoiling_a_scope_leaves_the_others_alone(cache: Cache) -> None:
    value = json.dumps({"a": 1}).encode()
    for scope in ("one", "two"):
        found = await cache.look([scope, "all"], scope, ttl_seconds=TTL)
        await cache.keep(found.stamp, scope, value, ttl_seconds=TTL)

    await cache.spoil("one")

    assert (await cache.look(["one", "all"], "one", ttl_seconds=TTL)).value is None
    assert (await cache.look(["two", "all"], "two", ttl_seconds=TTL)).value == value
    await cache.spoil("all")
    assert (await cache.look(["two", "all"], "two", ttl_seconds=TTL)).value is None


async def test_the_stamp_of_a_scope_changes_when_it_is_spoiled(cache: Cache) -> None:
    first = await cache.stamp("one")
    await cache.spoil("two")
    again = await cache.stamp("one")
    await cache.spoil("one")

    assert again == first
    assert await cache.stamp("one") != first
