"""What the event loop does itself."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from airtable_gateway.journal import sql
from airtable_gateway.journal.change import Outcome
from airtable_gateway.journal.quick_writes import QuickWrites
from airtable_gateway.journal.sqlite import SqliteJournal

ADD = "INSERT INTO numbers VALUES (7)"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another connection to a file with one table of numbers."""
    with closing(sqlite3.connect(tmp_path / "numbers.db", isolation_level=None)) as connection:
        connection.executescript(sql.PRAGMAS + "CREATE TABLE numbers (number INTEGER);")
        yield connection


@pytest.fixture
def quick(tmp_path: Path, other: sqlite3.Connection) -> Iterator[QuickWrites]:
    with closing(QuickWrites(tmp_path / "numbers.db")) as writes:
        yield writes


def numbers(connection: sqlite3.Connection) -> list[int]:
    return [number for (number,) in connection.execute("SELECT number FROM numbers")]


def test_what_was_written_is_seen_by_others(quick, other):
    quick.write(lambda connection: connection.execute(ADD))
    assert numbers(other) == [7]


def test_one_statement_is_written_by_itself(quick, other):
    quick.write_one("INSERT INTO numbers VALUES (?)", (7,))
    assert numbers(other) == [7]

    other.execute(sql.BEGIN)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        quick.write_one("INSERT INTO numbers VALUES (?)", (8,))
    other.execute(sql.COMMIT)
    assert numbers(other) == [7]


def test_nothing_is_written_while_another_writes(quick, other):
    other.execute(sql.BEGIN)

    with pytest.raises(sqlite3.OperationalError, match="locked"):
        quick.write(lambda connection: connection.execute(ADD))

    other.execute(sql.COMMIT)
    assert numbers(other) == []
    quick.write(lambda connection: connection.execute(ADD))
    assert numbers(other) == [7]


def test_work_that_fails_leaves_nothing_and_hinders_nobody(quick, other):
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute(ADD)
        connection.execute("INSERT INTO nowhere VALUES (7)")

    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        quick.write(fail)

    other.execute(ADD)
    assert numbers(other) == [7]


def test_a_file_that_is_gone_is_not_made_anew(tmp_path):
    with pytest.raises(sqlite3.OperationalError):
        QuickWrites(tmp_path / "gone.db").write(lambda connection: connection.execute(ADD))

    assert list(tmp_path.iterdir()) == []


async def test_an_outcome_waits_for_another_process_without_holding_up_the_loop(tmp_path, a_change):
    async with SqliteJournal(tmp_path / "j.db") as journal:
        change = a_change()
        await journal.begin(change)
        with closing(sqlite3.connect(tmp_path / "j.db", isolation_level=None)) as other:
            other.execute(sql.BEGIN)
            settling = asyncio.ensure_future(journal.settle(change.id, Outcome("applied")))
            await asyncio.sleep(0)
            assert not settling.done()
            other.execute(sql.ROLLBACK)
        await settling

        settled = await journal.change(change.id)
        assert settled is not None
        assert settled.state == "applied"


async def test_what_is_done_at_once_is_done_when_it_is_asked_for(tmp_path, a_change):
    async with SqliteJournal(tmp_path / "j.db", sender_waits_for_disk=True) as journal:
        for change in (a_change(1, claim="key"), a_change(2, before={})):
            begun = asyncio.ensure_future(journal.begin(change))
            assert begun.done()
            assert begun.result() is None
        settled = asyncio.ensure_future(journal.settle(a_change(1).id, Outcome("applied")))
        assert settled.done()

        looking = asyncio.ensure_future(journal.claimed("key"))
        await asyncio.sleep(0)
        assert looking.done()
        assert looking.result() == a_change(1, claim="key", state="applied")


async def test_a_claim_is_found_while_another_process_writes(tmp_path, a_change):
    async with SqliteJournal(tmp_path / "j.db") as journal:
        await journal.begin(a_change(1, claim="key"))
        with closing(sqlite3.connect(tmp_path / "j.db", isolation_level=None)) as other:
            other.execute(sql.BEGIN)
            assert await journal.claimed("key") == a_change(1, claim="key")


@pytest.mark.skipif(os.name != "posix", reason="other systems keep a file that is open")
async def test_a_claim_is_found_though_the_file_cannot_be_opened_again(tmp_path, a_change):
    async with SqliteJournal(tmp_path / "j.db") as journal:
        await journal.begin(a_change(1, claim="key"))
        (tmp_path / "j.db").unlink()

        assert await journal.claimed("key") == a_change(1, claim="key")
