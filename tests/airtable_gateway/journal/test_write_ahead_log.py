"""Intents on the disk before their writes leave, brought there by whoever sends them."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest

from airtable_gateway import Author, Endpoint, FixedEndpoint, JournaledGateway, JournalError, RecordQuery
from airtable_gateway.journal import sql, write_ahead_log
from airtable_gateway.journal.sqlite import SqliteJournal
from airtable_gateway.journal.write_ahead_log import WriteAheadLog
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import Recorded, Twin

TOKEN = "patTestTestTest.0123456789"


class Disk:
    """The disk, with a word to say each time that something is brought there."""

    def __init__(self) -> None:
        self.brought = 0
        self.before: Callable[[], None] = lambda: None

    def __call__(self, file: int) -> None:
        self.before()
        self.brought += 1
        os.fsync(file)


@pytest.fixture
def disk(monkeypatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(write_ahead_log, "_bring_to_disk", disk)
    return disk


@pytest.fixture
def log(tmp_path: Path, disk):
    with closing(sqlite3.connect(tmp_path / "j.db", isolation_level=None)) as connection:
        connection.executescript(sql.PRAGMAS + "CREATE TABLE numbers (number INTEGER);")
        with closing(WriteAheadLog(tmp_path / "j.db")) as log:
            log.open()
            yield log


def test_nothing_is_asked_of_the_disk_when_nothing_was_written(log, disk):
    log.bring_to_disk()
    assert disk.brought == 0


def test_once_is_enough(log, disk):
    log.wrote()
    log.wrote()
    log.bring_to_disk()
    log.bring_to_disk()
    assert disk.brought == 1


def test_those_who_ask_while_the_disk_is_at_work_share_its_next_turn(log, disk):
    at_work, go_on = Event(), Event()

    def wait() -> None:
        at_work.set()
        assert go_on.wait(30)

    disk.before = wait
    with ThreadPoolExecutor(4) as threads:
        log.wrote()
        asked = [threads.submit(log.bring_to_disk)]
        assert at_work.wait(30)
        for _ in range(3):
            log.wrote()
        asked += [threads.submit(log.bring_to_disk) for _ in range(3)]
        go_on.set()
        for one in asked:
            one.result(30)

    assert disk.brought == 2


def test_a_disk_that_refused_is_believed_no_more(log, disk):
    def refuse() -> None:
        disk.before = lambda: None
        raise OSError(5, "Input/output error")

    disk.before = refuse
    log.wrote()
    with pytest.raises(OSError, match="Input/output"):
        log.bring_to_disk()
    with pytest.raises(OSError, match="Input/output"):
        log.bring_to_disk()


def way(twin: "Twin", journal: SqliteJournal) -> PyAirtableGateway:
    endpoint = FixedEndpoint(Endpoint(twin.url, TOKEN))
    return PyAirtableGateway(endpoint, rate_limit=None, ports=Ports(before_write=journal.bring_to_disk))


async def test_an_intent_is_on_the_disk_before_its_write_leaves(
    twin: "Twin", recorded: "Recorded", disk, tmp_path
):
    sent: list[int] = []
    disk.before = lambda: sent.append(len(recorded.bodies("POST")))
    journal = SqliteJournal(tmp_path / "j.db", sender_waits_for_disk=True)
    async with JournaledGateway(way(twin, journal), journal) as gateway:
        await gateway.schema("Shop")
        assert sent == []
        for title in ("A", "B"):
            await gateway.create("Shop", "Orders", [{"Title": title}])
        await gateway.page("Shop", "Orders", RecordQuery())

    assert sent == [0, 1]


async def test_writes_at_the_same_time_are_on_the_disk_before_any_of_them_leaves(
    twin: "Twin", recorded: "Recorded", disk, tmp_path
):
    journal = SqliteJournal(tmp_path / "j.db", sender_waits_for_disk=True)
    async with JournaledGateway(way(twin, journal), journal) as gateway:
        await gateway.schema("Shop")
        creating = (gateway.create("Shop", "Orders", [{"Title": str(n)}]) for n in range(20))
        await asyncio.gather(*creating)

    assert sum(len(body["records"]) for body in recorded.bodies("POST")) == 20
    assert 1 <= disk.brought <= len(recorded.bodies("POST"))


async def test_what_the_disk_refuses_does_not_leave(twin: "Twin", recorded: "Recorded", disk, tmp_path):
    def refuse() -> None:
        raise OSError(5, "Input/output error")

    journal = SqliteJournal(tmp_path / "j.db", sender_waits_for_disk=True)
    async with JournaledGateway(way(twin, journal), journal) as gateway:
        [record] = await gateway.create("Shop", "Orders", [{"Title": "A"}])
        disk.before = refuse
        for _ in range(2):
            with pytest.raises(JournalError, match="Input/output error"):
                await gateway.create("Shop", "Orders", [{"Title": "Not sent"}])
        assert (await gateway.record("Shop", "Orders", record.id)).fields == {"Title": "A"}
        states = [change.state for change in (await gateway.changes()).changes]

    assert [body["records"][0]["fields"]["Title"] for body in recorded.bodies("POST")] == ["A"]
    assert states == ["refused", "refused", "applied"]


async def test_the_key_of_a_write_that_the_disk_refused_is_free(
    twin: "Twin", recorded: "Recorded", disk, tmp_path
):
    def refuse() -> None:
        raise OSError(5, "Input/output error")

    author = Author("ada", "create_records", "key-1")
    for before in (refuse, lambda: None):
        disk.before = before
        journal = SqliteJournal(tmp_path / "j.db", sender_waits_for_disk=True)
        async with JournaledGateway(way(twin, journal), journal) as gateway:
            creating = gateway.signed(author).create("Shop", "Orders", [{"Title": "A"}])
            if before is refuse:
                with pytest.raises(JournalError, match="Input/output error"):
                    await creating
            else:
                assert len(await creating) == 1

    assert len(recorded.bodies("POST")) == 1


async def test_an_intent_waits_for_another_process_without_holding_up_the_loop(tmp_path, a_change):
    async with SqliteJournal(tmp_path / "j.db", sender_waits_for_disk=True) as journal:
        with closing(sqlite3.connect(tmp_path / "j.db", isolation_level=None)) as other:
            other.execute(sql.BEGIN)
            beginning = asyncio.ensure_future(journal.begin(a_change()))
            await asyncio.sleep(0)
            assert not beginning.done()
            other.execute(sql.ROLLBACK)
        assert await beginning is None
        assert await journal.change(a_change().id) == a_change()
