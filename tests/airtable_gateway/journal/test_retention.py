"""What is older than the journal's memory is forgotten when it opens."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from airtable_gateway import ChangeNotFound, JournaledGateway, MemoryJournal
from airtable_gateway.journal.change import Outcome


@pytest.mark.parametrize(
    ("kept_for", "left"), [(timedelta(days=90), ["new"]), (None, ["new", "old"]), (timedelta(0), [])]
)
async def test_only_changes_that_are_too_old_are_forgotten(counted, a_change, kept_for, left):
    journal = MemoryJournal()
    now = datetime.now(UTC)
    for call, at in (("old", now - timedelta(days=91)), ("new", now - timedelta(days=89))):
        change = a_change(1, id=f"chg{call}", call=call, at=at)
        await journal.begin(change)
        await journal.settle(change.id, Outcome("applied"))

    async with JournaledGateway(counted, journal, kept_for=kept_for) as gateway:
        # The chores of the opening have had their turn when the loop comes round again.
        for _ in range(5):
            await asyncio.sleep(0)
        there = [change.call for change in (await gateway.changes()).changes]

        assert there == left
        if "old" not in left:
            with pytest.raises(ChangeNotFound):
                await gateway.undo("chgold")
