"""Who waits for the disk and who does not, and when it has what nobody waited for."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import pytest

from airtable_gateway.journal import group_commit, sql
from airtable_gateway.journal.group_commit import GroupCommit


class File:
    """A database in a file with one table of numbers, written in groups."""

    def __init__(self, path: Path, thread: ThreadPoolExecutor) -> None:
        self.path = path
        self.thread = thread
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.connection.executescript(sql.PRAGMAS + "CREATE TABLE numbers (number INTEGER);")
        self.commits = GroupCommit(thread, lambda: self.connection)

    async def add(self, number: int, *, waits_for_disk: bool) -> int:
        """Write the number; SQLite's word for how long the commit waits: 1 not for the disk, 2 for it."""

        def work(connection: sqlite3.Connection) -> int:
            connection.execute("INSERT INTO numbers VALUES (?)", (number,))
            return int(connection.execute("PRAGMA synchronous").fetchone()[0])

        return await self.commits.write(work, waits_for_disk=waits_for_disk)

    def in_main_file(self) -> set[int]:
        """The numbers that the file holds without what is beside it."""
        alone = shutil.copy(self.path, self.path.with_name("alone.db"))
        with sqlite3.connect(alone) as connection:
            numbers = {number for (number,) in connection.execute("SELECT number FROM numbers")}
        connection.close()
        return numbers

    async def thread_is_done(self) -> None:
        """Until everything that was begun by now is done."""
        await asyncio.get_running_loop().run_in_executor(self.thread, lambda: None)


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[File]:
    with ThreadPoolExecutor(1) as thread:
        file = File(tmp_path / "numbers.db", thread)
        file.connection.execute(sql.CHECKPOINT).fetchall()
        yield file
        file.commits.close()
        file.connection.close()


async def test_who_waits_for_the_disk_does_and_who_does_not_does_not(file):
    assert await file.add(1, waits_for_disk=True) == 2
    assert await file.add(2, waits_for_disk=False) == 1
    assert await file.add(3, waits_for_disk=True) == 2


async def test_one_who_waits_for_the_disk_takes_the_others_along(file):
    held = asyncio.Event()
    loop = asyncio.get_running_loop()
    file.thread.submit(lambda: asyncio.run_coroutine_threadsafe(held.wait(), loop).result())
    adding = [asyncio.create_task(file.add(n, waits_for_disk=n == 2)) for n in (1, 2, 3)]
    await asyncio.sleep(0)
    held.set()

    assert await asyncio.gather(*adding) == [2, 2, 2]


async def test_another_process_sees_at_once_what_does_not_wait_for_the_disk(file):
    await file.add(7, waits_for_disk=False)

    with sqlite3.connect(file.path) as other:
        assert other.execute("SELECT number FROM numbers").fetchall() == [(7,)]
    other.close()
    assert file.in_main_file() == set()


async def test_the_disk_soon_has_what_nobody_waited_for(file, monkeypatch):
    monkeypatch.setattr(group_commit, "SOON_SECONDS", 0)
    await file.add(7, waits_for_disk=False)
    await asyncio.sleep(0)
    await file.thread_is_done()

    assert file.in_main_file() == {7}


class UnderLoad:
    """A connection beside which others write during each of the first checkpoints."""

    def __init__(self, times: int) -> None:
        self._times = times
        self.checkpoints = 0

    def execute(self, statement: str) -> Self:
        assert statement == sql.CHECKPOINT
        self.checkpoints += 1
        return self

    def fetchall(self) -> list[tuple[int, int, int]]:
        written = min(self.checkpoints, self._times + 1)
        return [(0, written, written)]


@pytest.mark.parametrize(("times", "checkpoints"), [(0, 2), (3, 5), (10_000, 10)])
async def test_the_log_is_brought_to_the_disk_until_nothing_is_new_in_it(
    file, monkeypatch, times, checkpoints
):
    monkeypatch.setattr(group_commit, "SOON_SECONDS", 0)
    loaded: Any = UnderLoad(times)
    GroupCommit(file.thread, lambda: loaded).bring_to_disk_soon()
    await file.thread_is_done()  # by then it was asked for
    await file.thread_is_done()

    assert loaded.checkpoints == checkpoints


async def test_a_write_that_fails_takes_back_itself_alone(file):
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO numbers VALUES (9)")
        connection.execute("INSERT INTO nowhere VALUES (9)")

    ends = await asyncio.gather(
        file.add(1, waits_for_disk=True),
        file.commits.write(fail),
        file.add(2, waits_for_disk=False),
        return_exceptions=True,
    )

    assert isinstance(ends[1], sqlite3.OperationalError)
    assert set(file.connection.execute("SELECT number FROM numbers")) == {(1,), (2,)}


async def test_every_write_is_refused_when_the_thread_has_ended(file):
    await file.thread_is_done()
    file.thread.shutdown()

    for number in (1, 2):
        with pytest.raises(RuntimeError):
            await asyncio.wait_for(file.add(number, waits_for_disk=False), 5)
