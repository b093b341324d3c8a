"""A process that ends between intent and outcome leaves no doubt that looking can settle."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from airtable_gateway import (
    Author,
    JournaledGateway,
    MemoryJournal,
    NotUndoable,
    OutcomeUnknown,
    RecordChange,
    RecordNotFound,
    RecordQuery,
)
from airtable_gateway.journal.change import Change, Outcome

KEY = Author("ada", "a_tool", "k")


class Forgetful(MemoryJournal):
    """A journal whose process ends before an outcome is written."""

    ends = True

    async def settle(self, change_id: str, outcome: Outcome) -> None:
        if self.ends:
            raise ProcessEnded
        await super().settle(change_id, outcome)


class ProcessEnded(BaseException):
    """kill -9, as far as a test can have it in one process."""


_WRITES = {
    "create": lambda g, _: g.create("Shop", "Orders", [{"Title": "b", "Amount": 1}, {"Title": "c"}]),
    "create two alike": lambda g, _: g.create("Shop", "Orders", [{"Title": "b"}, {"Title": "b"}]),
    "update": lambda g, key: g.update(
        "Shop", "Orders", [RecordChange(key, {"Title": "b", "Status": "Done"})]
    ),
    "replace": lambda g, key: g.update("Shop", "Orders", [RecordChange(key, {"Title": "b"})], replace=True),
    "upsert": lambda g, _: g.upsert(
        "Shop", "Orders", [{"Title": "a", "Amount": 9}, {"Title": "z", "Amount": 8}], merge_on=["Title"]
    ),
    "delete": lambda g, key: g.delete("Shop", "Orders", [key]),
}


@pytest.fixture
async def order(shop) -> str:
    [record] = await shop.create("Shop", "Orders", [{"Title": "a", "Amount": 5}])
    return str(record.id)


async def _all(gateway) -> list[dict[str, object]]:
    page = await gateway.page("Shop", "Orders", RecordQuery())
    return sorted((dict(record.fields) for record in page.records), key=repr)


async def _ended_during(journal, gateway, write, key) -> None:
    async with JournaledGateway(gateway, journal) as ended:
        with pytest.raises(ProcessEnded):
            await write(ended.signed(KEY), key)
    journal.ends = False


@pytest.mark.parametrize("write", _WRITES.values(), ids=_WRITES)
async def test_what_was_applied_is_found_and_its_key_gives_the_answer(counted, order, write):
    journal = Forgetful()
    await _ended_during(journal, counted, write, order)
    there = await _all(counted)

    async with JournaledGateway(counted, journal) as gateway:
        await gateway.settled()
        [change] = (await gateway.changes()).changes
        counted.clear()
        await write(gateway.signed(KEY), order)

        assert change.state == "applied"
        assert counted.writes == 0
        assert await _all(gateway) == there


@pytest.mark.parametrize("write", _WRITES.values(), ids=_WRITES)
async def test_what_was_applied_unseen_can_be_undone(counted, order, write):
    before = await _all(counted)
    journal = Forgetful()
    await _ended_during(journal, counted, write, order)

    async with JournaledGateway(counted, journal) as gateway:
        await gateway.settled()
        [change] = (await gateway.changes()).changes
        await gateway.undo(change.id)

        assert await _all(gateway) == before


@pytest.mark.parametrize("write", _WRITES.values(), ids=_WRITES)
async def test_what_never_reached_airtable_is_found_and_its_key_is_free(counted, order, write):
    journal = Forgetful()
    counted.fail_next(ProcessEnded())
    await _ended_during(journal, counted, write, order)
    before = await _all(counted)

    async with JournaledGateway(counted, journal, settling_seconds=0) as gateway:
        await gateway.settled()
        [change] = (await gateway.changes()).changes
        assert change.state == "refused"
        assert await _all(gateway) == before

        await write(gateway.signed(KEY), order)

        assert await _all(gateway) != before


async def test_a_created_record_that_got_more_cells_than_were_sent_is_found(counted, shop):
    """Default values, automations and a mark field fill cells of their own."""
    journal = Forgetful()
    await _ended_during(journal, counted, lambda g, _: g.create("Shop", "Orders", [{"Title": "b"}]), "")
    [record] = (await shop.page("Shop", "Orders", RecordQuery())).records
    await shop.update("Shop", "Orders", [RecordChange(record.id, {"Status": "Open"})])

    async with JournaledGateway(counted, journal) as gateway:
        await gateway.settled()
        [change] = (await gateway.changes()).changes

        assert change.state == "applied"
        assert list(change.after) == [record.id]


async def test_of_two_alike_nobody_knows_which_is_ours(counted, shop):
    journal = Forgetful()
    await _ended_during(journal, counted, lambda g, _: g.create("Shop", "Orders", [{"Title": "b"}]), "")
    await shop.create("Shop", "Orders", [{"Title": "b"}])

    async with JournaledGateway(counted, journal) as gateway:
        await gateway.settled()
        [change] = (await gateway.changes()).changes

        assert change.state == "unknown"
        assert change.failure
        assert "does not tell" in change.failure.message


async def test_a_record_that_another_change_made_is_not_taken_for_the_lost_one(counted, shop):
    journal = Forgetful()
    counted.fail_next(ProcessEnded())
    await _ended_during(journal, counted, lambda g, _: g.create("Shop", "Orders", [{"Title": "b"}]), "")

    async with JournaledGateway(counted, journal, settling_seconds=0) as gateway:
        await gateway.create("Shop", "Orders", [{"Title": "b"}])
        await gateway.settled()
        states = [change.state for change in (await gateway.changes()).changes]

        assert states == ["applied", "refused"]


async def test_a_value_that_somebody_else_changed_meanwhile_leaves_the_outcome_unknown(counted, order, shop):
    journal = Forgetful()
    await _ended_during(journal, counted, _WRITES["update"], order)
    await shop.update("Shop", "Orders", [RecordChange(order, {"Title": "theirs"})])

    async with JournaledGateway(counted, journal) as gateway:
        await gateway.settled()

        assert (await gateway.changes()).changes[0].state == "unknown"


async def test_a_table_that_is_gone_tells_nothing_and_hinders_nobody(counted, order, shop, twin):
    journal = Forgetful()
    await _ended_during(journal, counted, _WRITES["delete"], order)
    with pytest.raises(RecordNotFound):
        await shop.record("Shop", "Orders", order)

    async with JournaledGateway(counted, journal) as gateway:
        await asyncio.wait_for(gateway.settled(), 10)

        assert (await gateway.changes()).changes[0].state == "applied"


HOUR = timedelta(hours=1)


class Hasty(Forgetful):
    """A journal on a machine whose clock was an hour ahead."""

    async def begin(self, change: Change) -> Change | None:
        return await super().begin(replace(change, at=change.at + HOUR))


@pytest.mark.parametrize("write", [_WRITES["create"], _WRITES["upsert"]], ids=["create", "upsert"])
async def test_a_clock_that_was_ahead_takes_no_new_record_for_absent(counted, order, write):
    journal = Hasty()
    await _ended_during(journal, counted, write, order)
    there = await _all(counted)

    async with JournaledGateway(counted, journal, settling_seconds=0) as gateway:
        await gateway.settled()
        [change] = (await gateway.changes()).changes
        counted.clear()
        if change.state != "applied":
            with pytest.raises(OutcomeUnknown):
                await write(gateway.signed(KEY), order)

        assert change.state in ("applied", "unknown")
        assert counted.writes == 0
        assert await _all(gateway) == there


async def test_a_clock_that_is_ahead_of_airtables_takes_nothing_for_absent(counted):
    journal = Forgetful()
    counted.fail_next(ProcessEnded())
    await _ended_during(journal, counted, lambda g, _: g.create("Shop", "Orders", [{"Title": "b"}]), "")

    def an_hour_ago() -> datetime:
        return datetime.now(UTC) - HOUR

    async with JournaledGateway(counted, journal, settling_seconds=0, server_time=an_hour_ago) as gateway:
        await gateway.settled()

        assert (await gateway.changes()).changes[0].state == "unknown"


async def test_changes_are_dated_by_airtables_clock(counted):
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)

    async with JournaledGateway(counted, MemoryJournal(), server_time=lambda: noon) as gateway:
        await gateway.create("Shop", "Orders", [{"Title": "b"}])

        assert (await gateway.changes()).changes[0].at == noon


_BESIDE_RECORDS = {
    "create_table": lambda g, _: g.create_table("Shop", "New", [{"name": "N", "type": "singleLineText"}]),
    "create_field": lambda g, _: g.create_field("Shop", "Orders", "New", "singleLineText"),
    "update_table": lambda g, _: g.update_table("Shop", "Orders", description="New"),
    "update_field": lambda g, _: g.update_field("Shop", "Orders", "Title", description="New"),
    "create_comment": lambda g, key: g.create_comment("Shop", "Orders", key, "New"),
}


@pytest.mark.parametrize("write", _BESIDE_RECORDS.values(), ids=_BESIDE_RECORDS)
async def test_what_no_look_settles_is_said_unknown_and_never_repeated(counted, order, write):
    journal = Forgetful()
    await _ended_during(journal, counted, write, order)

    async with JournaledGateway(counted, journal, settling_seconds=0) as gateway:
        await gateway.settled()
        [change] = (await gateway.changes()).changes
        counted.clear()
        with pytest.raises(OutcomeUnknown):
            await write(gateway.signed(KEY), order)
        with pytest.raises(NotUndoable, match="nobody knows"):
            await gateway.undo(change.id)

        assert change.state == "unknown"
        assert counted.writes == 0
