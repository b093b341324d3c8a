"""Redis that does not answer: nothing is sent past the pace, and what was done stays done."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from airtable_gateway import Endpoint, FixedEndpoint, Unreachable
from airtable_gateway.caching.redis_cache import RedisCache
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from airtable_gateway.settling.redis_claims import RedisClaims
from airtable_gateway.traffic.redis_meter import RedisMeter

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime, Recorded, Twin

TOKEN = "patTestTestTest.0123456789"


@pytest.fixture
async def nowhere() -> AsyncIterator[Redis]:
    """A Redis that is not there."""
    redis = Redis(host="127.0.0.1", port=1, retry=Retry(NoBackoff(), retries=0))
    yield redis
    await redis.aclose()


@pytest.mark.parametrize("port", ["meter", "claims"])
async def test_without_the_shared_store_nothing_is_sent_and_the_error_says_so(
    nowhere: Redis, twin: "Twin", recorded: "Recorded", time: "FakeTime", port: str
) -> None:
    meter = RedisMeter(nowhere, 5) if port == "meter" else None
    ports = Ports(meter=meter, claims=RedisClaims(nowhere), clock=time.clock)
    endpoints = FixedEndpoint(Endpoint(twin.url, TOKEN))
    async with PyAirtableGateway(endpoints, rate_limit=None, ports=ports) as gateway:
        with pytest.raises(Unreachable, match="nothing was sent") as caught:
            await gateway.create(twin.base_id, twin.table_id, [{"fldTestTestTest01": "A"}])

    assert not caught.value.may_be_applied
    assert "REDIS_URL" in caught.value.hint
    assert recorded.bodies("POST") == []


async def test_a_write_is_no_failure_when_only_the_cache_cannot_be_told(nowhere: Redis, twin: "Twin") -> None:
    ports = Ports(cache=RedisCache(nowhere))
    endpoints = FixedEndpoint(Endpoint(twin.url, TOKEN))
    async with PyAirtableGateway(endpoints, rate_limit=None, record_ttl_seconds=60, ports=ports) as gateway:
        [record] = await gateway.create("Shop", "Orders", [{"Title": "A"}])

    assert record.fields == {"Title": "A"}
