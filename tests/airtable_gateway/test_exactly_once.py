"""At the limit and among faults: no 429 of our own making, no write twice, none lost in silence."""

import asyncio
import time as clock_time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest
import requests
from redis.asyncio import Redis

from airtable_gateway import (
    Endpoint,
    FixedEndpoint,
    Gateway,
    OutcomeUnknown,
    RecordChange,
    RecordQuery,
    bulk,
)
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from airtable_gateway.traffic import breaker, retries
from airtable_gateway.traffic.redis_meter import RedisMeter
from local_twins.airtable import AnyToken, Store, create_app

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime, Stage, Twin

TOKEN = "patTestTestTest.0123456789"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
SECONDS = 3.0
FAULTS = [
    {"fault": "429", "retryAfter": 1, "probability": 0.05},
    {"fault": "503", "probability": 0.05},
    {"fault": "drop_before", "probability": 0.05},
    {"fault": "drop_after", "probability": 0.05},
]
"""A request in five meets one of them."""


async def test_gateways_over_redis_use_the_limit_and_are_never_refused(stage: "tuple[Stage, str]") -> None:
    server, url = stage
    until = clock_time.monotonic() + SECONDS

    async def read(gateway: Gateway, base: str, reader: int) -> int:
        number = 0
        while clock_time.monotonic() < until:
            number += 1
            await gateway.page(base, "Orders", RecordQuery(filter_by_formula=f"{reader}={number}"))
        return number

    with Store.open(":memory:") as store:
        server.app = create_app(store, tokens=AnyToken(), rate_limit="strict")
        base = _shop(url)
        async with AsyncExitStack() as stack:
            gateways = [await stack.enter_async_context(_shared(stack, url)) for _ in range(4)]
            reads = await asyncio.gather(
                *(
                    read(gateway, base, 10 * place + n)
                    for place, gateway in enumerate(gateways)
                    for n in range(3)
                )
            )
        counts = requests.get(f"{url}/_twin/counts", headers=BEARER, timeout=10).json()

    assert "429" not in counts["answers"]
    assert sum(reads) >= 0.8 * 5 * SECONDS


def _shop(url: str) -> str:
    fields = [{"name": "Title", "type": "singleLineText"}]
    body = {
        "name": "Shop",
        "workspaceId": "wspTestTestTest001",
        "tables": [{"name": "Orders", "fields": fields}],
    }
    made = requests.post(f"{url}/v0/meta/bases", json=body, headers=BEARER, timeout=10).json()
    return str(made["id"])


def _shared(stack: AsyncExitStack, url: str) -> PyAirtableGateway:
    """A gateway with a Redis connection of its own, as another process would have it."""
    redis = Redis(host="127.0.0.1", port=6379)
    stack.push_async_callback(redis.aclose)
    return PyAirtableGateway(FixedEndpoint(Endpoint(url, TOKEN)), ports=Ports(meter=RedisMeter(redis, 5)))


@pytest.fixture
async def hasty(
    twin: "Twin", time: "FakeTime", monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[PyAirtableGateway]:
    """A gateway at the usual pace, on time that nobody waits for.

    Chance may put five faults in a row, which opens the breaker and ends the repeats of a call: both
    refusals have tests of their own.
    """
    monkeypatch.setattr(breaker, "FAILURES", 1000)
    monkeypatch.setattr(retries, "REPEATS", 1000)
    endpoints = FixedEndpoint(Endpoint(twin.url, TOKEN))
    async with PyAirtableGateway(endpoints, mark_field="Mark", ports=Ports(clock=time.clock)) as gateway:
        await gateway.create_table(
            "Shop", "Marked", [{"name": n, "type": "singleLineText"} for n in ("Title", "Mark")]
        )
        yield gateway


async def _outcomes(calls: list[Any]) -> tuple[int, int]:
    """How many of the calls were acknowledged, and of how many the outcome is unknown; none may fail."""
    # As bulk work, which has more time: sleeps at once add up where nobody waits for the clock.
    with bulk():
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
    unknown = [outcome for outcome in outcomes if isinstance(outcome, OutcomeUnknown)]
    failed = [
        outcome for outcome in outcomes if isinstance(outcome, BaseException) and outcome not in unknown
    ]
    assert failed == []
    return len(outcomes) - len(unknown), len(unknown)


async def _titles(gateway: Gateway, table: str) -> Counter[str]:
    titles: Counter[str] = Counter()
    offset = None
    while True:
        page = await gateway.page("Shop", table, RecordQuery(), offset=offset)
        titles.update(record.fields.get("Title", "") for record in page.records)
        offset = page.offset
        if offset is None:
            return titles


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_among_faults_every_write_is_applied_once_or_said_to_be_unknown(
    hasty: Gateway, twin: "Twin", seed: int
) -> None:
    made = [
        await hasty.create("Shop", "Marked", [{"Title": f"old {n}"} for n in range(10)]) for _ in range(6)
    ]
    old = [record for records in made for record in records]
    twin.change("PUT", "../_twin/faults", {"seed": seed, "rules": FAULTS})

    changed, deleted = old[:30], old[30:]
    updates = [
        hasty.update("Shop", "Marked", [RecordChange(record.id, {"Title": f"new {n}"})])
        for n, record in enumerate(changed)
    ]
    deletes = [hasty.delete("Shop", "Marked", [record.id]) for record in deleted]
    upserts = [
        hasty.upsert("Shop", "Orders", [{"Title": f"upserted {n}"}], merge_on=["Title"]) for n in range(15)
    ]
    marked = [hasty.create("Shop", "Marked", [{"Title": "marked"}]) for _ in range(30)]
    sure = await _outcomes([*updates, *deletes, *upserts, *marked])
    distinct_known, distinct_unknown = await _outcomes(
        [hasty.create("Shop", "Orders", [{"Title": f"distinct {n}"}]) for n in range(60)]
    )
    identical_known, identical_unknown = await _outcomes(
        [hasty.create("Shop", "Orders", [{"Title": "identical"}]) for _ in range(60)]
    )
    faults = twin.change("GET", "../_twin/counts", None)["faults"]
    twin.change("DELETE", "../_twin/faults", None)
    in_marked, in_orders = await _titles(hasty, "Marked"), await _titles(hasty, "Orders")

    assert sum(faults.values()) >= 1
    assert sure == (len(updates) + len(deletes) + len(upserts) + len(marked), 0)
    assert in_marked == Counter({f"new {n}": 1 for n in range(30)}) + Counter({"marked": 30})
    assert all(in_orders[f"upserted {n}"] == 1 for n in range(15))
    assert all(in_orders[f"distinct {n}"] <= 1 for n in range(60))
    assert (
        distinct_known
        <= sum(in_orders[f"distinct {n}"] for n in range(60))
        <= distinct_known + distinct_unknown
    )
    assert identical_known <= in_orders["identical"] <= identical_known + identical_unknown
