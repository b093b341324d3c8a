"""Taking back refuses to overwrite, unless it is forced, and a dry run only tells."""

import asyncio

import pytest

from airtable_gateway import (
    Author,
    ChangeNotFound,
    InvalidValue,
    JournaledGateway,
    KeyReused,
    MemoryJournal,
    NotUndoable,
    RecordChange,
    RecordQuery,
    UndoConflict,
    Unreachable,
)

BASE, THINGS, PARTS = "Gallery", "Things", "Parts"
TABLE, STOOL, SHELF = "recTable000000000", "recStool000000000", "recShelf000000000"
LEG, TOP = "recLeg00000000000", "recTop00000000000"
ADA = Author("ada", "a_tool")


async def test_what_was_changed_since_is_not_overwritten_and_the_difference_is_shown(museum):
    signed = museum.signed(ADA)
    await signed.update(BASE, THINGS, [RecordChange(TABLE, {"Amount": 1, "Notes": "mine"})])
    await museum.update(BASE, THINGS, [RecordChange(TABLE, {"Amount": 2})])

    with pytest.raises(UndoConflict) as refused:
        await museum.undo(signed.written[0].id)

    [difference] = refused.value.differences
    assert (difference.subject, difference.part) == (TABLE, "Amount")
    assert (difference.before, difference.left, difference.now) == (12.5, 1, 2)
    assert all(text in str(refused.value) for text in (TABLE, "Amount", "12.5", "1", "2"))
    assert (await museum.record(BASE, THINGS, TABLE)).fields["Notes"] == "mine"


async def test_force_overwrites_what_was_changed_since(museum):
    signed = museum.signed(ADA)
    await signed.update(BASE, THINGS, [RecordChange(TABLE, {"Amount": 1})])
    await museum.update(BASE, THINGS, [RecordChange(TABLE, {"Amount": 2})])

    undone = await museum.undo(signed.written[0].id, force=True)

    assert [difference.now for difference in undone.differences] == [2]
    assert (await museum.record(BASE, THINGS, TABLE)).fields["Amount"] == 12.5


async def test_cells_that_the_change_did_not_touch_may_have_changed_since(museum):
    signed = museum.signed(ADA)
    await signed.update(BASE, THINGS, [RecordChange(TABLE, {"Amount": 1})])
    await museum.update(BASE, THINGS, [RecordChange(TABLE, {"Notes": "later"})])

    await museum.undo(signed.written[0].id)

    fields = (await museum.record(BASE, THINGS, TABLE)).fields
    assert (fields["Amount"], fields["Notes"]) == (12.5, "later")


async def test_a_created_record_that_somebody_filled_since_is_not_deleted(museum):
    signed = museum.signed(ADA)
    [record] = await signed.create(BASE, THINGS, [{"Name": "New"}])
    await museum.update(BASE, PARTS, [RecordChange(TOP, {"Things": [record.id]})])

    with pytest.raises(UndoConflict, match="Parts"):
        await museum.undo(signed.written[0].id)

    assert (await museum.record(BASE, THINGS, record.id)).id == record.id


async def test_a_record_that_is_gone_cannot_be_restored(museum):
    signed = museum.signed(ADA)
    await signed.update(
        BASE, THINGS, [RecordChange(SHELF, {"Amount": 1}), RecordChange(TABLE, {"Amount": 1})]
    )
    await museum.delete(BASE, THINGS, [SHELF])

    with pytest.raises(UndoConflict, match="no longer there"):
        await museum.undo(signed.written[0].id)
    await museum.undo(signed.written[0].id, force=True)

    assert (await museum.record(BASE, THINGS, TABLE)).fields["Amount"] == 12.5


async def test_links_to_records_that_are_gone_are_told_and_left_out_only_by_force(museum):
    first = museum.signed(ADA)
    await first.update(BASE, THINGS, [RecordChange(TABLE, {"Parts": [LEG]})])
    await museum.delete(BASE, PARTS, [TOP])

    with pytest.raises(UndoConflict, match=f"{TOP}: no longer there"):
        await museum.undo(first.written[0].id)
    await museum.undo(first.written[0].id, force=True)

    assert (await museum.record(BASE, THINGS, TABLE)).fields["Parts"] == [LEG]


async def test_a_dry_run_tells_and_writes_nothing(museum, seen):
    signed = museum.signed(ADA)
    await signed.delete(BASE, THINGS, [TABLE])
    await museum.update(BASE, PARTS, [RecordChange(TOP, {"Weight": 9})])
    before, count = await seen(museum), len((await museum.changes()).changes)

    told = await museum.undo(signed.written[0].id, dry_run=True)

    assert [(step.verb, step.subject) for step in told.steps] == [
        ("recreate", TABLE),
    ]
    assert told.call == ""
    assert told.written == ()
    assert any("id" in loss for loss in told.losses)
    assert (await seen(museum), len((await museum.changes()).changes)) == (before, count)


