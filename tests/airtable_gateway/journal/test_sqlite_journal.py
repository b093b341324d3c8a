"""What the journal's file survives, and what it says of a file that is none."""

import asyncio
import os
import sqlite3

import pytest

from airtable_gateway.journal.errors import JournalUnusable
from airtable_gateway.journal.port import ChangeQuery
from airtable_gateway.journal.sqlite import SqliteJournal


async def test_two_open_journals_share_the_file_and_leave_each_others_intents_alone(tmp_path, a_change):
    async with SqliteJournal(tmp_path / "j.db") as first, SqliteJournal(tmp_path / "j.db") as second:
        await asyncio.gather(
            *(journal.begin(a_change(number)) for number, journal in enumerate([first, second] * 10))
        )

        assert await second.take_over() == []
        assert await first.take_over() == []


async def test_a_file_that_is_no_journal_is_refused_with_a_way_out(tmp_path):
    path = tmp_path / "j.db"
    path.write_bytes(b"no database" * 1000)

    with pytest.raises(JournalUnusable, match=r"j\.db") as refused:
        async with SqliteJournal(path):
            pass

    assert "JOURNAL=off" in refused.value.hint


async def test_a_file_of_a_newer_version_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "j.db") as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()

    with pytest.raises(JournalUnusable, match="newer version"):
        async with SqliteJournal(tmp_path / "j.db"):
            pass


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(JournalUnusable):
        async with SqliteJournal(tmp_path / "file" / "j.db"):
            pass


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
async def test_nobody_else_may_read_the_file(tmp_path, a_change):
    async with SqliteJournal(tmp_path / "j.db") as journal:
        await journal.begin(a_change())

        rights = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.glob("j.db*")}
        assert {name: mode for name, mode in rights.items() if not name.endswith(".lock")} == {
            "j.db": 0,
            "j.db-wal": 0,
            "j.db-shm": 0,
        }


async def test_nothing_is_left_beside_the_file_when_it_is_closed(tmp_path):
    async with SqliteJournal(tmp_path / "j.db"):
        pass

    assert [path.name for path in tmp_path.iterdir()] == ["j.db"]


async def test_of_many_writes_at_once_one_that_fails_takes_back_itself_alone(tmp_path, a_change):
    async with SqliteJournal(tmp_path / "j.db") as journal:
        twice = a_change(5)
        await journal.begin(twice)

        ends = await asyncio.gather(
            *(journal.begin(a_change(number)) for number in range(10)), return_exceptions=True
        )

        assert [type(end).__name__ for end in ends] == [
            "JournalUnusable" if number == 5 else "NoneType" for number in range(10)
        ]
        assert len((await journal.changes(ChangeQuery())).changes) == 10


async def test_a_caller_that_goes_away_hinders_no_other(tmp_path, a_change):
    async with SqliteJournal(tmp_path / "j.db") as journal:
        tasks = [asyncio.ensure_future(journal.begin(a_change(number))) for number in range(10)]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

        kept = {change.step for change in (await journal.changes(ChangeQuery())).changes}
        assert kept >= {1, 3, 5, 7, 9}
