"""Where the journal of a process is, and whether there is one."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from airtable_gateway import ChangeNotFound, JournaledGateway
from airtable_gateway.journal import write_ahead_log
from pyairtable_app.errors import CannotOpenData
from pyairtable_app.settings import Settings
from pyairtable_app.wiring import Wiring


def _wiring(folder: Path, **env: str) -> Wiring:
    return Wiring(Settings.from_env({"DATA_DIR": str(folder), **env}))


@asynccontextmanager
async def _journaled(wiring: Wiring) -> AsyncIterator[JournaledGateway]:
    async with wiring.running():
        assert isinstance(wiring.gateway, JournaledGateway)
        yield wiring.gateway


async def test_writes_are_kept_in_the_data_folder(tmp_path):
    wiring = _wiring(tmp_path)

    async with wiring.running():
        assert isinstance(wiring.gateway, JournaledGateway)
        assert (await wiring.gateway.changes()).changes == ()

    assert (tmp_path / "journal.db").exists()


async def test_who_sends_a_write_brings_its_intent_to_the_disk_before(data_dir, monkeypatch):
    brought: list[int] = []

    def bring_to_disk(file: int) -> None:
        brought.append(file)
        os.fsync(file)

    monkeypatch.setattr(write_ahead_log, "_bring_to_disk", bring_to_disk)
    async with _journaled(_wiring(data_dir)) as gateway:
        for number in range(3):
            await gateway.create("Studio", "Tasks", [{}])
            assert len(brought) == number + 1


async def test_no_journal_is_made_where_none_is_wanted(tmp_path):
    wiring = _wiring(tmp_path, JOURNAL="off")

    async with wiring.running():
        assert not isinstance(wiring.gateway, JournaledGateway)

    assert list(tmp_path.iterdir()) == []


async def test_writes_are_kept_in_the_services_database_where_it_is_postgres(tmp_path, postgres_url):
    wiring = _wiring(tmp_path, DATABASE_URL=postgres_url)

    async with wiring.running():
        assert isinstance(wiring.gateway, JournaledGateway)
        assert (await wiring.gateway.changes()).changes == ()
    assert not (tmp_path / "journal.db").exists()


@pytest.mark.parametrize(
    ("listed", "shown"),
    [
        ({}, 1),
        ({"ALLOWED_TABLES": "tasks"}, 1),
        ({"ALLOWED_TABLES": "People"}, 0),
        ({"ALLOWED_BASES": "x"}, 0),
    ],
)
async def test_changes_of_what_is_not_listed_are_neither_shown_nor_taken_back(data_dir, listed, shown):
    async with _journaled(_wiring(data_dir)) as gateway:
        await gateway.create("Studio", "Tasks", [{}])
        [change] = (await gateway.changes()).changes

    async with _journaled(_wiring(data_dir, **listed)) as gateway:
        page = await gateway.changes()

        assert len(page.changes) == shown
        if not shown:
            with pytest.raises(ChangeNotFound):
                await gateway.change(change.id)
            with pytest.raises(ChangeNotFound):
                await gateway.undo(change.call)


async def test_a_file_that_is_no_journal_says_what_to_do(tmp_path):
    (tmp_path / "journal.db").write_bytes(b"nothing of ours" * 100)

    with pytest.raises(CannotOpenData, match="JOURNAL=off"):
        async with _wiring(tmp_path).running():
            pass
