"""A journal under attack: full disks, files that cannot be written, one key in two processes at once."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from airtable_gateway import (
    Author,
    Endpoint,
    FixedEndpoint,
    JournaledGateway,
    JournalError,
    MemoryJournal,
)
from airtable_gateway.journal.change import Outcome
from airtable_gateway.journal.errors import JournalUnusable
from airtable_gateway.journal.sqlite import SqliteJournal
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import Recorded, Twin

TOKEN = "patTestTestTest.0123456789"


def way(twin: "Twin") -> PyAirtableGateway:
    return PyAirtableGateway(FixedEndpoint(Endpoint(twin.url, TOKEN)), rate_limit=None)


class FullDisk(MemoryJournal):
    """A journal whose disk is full when a test says so."""

    is_full = False

    async def settle(self, change_id: str, outcome: Outcome) -> None:
        if self.is_full:
            raise JournalUnusable("here", "database or disk is full")
        await super().settle(change_id, outcome)


class SmallDisk(SqliteJournal):
    """A journal in a file that cannot grow once a test says so."""

    async def fill(self) -> None:
        await self._do(lambda: self._opened.execute("PRAGMA max_page_count = 1").fetchall())


async def test_a_write_that_was_made_succeeds_though_its_outcome_cannot_be_written(
    twin: "Twin", recorded: "Recorded", caplog: pytest.LogCaptureFixture
) -> None:
    journal = FullDisk()
    async with JournaledGateway(way(twin), journal) as gateway:
        journal.is_full = True
        [record] = await gateway.create("Shop", "Orders", [{"Title": "A"}])
        [change] = (await gateway.changes()).changes
        assert change.state == "intended"
        with pytest.raises(JournalUnusable):
            await gateway.create("Shop", "Orders", [{"Title": "Not sent"}])
        assert "is not in the journal yet" in caplog.text

        journal.is_full = False
        await gateway.create("Shop", "Orders", [{"Title": "B"}])
        states = [change.state for change in (await gateway.changes()).changes]
        await gateway.undo(change.id)
        left = await gateway.records("Shop", "Orders", [record.id], fresh=True)

    assert states == ["applied", "applied"]
    assert left == []
    assert [body["records"][0]["fields"]["Title"] for body in recorded.bodies("POST")] == ["A", "B"]


async def test_on_a_full_disk_nothing_is_written_to_airtable(
    twin: "Twin", recorded: "Recorded", tmp_path: Path
) -> None:
    journal = SmallDisk(tmp_path / "journal.db")
    async with JournaledGateway(way(twin), journal) as gateway:
        [record] = await gateway.create("Shop", "Orders", [{"Title": "A"}])
        recorded.requests.clear()
        await journal.fill()
        with pytest.raises(JournalError, match="full"):
            await gateway.create("Shop", "Orders", [{"Title": "x" * 90_000}])

        assert recorded.bodies("POST") == []
        assert (await gateway.record("Shop", "Orders", record.id)).fields == {"Title": "A"}


async def test_of_two_processes_with_one_key_at_the_same_moment_one_writes(
    twin: "Twin", recorded: "Recorded", tmp_path: Path
) -> None:
    author = Author("ada", "create_records", "key-1")
    async with (
        JournaledGateway(way(twin), SqliteJournal(tmp_path / "journal.db")) as one,
        JournaledGateway(way(twin), SqliteJournal(tmp_path / "journal.db")) as other,
    ):
        await asyncio.gather(one.schema("Shop"), other.schema("Shop"))
        calls: list[Any] = [
            gateway.signed(author).create("Shop", "Orders", [{"Title": "Once"}])
            for gateway in (one, other) * 10
        ]
        made = await asyncio.gather(*calls)
        changes = (await one.changes()).changes

    assert len({record.id for records in made for record in records}) == 1
    assert len(recorded.bodies("POST")) == 1
    assert [change.state for change in changes] == ["applied"]


@pytest.mark.parametrize("what", ["a folder", "a file that may not be written"])
async def test_where_no_journal_can_be_kept_nothing_starts(twin: "Twin", tmp_path: Path, what: str) -> None:
    path = tmp_path / "journal.db"
    if what == "a folder":
        path.mkdir()
    else:
        async with SqliteJournal(path):
            pass
        path = Path("/proc/version")

    with pytest.raises(JournalError, match="cannot be used"):
        async with JournaledGateway(way(twin), SqliteJournal(path)):
            pass
