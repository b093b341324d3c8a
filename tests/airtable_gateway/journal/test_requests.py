"""What the journal costs: with it, calls that come together still go together, and so do its looks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from airtable_gateway import Author, Endpoint, FixedEndpoint, JournaledGateway, RecordChange
from airtable_gateway.journal.sqlite import SqliteJournal
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

TOKEN = "patTestTestTest.0123456789"


@pytest.fixture
async def kept(twin, recorded, tmp_path: Path) -> AsyncIterator[JournaledGateway]:
    """The gateway as it is served: with its journal in a file."""
    inner = PyAirtableGateway(FixedEndpoint(Endpoint(twin.url, TOKEN)), rate_limit=50)
    async with JournaledGateway(inner, SqliteJournal(tmp_path / "journal.db")) as gateway:
        yield gateway


async def _orders(gateway: JournaledGateway, count: int) -> list[str]:
    rows = [{"Title": f"Order {number:03}"} for number in range(count)]
    made = [await gateway.create("Shop", "Orders", rows[start : start + 10]) for start in range(0, count, 10)]
    return [record.id for records in made for record in records]


async def test_two_hundred_updates_at_once_go_in_at_most_twenty_five_requests(kept, recorded):
    ids = await _orders(kept, 200)
    recorded.requests.clear()

    updated = await asyncio.gather(
        *(kept.update("Shop", "Orders", [RecordChange(key, {"Amount": n})]) for n, key in enumerate(ids))
    )

    assert [records[0].fields["Amount"] for records in updated] == list(range(200))
    assert len(recorded.requests) <= 25
    changes = (await kept.changes(limit=200)).changes
    assert {key for change in changes for key in change.before} == set(ids)
    assert all(change.state == "applied" for change in changes)


async def test_twenty_tasks_of_ten_write_at_most_twenty_five_times(kept, recorded):
    ids = await _orders(kept, 200)
    recorded.requests.clear()

    async def task(number: int) -> None:
        signed = kept.signed(Author(f"task {number}", "a_tool"))
        own = ids[number * 10 : number * 10 + 10]
        await asyncio.gather(
            *(signed.update("Shop", "Orders", [RecordChange(key, {"Amount": number})]) for key in own)
        )

    await asyncio.gather(*map(task, range(20)))

    writes = [asked for asked in recorded.requests if asked[0] in ("PATCH", "PUT")]
    assert len(writes) <= 25
    # Two pages of a hundred tell what was there before.
    assert len(recorded.requests) - len(writes) <= 4
