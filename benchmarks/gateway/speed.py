"""What the gateway costs and saves, against the local Airtable: `make bench-gateway`."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any

from local_twin import TOKEN, LocalTwin, local_twin
from pyairtable import Api

from airtable_gateway import Endpoint, FixedEndpoint, RecordChange
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

READS = 400
UPDATES = 200


async def main() -> int:
    """Measure, print a line for each promise, and fail when one does not hold."""
    with local_twin() as twin:
        bare, uncached = await _reads(twin)
        cached = await _cached_reads(twin)
        requests, seconds = await _joined_updates(twin)
    held = [
        _told("cached read of a record", f"{cached * 1000:.3f} ms", "<= 0.3 ms", holds=cached <= 0.0003),
        _told(
            "uncached read, of bare pyairtable",
            f"{uncached / bare:.2f} x ({uncached * 1000:.2f} of {bare * 1000:.2f} ms)",
            "<= 1.3 x",
            holds=uncached / bare <= 1.3,
        ),
        _told(
            f"{UPDATES} single updates at once",
            f"{requests} requests in {seconds:.1f} s",
            "<= 25 requests",
            holds=requests <= 25,
        ),
    ]
    return 0 if all(held) else 1


def _gateway(twin: LocalTwin, **options: Any) -> PyAirtableGateway:
    return PyAirtableGateway(FixedEndpoint(Endpoint(twin.url, TOKEN)), **options)


async def _reads(twin: LocalTwin) -> tuple[float, float]:
    """Seconds of a bare read and of one through the gateway, in turns, so that both meet the same noise."""
    base, table = twin.base_id, twin.table_ids["Plain"]
    bare = Api(TOKEN, endpoint_url=twin.url).table(base, table)
    record_id = bare.create({"Title": "Read", "Amount": 1})["id"]
    bare_times, gateway_times = [], []
    async with _gateway(twin, rate_limit=None) as gateway:
        await gateway.record(base, table, record_id)
        for _ in range(READS):
            start = time.perf_counter()
            bare.get(record_id)
            bare_times.append(time.perf_counter() - start)
            gateway_times.append(await _timed(lambda: gateway.record(base, table, record_id)))
    return median(bare_times), median(gateway_times)


async def _cached_reads(twin: LocalTwin) -> float:
    """Seconds of a read that the cache answers, with everything named as people name it."""
    async with _gateway(twin, rate_limit=5, record_ttl_seconds=600) as gateway:
        [record] = await gateway.create("Measured", "Plain", [{"Title": "Kept", "Amount": 1}])
        await gateway.record("Measured", "Plain", record.id)
        times = [
            await _timed(lambda: gateway.record("Measured", "Plain", record.id)) for _ in range(5 * READS)
        ]
    return median(times)


async def _joined_updates(twin: LocalTwin) -> tuple[int, float]:
    """Requests that many updates at once cause, and the seconds until the last is answered."""
    base, table = twin.base_id, twin.table_ids["Plain"]
    async with _gateway(twin, rate_limit=None) as gateway:
        rows = [{"Title": f"Order {number}"} for number in range(UPDATES)]
        made = [await gateway.create(base, table, rows[at : at + 10]) for at in range(0, UPDATES, 10)]
    ids = [record.id for records in made for record in records]
    twin.begin_count()
    async with _gateway(twin) as gateway:
        start = time.perf_counter()
        updated = await asyncio.gather(
            *(
                gateway.update("Measured", "Plain", [RecordChange(record_id, {"Amount": number})])
                for number, record_id in enumerate(ids)
            )
        )
        seconds = time.perf_counter() - start
    assert [record.fields["Amount"] for [record] in updated] == list(range(UPDATES))
    return twin.count()["requests"], seconds


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


def _told(what: str, measured: str, wanted: str, *, holds: bool) -> bool:
    print(f"{'holds' if holds else 'FAILS':6} {what}: {measured} (wanted {wanted})")
    return holds


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
