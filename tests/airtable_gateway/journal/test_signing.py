"""Writes are signed, written down before they are sent, and listed with what came of them."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from airtable_gateway import (
    Author,
    ChangeNotFound,
    InvalidRequest,
    InvalidValue,
    RecordChange,
    RecordNotFound,
)

ADA = Author("ada", "create_records")


async def _order(gateway, **cells) -> str:
    [record] = await gateway.create("Shop", "Orders", [{"Title": "First", "Amount": 1} | cells])
    return str(record.id)


async def test_a_caller_learns_the_ids_of_its_changes_from_the_view_it_wrote_through(gateway):
    signed = gateway.signed(ADA)

    [record] = await signed.create("Shop", "Orders", [{"Title": "First"}])
    await signed.update("Shop", "Orders", [RecordChange(record.id, {"Amount": 2})])

    first, second = signed.written
    assert [first.operation, second.operation] == ["create", "update"]
    listed = await gateway.changes(call=signed.call)
    assert [change.id for change in listed.changes] == [second.id, first.id]
    assert (await gateway.change(first.id)).author == ADA


async def test_an_unsigned_write_is_by_unknown(gateway):
    await _order(gateway)

    [change] = (await gateway.changes()).changes

    assert change.author == Author("unknown")
    assert change.state == "applied"


async def test_a_change_shows_before_and_after_by_field_id_with_the_names_of_that_time(gateway):
    record_id = await _order(gateway, Status="Open")

    await gateway.update(
        "Shop", "orders", [RecordChange(record_id, {"amount": 7, "Status": None, "Title": "x"})]
    )

    [change, _] = (await gateway.changes(record=record_id)).changes
    named = {change.names[key]: value for key, value in change.before[record_id].fields.items()}
    after = {change.names[key]: value for key, value in change.after[record_id].fields.items()}
    assert named == {"Amount": 1, "Status": "Open", "Title": "First"}
    assert after == {"Amount": 7, "Status": None, "Title": "x"}
    assert change.place.table == "Orders"


async def test_a_refused_write_is_listed_with_its_reason_and_raised(gateway):
    signed = gateway.signed(ADA)

    with pytest.raises(InvalidValue):
        await signed.create("Shop", "Orders", [{"Amount": "many"}])

    [change] = signed.written
    settled = await gateway.change(change.id)
    assert settled.state == "refused"
    assert "cannot accept the provided value" in settled.failure.message


async def test_a_change_of_an_absent_record_is_refused_as_without_a_journal(gateway):
    with pytest.raises(RecordNotFound):
        await gateway.delete("Shop", "Orders", ["recAbsentAbsent01"])


async def test_changes_are_told_by_base_table_record_principal_and_time(gateway):
    start = datetime.now(UTC)
    record_id = await _order(gateway)
    await gateway.signed(ADA).update("Shop", "Orders", [RecordChange(record_id, {"Amount": 3})])

    async def count(**query) -> int:
        return len((await gateway.changes(**query)).changes)

    assert await count(base="Shop", table="Orders") == 2
    assert await count(table="Other") == 0
    assert await count(record=record_id) == 2
    assert await count(principal="ada") == 1
    assert await count(since=start) == 2
    assert await count(since=datetime.now(UTC) + timedelta(minutes=1)) == 0


async def test_a_wrong_query_is_refused_with_its_value(gateway):
    with pytest.raises(InvalidRequest, match="next"):
        await gateway.changes(cursor="next")
    with pytest.raises(InvalidRequest, match="limit=0"):
        await gateway.changes(limit=0)
    with pytest.raises(InvalidRequest, match="2026-01-01"):
        await gateway.changes(since=datetime(2026, 1, 1))  # noqa: DTZ001 - the naive instant is what is refused
    with pytest.raises(ChangeNotFound, match="chgAbsent"):
        await gateway.change("chgAbsent")


@pytest.mark.parametrize(
    ("cells", "typecast", "level", "loss"),
    [
        ({"Title": "x"}, False, "full", ""),
        ({"Status": "Open"}, False, "full", ""),
        ({"Status": "New"}, True, "partial", "choices"),
        ({"Title": "x"}, True, "full", ""),
    ],
)
async def test_a_creation_says_beforehand_how_far_it_can_be_undone(gateway, cells, typecast, level, loss):
    signed = gateway.signed(ADA)

    await signed.create("Shop", "Orders", [cells], typecast=typecast)

    [change] = signed.written
    assert change.undo.level == level
    assert loss in " ".join(change.undo.losses)


async def test_a_deletion_says_beforehand_what_does_not_come_back(gateway):
    signed = gateway.signed(ADA)

    await signed.delete("Shop", "Orders", [await _order(gateway)])

    [change] = signed.written
    assert change.undo.level == "partial"
    told = " ".join(change.undo.losses)
    assert all(loss in told for loss in ("id", "created time", "comments"))


async def test_what_airtable_cannot_delete_cannot_be_undone(gateway):
    signed = gateway.signed(ADA)

    await signed.create_table("Shop", "Notes", [{"name": "Name", "type": "singleLineText"}])
    await signed.create_field("Shop", "Notes", "Text", "multilineText")

    assert [change.undo.level for change in signed.written] == ["none", "none"]
    assert [change.place.table for change in signed.written] == ["Notes", "Notes"]


async def test_before_images_of_many_single_updates_are_read_in_pages_of_a_hundred(gateway, twin, counted):
    made = [await gateway.create("Shop", "Orders", [{"Amount": n} for n in range(10)]) for _ in range(12)]
    ids = [record.id for records in made for record in records]
    counted.clear()

    await asyncio.gather(
        *(gateway.update("Shop", "Orders", [RecordChange(key, {"Amount": 100})]) for key in ids)
    )

    assert counted.reads == 2
    changes = (await gateway.changes(limit=120)).changes
    assert sum(len(change.before) for change in changes) == 120
    assert all(change.before[key].created_time for change in changes for key in change.before)


async def test_two_writes_of_one_record_see_each_other(gateway):
    record_id = await _order(gateway)

    await asyncio.gather(
        *(gateway.update("Shop", "Orders", [RecordChange(record_id, {"Amount": n})]) for n in (10, 20, 30))
    )

    changes = (await gateway.changes(record=record_id, limit=3)).changes
    amounts = [
        (next(iter(c.before[record_id].fields.values())), next(iter(c.after[record_id].fields.values())))
        for c in reversed(changes)
    ]
    assert amounts == [(1, 10), (10, 20), (20, 30)]


async def test_an_upsert_sees_what_it_will_change(gateway):
    record_id = await _order(gateway, Title='A "quoted"\nname \\ x', Amount=5)
    await _order(gateway, Title="Other")
    signed = gateway.signed(ADA)

    result = await signed.upsert(
        "Shop",
        "Orders",
        [{"Title": 'A "quoted"\nname \\ x', "Amount": 6}, {"Title": "New", "Amount": 7}],
        merge_on=["Title"],
    )

    assert result.updated_ids == (record_id,)
    change = await gateway.change(signed.written[0].id)
    [amount] = [key for key, name in change.names.items() if name == "Amount"]
    assert list(change.before) == [record_id]
    assert change.before[record_id].fields[amount] == 5
    assert change.after[record_id].fields[amount] == 6
    assert change.after[result.created_ids[0]].fields[amount] == 7


async def test_an_upsert_looks_at_what_it_may_meet_alone(gateway):
    ids = [
        await _order(gateway, Title=title) for title in ("Task 1", "Task 10", "Task 1 and 2", "", "Äpfel 🍎")
    ]
    signed = gateway.signed(ADA)

    await signed.upsert("Shop", "Orders", [{"Title": "Task 1", "Amount": 6}], merge_on=["Title"])
    await signed.upsert("Shop", "Orders", [{"Title": "Äpfel 🍎", "Amount": 6}], merge_on=["Title"])

    [first, second] = [await gateway.change(change.id) for change in signed.written]
    assert list(first.before) == list(first.subjects) == [ids[0]]
    assert list(second.before) == list(second.subjects) == [ids[4]]


async def test_how_far_a_change_can_be_undone_is_told_before_it_is_made(museum):
    deletion = await museum.foresee("delete", "Gallery", "Parts")
    plain = await museum.foresee("create", "Gallery", "Parts", fields=["Part"])
    field = await museum.foresee("create_field", "Gallery", "Parts")

    signed = museum.signed(ADA)
    [record] = await signed.create("Gallery", "Parts", [{"Part": "Screw"}])
    await signed.delete("Gallery", "Parts", [record.id])
    assert [change.undo for change in signed.written] == [plain, deletion]
    assert (plain.level, deletion.level, field.level) == ("full", "partial", "none")
