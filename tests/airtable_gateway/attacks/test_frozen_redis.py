"""A Redis that takes connections and never answers, and one that goes away and comes back."""

import asyncio
import time as clocks
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from airtable_gateway import Endpoint, FixedEndpoint, OutcomeUnknown, TooManyRequests, Unreachable
from airtable_gateway.caching.redis_cache import RedisCache
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from airtable_gateway.settling.redis_claims import RedisClaims
from airtable_gateway.traffic.redis_meter import RedisMeter

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime, Recorded, ScriptedAirtable, Twin

BASE, TABLE = "appTestTestTest01", "tblTestTestTest01"
RECORDS = f"/v0/{BASE}/{TABLE}"
TOKEN = "patTestTestTest.0123456789"
FROZEN_SECONDS = 0.1


class Valve:
    """Stands before a Redis: passes everything on, or takes all that is sent and says nothing."""

    def __init__(self, host: str, port: int) -> None:
        self._behind = host, port
        self._open = asyncio.Event()
        self._open.set()
        self._passing: set[asyncio.Task[None]] = set()

    def freeze(self) -> None:
        self._open.clear()

    def thaw(self) -> None:
        self._open.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection(*self._behind)
        for source, target in ((reader, ours), (theirs, writer)):
            task = asyncio.create_task(self._pass(source, target))
            self._passing.add(task)

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while chunk := await source.read(65536):
                await self._open.wait()
                target.write(chunk)
        except OSError:
            pass
        finally:
            target.close()

    async def close(self) -> None:
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)


@pytest.fixture
async def valve(redis_server: str) -> AsyncIterator[tuple[Valve, Redis]]:
    """A valve, and a client of the Redis behind it, as impatient as that of the wiring."""
    behind = Redis.from_url(redis_server).connection_pool.connection_kwargs
    valve = Valve(behind.get("host", "127.0.0.1"), int(behind.get("port", 6379)))
    server = await asyncio.start_server(valve.serve, "127.0.0.1", 0)
    redis = Redis(
        host="127.0.0.1",
        port=server.sockets[0].getsockname()[1],
        db=behind.get("db", 0),
        retry=Retry(NoBackoff(), retries=1),
        socket_timeout=FROZEN_SECONDS,
        socket_connect_timeout=FROZEN_SECONDS,
    )
    yield valve, redis
    await redis.aclose()
    await valve.close()
    server.close()


@pytest.fixture
def shared(valve: tuple[Valve, Redis], redis_prefix: str) -> Callable[..., PyAirtableGateway]:
    """Makes a gateway that shares everything over the Redis behind the valve."""
    _, redis = valve

    def make(url: str, **ports: Any) -> PyAirtableGateway:
        shares: dict[str, Any] = {
            "meter": RedisMeter(redis, 100, prefix=f"{redis_prefix}pace:"),
            "claims": RedisClaims(redis, prefix=f"{redis_prefix}claims:"),
            "cache": RedisCache(redis, prefix=f"{redis_prefix}cache:"),
        }
        return PyAirtableGateway(
            FixedEndpoint(Endpoint(url, TOKEN)),
            rate_limit=100,
            record_ttl_seconds=60,
            ports=Ports(is_shared=True, **(shares | ports)),
        )

    return make


async def test_while_redis_is_frozen_nothing_passes_and_nobody_waits_long(
    valve: tuple[Valve, Redis], shared: Any, twin: "Twin", recorded: "Recorded"
) -> None:
    async with shared(twin.url) as gateway:
        [record] = await gateway.create("Shop", "Orders", [{"Title": "A"}])
        await gateway.record("Shop", "Orders", record.id)
        valve[0].freeze()
        recorded.requests.clear()
        began = clocks.monotonic()

        calls = [gateway.create("Shop", "Orders", [{"Title": "lost"}]) for _ in range(20)]
        errors = await asyncio.gather(*calls, return_exceptions=True)
        took = clocks.monotonic() - began

        assert all(isinstance(error, Unreachable) and not error.may_be_applied for error in errors)
        assert recorded.requests == []
        assert took < 60 * FROZEN_SECONDS

        valve[0].thaw()
        [again] = await gateway.create("Shop", "Orders", [{"Title": "back"}])
        assert (await gateway.record("Shop", "Orders", again.id)).fields == {"Title": "back"}

    assert [row["fields"]["Title"] for body in recorded.bodies("POST") for row in body["records"]] == ["back"]


async def test_a_redis_that_freezes_during_a_write_makes_no_failure_of_it(
    valve: tuple[Valve, Redis], shared: Any, airtable: "ScriptedAirtable"
) -> None:
    airtable.on("GET /v0/meta/bases", airtable.bases("Shop"))
    airtable.on(f"GET /v0/meta/bases/{BASE}/tables", airtable.schema("Title"))
    airtable.on(f"POST {RECORDS}", "wait")
    airtable.waited_reply = {"records": [{"id": "rec1", "createdTime": "x", "fields": {"Title": "A"}}]}
    async with shared(airtable.url) as gateway:
        call = asyncio.create_task(gateway.create("Shop", "Orders", [{"Title": "A"}]))
        while not airtable.count(f"POST {RECORDS}"):
            await asyncio.sleep(0.01)
        valve[0].freeze()
        airtable.released.set()

        [record] = await call

    assert record.id == "rec1"
    assert airtable.count(f"POST {RECORDS}") == 1


async def test_a_hold_that_nobody_can_be_told_does_not_hide_that_a_write_may_be_done(
    valve: tuple[Valve, Redis], shared: Any, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    busy = (429, {"error": {"type": "RATE_LIMIT_REACHED"}}, {"Retry-After": "1"})
    airtable.on(f"PATCH {RECORDS}", "drop", busy)
    held = asyncio.Event()

    class Meter(RedisMeter):
        async def hold(self, base: str, seconds: float) -> None:
            valve[0].freeze()
            held.set()
            await super().hold(base, seconds)

    meter = Meter(valve[1], 100, prefix="attack:")
    async with shared(airtable.url, meter=meter, clock=time.clock) as gateway:
        with pytest.raises((Unreachable, TooManyRequests)) as caught:
            await gateway.upsert(
                BASE, TABLE, [{"fldTestTestTest0001": "A"}], merge_on=["fldTestTestTest0001"]
            )

    assert held.is_set()
    assert isinstance(caught.value, Unreachable)
    assert not isinstance(caught.value, OutcomeUnknown)
    assert caught.value.may_be_applied