async def test_a_dry_run_shows_differences_and_does_not_refuse(museum):
    signed = museum.signed(ADA)
    await signed.update(BASE, THINGS, [RecordChange(TABLE, {"Amount": 1})])
    await museum.update(BASE, THINGS, [RecordChange(TABLE, {"Amount": 2})])

    told = await museum.undo(signed.written[0].id, dry_run=True)

    assert [difference.part for difference in told.differences] == ["Amount"]


async def test_what_is_undone_already_needs_no_step(museum):
    signed = museum.signed(ADA)
    await signed.delete(BASE, THINGS, [TABLE])
    first = await museum.undo(signed.written[0].id)

    again = await museum.undo(signed.written[0].id)

    assert (again.steps, again.call, again.written) == ((), "", ())
    assert (await museum.change(signed.written[0].id)).undone_by == first.call
    assert len((await museum.page(BASE, THINGS, RecordQuery())).records) == 3


async def test_an_undo_that_is_undone_leaves_the_change_in_force(museum):
    signed = museum.signed(ADA)
    await signed.update(BASE, THINGS, [RecordChange(TABLE, {"Amount": 1})])
    change_id = signed.written[0].id

    undone = await museum.undo(change_id)
    await museum.undo(undone.call)

    assert (await museum.change(change_id)).undone_by == ""
    assert (await museum.record(BASE, THINGS, TABLE)).fields["Amount"] == 1


async def test_a_field_that_was_deleted_or_renamed_since_is_found_by_its_id(museum):
    signed = museum.signed(ADA)
    await signed.update(BASE, THINGS, [RecordChange(TABLE, {"Amount": 1})])
    await museum.update_field(BASE, THINGS, "Amount", name="Sum")

    await museum.undo(signed.written[0].id)

    assert (await museum.record(BASE, THINGS, TABLE)).fields["Sum"] == 12.5


async def test_a_refused_write_cannot_be_undone(museum):
    signed = museum.signed(ADA)
    with pytest.raises(InvalidValue):
        await signed.create(BASE, THINGS, [{"Amount": "many"}])

    with pytest.raises(NotUndoable, match="refused"):
        await museum.undo(signed.written[0].id)


async def test_an_unknown_change_or_call_is_not_found(museum):
    for absent in ("chgAbsent", "calAbsent"):
        with pytest.raises(ChangeNotFound, match=absent):
            await museum.undo(absent)


@pytest.mark.parametrize("by_call", [False, True])
async def test_what_is_undone_by_several_at_once_is_made_again_once(museum, by_call):
    signed = museum.signed(ADA)
    await signed.delete(BASE, THINGS, [TABLE])
    change_id = signed.written[0].id

    undone = await asyncio.gather(
        *(museum.undo(named) for named in (change_id, signed.call if by_call else change_id, change_id))
    )

    assert sorted(len(each.new_ids) for each in undone) == [0, 0, 1]
    assert len((await museum.page(BASE, THINGS, RecordQuery())).records) == 3


async def test_undo_under_a_known_key_does_nothing_twice_and_tells_the_same(museum):
    signed = museum.signed(ADA)
    await signed.delete(BASE, THINGS, [TABLE, STOOL])
    change_id = signed.written[0].id
    bob = Author("bob", "undo_change", "key-1")

    first = await museum.undo(change_id, author=bob)
    again = await museum.undo(change_id, author=bob)

    assert (again.call, again.new_ids) == (first.call, first.new_ids)
    assert [change.id for change in again.written] == [change.id for change in first.written]
    assert len((await museum.page(BASE, THINGS, RecordQuery())).records) == 3


async def test_a_key_of_one_undo_is_refused_for_another(museum):
    first, second = museum.signed(ADA), museum.signed(ADA)
    await first.update(BASE, THINGS, [RecordChange(TABLE, {"Amount": 1})])
    await second.update(BASE, THINGS, [RecordChange(SHELF, {"Amount": 1})])
    bob = Author("bob", "undo_change", "key-1")
    await museum.undo(first.written[0].id, author=bob)

    with pytest.raises(KeyReused, match=second.written[0].id):
        await museum.undo(second.written[0].id, author=bob)


async def test_a_change_whose_answer_was_lost_is_looked_for_and_undone(counted):
    async with JournaledGateway(counted, MemoryJournal(), settling_seconds=0) as gateway:
        counted.fail_next(Unreachable("Lost"), after=True)
        signed = gateway.signed(ADA)
        with pytest.raises(Unreachable):
            await signed.create("Shop", "Orders", [{"Title": "a"}])

        await gateway.undo(signed.written[0].id)

        assert (await gateway.page("Shop", "Orders", RecordQuery())).records == []
