"""The tables of the journal's file: how older ones become those of today, and what a write costs in them."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from airtable_gateway import Author
from airtable_gateway.journal import sql
from airtable_gateway.journal.change import Failure, Image, Outcome
from airtable_gateway.journal.port import ChangeQuery
from airtable_gateway.journal.sqlite import SqliteJournal

VERSION_2 = {
    "begin": """
INSERT INTO changes (
    id, claim, owner, call, step, at, principal, operation, base_id, base, table_id, table_name,
    state, undoes, document, before
) SELECT :id, NULL, owner, call, step, at, principal, operation, base_id, base, table_id, table_name,
    'intended', undoes, document, before FROM changes LIMIT 1
""",
    "subjects": """
INSERT OR IGNORE INTO subjects (subject, seq)
SELECT value, (SELECT seq FROM changes WHERE id = :id) FROM json_each(:subjects)
""",
    "settle": """
UPDATE changes SET state = :state, after = :after, answer = :answer, failure = :failure,
    claim = CASE WHEN :frees_key THEN NULL ELSE claim END
WHERE id = :id
""",
    "prune": "DELETE FROM changes WHERE at < ? AND state <> 'intended'",
}
"""What a process of version 2 asks of the file, with foreign keys on."""


def _of_version(version: int, path: Path) -> sqlite3.Connection:
    """An empty file as that version made it."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(sql.PRAGMAS + "".join(sql.MIGRATIONS[:version]))
    connection.execute(sql.SET_VERSION.format(version))
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


async def _a_journal_with_everything(path: Path, a_change) -> None:
    """Written and closed: open and settled changes, with and without a claim, one undone, one made again."""
    async with SqliteJournal(path) as journal:
        for change in (
            a_change(1, claim="key-1"),
            a_change(2, author=Author("bob"), before={"recB": None}, call="calOther"),
            a_change(3, undoes=a_change(2).id, recreates=("recOld",)),
            a_change(4, claim="key-4"),
            a_change(5),
        ):
            await journal.begin(change)
        await journal.settle(a_change(1).id, Outcome("applied", {"recNew": Image({"fldA": 1})}, ["recNew"]))
        await journal.settle(a_change(2).id, Outcome("refused", failure=Failure("gone", "It is gone.")))
        await journal.settle(a_change(3).id, Outcome("applied", renamed={"recOld": "recNew"}))
        await journal.note_undone(a_change(2).id, "calUndo")
        await journal.keep_file("attA", b"file")


async def test_a_file_of_an_older_version_is_carried_over_whole(tmp_path, a_change):
    await _a_journal_with_everything(tmp_path / "new.db", a_change)
    with closing(_of_version(2, tmp_path / "old.db")) as old:
        old.execute("ATTACH ? AS new", (str(tmp_path / "new.db"),))
        for table in ("changes", "subjects", "renamed", "files"):
            old.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")

    async with SqliteJournal(tmp_path / "old.db") as old_one, SqliteJournal(tmp_path / "new.db") as new_one:
        for query in (ChangeQuery(), *(ChangeQuery(record=r) for r in ("rec1", "recB", "recNew"))):
            carried = await old_one.changes(query)
            assert carried == await new_one.changes(query)
            assert carried.changes
        for claim in ("key-1", "key-4"):
            held = await new_one.claimed(claim)
            assert held is not None
            assert await old_one.claimed(claim) == held
            assert await old_one.begin(a_change(6, claim=claim)) == held
        assert await old_one.renamed(["recOld"]) == {"recOld": "recNew"}
        assert await old_one.file("attA") == b"file"
        assert [change.step for change in await old_one.take_over()] == [4, 5]

        await old_one.begin(a_change(7))
        assert [change.step for change in (await old_one.changes(ChangeQuery(limit=2))).changes] == [7, 5]


async def test_a_process_of_the_version_before_writes_on(tmp_path, a_change):
    with closing(_of_version(2, tmp_path / "j.db")) as before:
        async with SqliteJournal(tmp_path / "j.db") as journal:
            await journal.begin(a_change(1, before={"rec1": None}))
            await journal.settle(a_change(1).id, Outcome("applied"))
            change = {"id": "chgOld", "subjects": '["recOld"]'}
            outcome = {
                "state": "applied",
                "after": "{}",
                "answer": "null",
                "failure": None,
                "frees_key": False,
            }
            before.execute(VERSION_2["begin"], change)
            before.execute(VERSION_2["subjects"], change)
            before.execute(VERSION_2["settle"], change | outcome)

            [found] = (await journal.changes(ChangeQuery(record="recOld"))).changes
            assert (found.id, found.state) == ("chgOld", "applied")

            before.execute(VERSION_2["prune"], ("9999",))
            await journal.begin(a_change(2, before={}))
            for record in ("rec1", "recOld"):
                assert (await journal.changes(ChangeQuery(record=record))).changes == ()


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[sqlite3.Connection]:
    """A journal's file of today, opened beside it."""
    async with SqliteJournal(tmp_path / "j.db"):
        with closing(sqlite3.connect(tmp_path / "j.db")) as connection:
            yield connection


@pytest.mark.parametrize(
    ("statement", "values", "index"),
    [
        (sql.BY_CLAIM, ("key",), "changes_claimed"),
        (sql.OWNERS, ("owner",), "changes_intended"),
        (sql.TAKE_OVER, {"owner": "owner", "ended": "[]"}, "changes_intended"),
        (sql.ADD_SUBJECT, ("rec1", "chg1"), "sqlite_autoindex_changes_1"),
    ],
)
async def test_what_is_asked_often_is_found_by_an_index(file, statement, values, index):
    plan = [step[3] for step in file.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert index in plan[0]


async def test_to_forget_many_changes_reads_the_subjects_once(file):
    plan = [step[3] for step in file.execute(f"EXPLAIN QUERY PLAN {sql.FORGET_SUBJECTS}", ("[]",))]
    assert [step for step in plan if "subjects" in step] == ["SCAN subjects"]


async def test_a_creation_writes_six_pages_to_the_log(tmp_path, a_change):
    log = tmp_path / "j.db-wal"
    async with SqliteJournal(tmp_path / "j.db", sender_waits_for_disk=True) as journal:
        before = log.stat().st_size
        await journal.begin(a_change(before={}))
        await journal.settle(a_change().id, Outcome("applied", {"recNew": Image({})}))
        written = log.stat().st_size - before

    # The change, its id and its being open; then its outcome, that it is open no more, and the record.
    frame = 24 + 4096
    assert written == 6 * frame
