"""What was changed is taken back: do, then undo, gives an equal base."""

from typing import Any

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
    RecordNotFound,
    RecordQuery,
    UndoConflict,
    Unreachable,
)

BASE, THINGS, PARTS = "Gallery", "Things", "Parts"
TABLE, STOOL, SHELF = "recTable000000000", "recStool000000000", "recShelf000000000"
LEG, TOP = "recLeg00000000000", "recTop00000000000"
ADA = Author("ada", "a_tool")

_OF_A_MOMENT = {"Changed", "Changer"}
"""Fields that tell when a record was changed last: no undo brings that back, and each change says so."""

_OF_A_RECORD = _OF_A_MOMENT | {"Number", "Made", "Maker", "Summary", "Source", "Rank"}
"""Fields that tell of the record itself, or that the API does not take: a record made again has them anew."""


async def seen(gateway, *, renamed=None, leaving=_OF_A_MOMENT) -> dict[str, Any]:
    """Every record of both tables with every cell, computed ones included, by its id of before."""
    old = {new: was for was, new in (renamed or {}).items()}
    base = {}
    for table in (THINGS, PARTS):
        page = await gateway.page(BASE, table, RecordQuery())
        for record in page.records:
            cells = {name: value for name, value in record.fields.items() if name not in leaving}
            base[old.get(record.id, record.id)] = _normal(cells, old)
    return base


def _normal(value: Any, old: dict[str, str]) -> Any:
    """Links as a set of the ids of before, files without the ids and addresses that they have now."""
    match value:
        case dict():
            return {key: _normal(item, old) for key, item in value.items() if key not in ("id", "url")}
        case [str(), *_] if all(item.startswith("rec") for item in value):
            return sorted(old.get(item, item) for item in value)
        case list():
            # What is looked up stands in the order of the links, which may have changed on the other side.
            return sorted((_normal(item, old) for item in value), key=repr)
        case _:
            return value


_EVERYTHING: dict[str, Any] = {
    "Name": "Bench",
    "Notes": "new\nlines",
    "Story": "**bold**",
    "Email": "a@example.com",
    "Site": "https://example.com",
    "Phone": "(415) 555-2671",
    "Amount": 99.5,
    "Whole": 3,
    "Share": 0.5,
    "Price": 12.25,
    "Stars": 4,
    "Length": 90,
    "Done": True,
    "Status": "Doing",
    "Labels": ["blue", "red"],
    "Lead": {"id": "usrAda00000000000"},
    "Team": [{"id": "usrAda00000000000"}],
    "Day": "2026-05-06",
    "At": "2026-05-06T07:08:09.000Z",
    "Code": {"text": "123", "type": "upce"},
    "Files": [{"url": "https://example.com/a.txt", "filename": "a.txt"}],
    "Parts": [LEG],
    "Kin": [STOOL, SHELF],
}
"""A value for every field that can be written."""

_CHANGES = {
    "create": lambda g: g.create(BASE, THINGS, [_EVERYTHING, {"Name": "Empty"}]),
    "update one cell": lambda g: g.update(BASE, THINGS, [RecordChange(TABLE, {"Amount": 1})]),
    "update every cell": lambda g: g.update(BASE, THINGS, [RecordChange(TABLE, _EVERYTHING)]),
    "clear every cell": lambda g: g.update(BASE, THINGS, [RecordChange(TABLE, dict.fromkeys(_EVERYTHING))]),
    "replace": lambda g: g.update(BASE, THINGS, [RecordChange(TABLE, {"Name": "Bare"})], replace=True),
    "upsert": lambda g: g.upsert(
        BASE, THINGS, [{"Name": "Table", "Amount": 3}, {"Name": "New", "Status": "Todo"}], merge_on=["Name"]
    ),
    "upsert by number": lambda g: g.upsert(
        BASE, THINGS, [{"Amount": 12.5, "Name": "Desk"}], merge_on=["Amount"]
    ),
    "upsert by day": lambda g: g.upsert(BASE, THINGS, [{"Day": "2026-02-03", "Stars": 1}], merge_on=["Day"]),
    "upsert by choice": lambda g: g.upsert(
        BASE, THINGS, [{"Status": "Doing", "Labels": ["red"], "Name": "Done"}], merge_on=["Status"]
    ),
    "delete": lambda g: g.delete(BASE, THINGS, [TABLE]),
    "delete what others are linked to": lambda g: g.delete(BASE, PARTS, [LEG, TOP]),
    "delete what one side alone links to": lambda g: g.delete(BASE, THINGS, [STOOL]),
    "delete records that are linked to each other": lambda g: g.delete(BASE, THINGS, [STOOL, TABLE, SHELF]),
    "link from the other side": lambda g: g.update(
        BASE, PARTS, [RecordChange(TOP, {"Things": [SHELF, STOOL]}), RecordChange(LEG, {"Things": None})]
    ),
}


@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES)
async def test_do_then_undo_gives_an_equal_base(museum, change):
    await museum.update(BASE, THINGS, [RecordChange(SHELF, {"Kin": [TABLE, STOOL], "Team": None})])
    before, everything = await seen(museum), await seen(museum, leaving=_OF_A_RECORD)
    signed = museum.signed(ADA)
    await change(signed)
    assert await seen(museum) != before

    undone = await museum.undo(signed.written[0].id)

    if undone.new_ids:
        assert await seen(museum, renamed=undone.new_ids, leaving=_OF_A_RECORD) == everything
    else:
        assert await seen(museum) == before
    assert set(undone.losses) <= set(signed.written[0].undo.losses)


@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES)
async def test_undo_is_a_change_that_can_be_undone(museum, change):
    signed = museum.signed(ADA)
    await change(signed)
    done = await seen(museum, leaving=_OF_A_RECORD)

    undone = await museum.undo(signed.written[0].id, author=Author("bob", "undo_change"))
    redone = await museum.undo(undone.call)

    assert {written.author.principal for written in undone.written} == {"bob"}
    assert {written.undoes for written in undone.written} == {signed.written[0].id}
    renamed = {**undone.new_ids, **redone.new_ids}
    again = await seen(museum, renamed=renamed, leaving=_OF_A_RECORD)
    assert _unnamed(again) == _unnamed(done)


def _unnamed(base: dict[str, Any]) -> list[Any]:
    """The records without their ids, and links as the number of records that they lead to."""
    told = [repr(sorted(_counted(cells).items())) for cells in base.values()]
    return sorted(told)


def _counted(cells: dict[str, Any]) -> dict[str, Any]:
    return {
        name: len(value) if isinstance(value, list) and str(value[0]).startswith("rec") else value
        for name, value in cells.items()
    }


async def test_a_call_of_250_records_is_undone_whole(museum):
    rows = [{"Name": f"Row {n}", "Amount": n, "Parts": [LEG]} for n in range(250)]
    signed = museum.signed(ADA)
    made = [await signed.create(BASE, THINGS, rows[start : start + 10]) for start in range(0, 250, 10)]
    ids = [record.id for records in made for record in records]
    before = await _all(museum)
    deleting = museum.signed(ADA)
    for start in range(0, 250, 10):
        await deleting.delete(BASE, THINGS, ids[start : start + 10])

    undone = await museum.undo(deleting.call)

    assert len(undone.new_ids) == 250
    assert await _all(museum, undone.new_ids) == before
    assert len((await museum.undo(signed.call)).steps) == 250
    assert {record_id for record_id, _ in await _all(museum)} == {TABLE, STOOL, SHELF}


async def _all(gateway, renamed=None) -> set[tuple[str, str]]:
    old = {new: was for was, new in (renamed or {}).items()}
    found, offset = set(), None
    while True:
        page = await gateway.page(
            BASE, THINGS, RecordQuery(fields=["Name", "Amount", "Parts"]), offset=offset
        )
        found |= {(old.get(record.id, record.id), repr(record.fields)) for record in page.records}
        if (offset := page.offset) is None:
            return found


async def test_an_earlier_change_finds_records_under_their_new_ids(museum):
    before = await seen(museum, leaving=_OF_A_RECORD)
    first, second, third = (museum.signed(ADA) for _ in range(3))
    await first.update(BASE, THINGS, [RecordChange(TABLE, {"Name": "Desk", "Parts": [LEG]})])
    await second.delete(BASE, PARTS, [LEG])
    await third.delete(BASE, THINGS, [TABLE])

    undone = [await museum.undo(signed.written[0].id) for signed in (third, second, first)]

    new_ids = {old: new for each in undone for old, new in each.new_ids.items()}
    assert set(new_ids) == {TABLE, LEG}
    assert await seen(museum, renamed=new_ids, leaving=_OF_A_RECORD) == before


async def test_a_record_deleted_and_made_again_twice_is_still_the_one_it_was(museum):
    renamed = museum.signed(ADA)
    await renamed.update(BASE, THINGS, [RecordChange(SHELF, {"Name": "Rack"})])
    current = SHELF
    for _ in range(2):
        deleting = museum.signed(ADA)
        await deleting.delete(BASE, THINGS, [current])
        current = (await museum.undo(deleting.written[0].id)).new_ids[current]

    await museum.undo(renamed.written[0].id)

    assert (await museum.record(BASE, THINGS, current)).fields["Name"] == "Shelf"


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


async def test_a_dry_run_tells_and_writes_nothing(museum):
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


@pytest.mark.parametrize(
    "change",
    [
        lambda g: g.update_table(BASE, THINGS, name="Goods", description="All of them"),
        lambda g: g.update_field(BASE, THINGS, "Amount", name="Sum", description="Of all"),
        lambda g: g.update_field(BASE, THINGS, "Double", options={"formula": "{Amount} * 3"}),
    ],
)
async def test_schema_changes_are_undone_where_airtable_allows_it(museum, gallery, change):
    before = gallery.export()["tables"]
    signed = museum.signed(ADA)
    await change(signed)
    assert gallery.export()["tables"] != before

    await museum.undo(signed.written[0].id)

    assert gallery.export()["tables"] == before


async def test_choices_that_options_added_stay_as_the_change_said(museum):
    signed = museum.signed(ADA)
    field = (await museum.schema(BASE)).table(THINGS).field("Status")
    more = [*field.options["choices"], {"name": "Lost"}]
    await signed.update_field(BASE, THINGS, "Status", options={"choices": more})

    undone = await museum.undo(signed.written[0].id, force=True)

    assert any("choices" in loss for loss in signed.written[0].undo.losses)
    assert any("choices" in loss for loss in undone.losses)


async def test_a_created_table_cannot_be_undone_and_says_why(museum):
    signed = museum.signed(ADA)
    await signed.create_table(BASE, "More", [{"name": "N", "type": "singleLineText"}])

    with pytest.raises(NotUndoable, match="deletes neither"):
        await museum.undo(signed.written[0].id)


async def test_comments_are_undone(museum):
    made, changed, deleted = (museum.signed(ADA) for _ in range(3))
    comment = await made.create_comment(BASE, THINGS, TABLE, "First")
    await changed.update_comment(BASE, THINGS, TABLE, comment.id, "Second")
    await deleted.delete_comment(BASE, THINGS, TABLE, comment.id)

    async def texts() -> list[str]:
        return [item.text for item in (await museum.comments(BASE, THINGS, TABLE)).comments]

    states = [await texts()]
    for signed in (deleted, changed, made):
        await museum.undo(signed.written[0].id)
        states.append(await texts())

    assert states == [[], ["Second"], ["First"], []]
    assert (await museum.changes(record=TABLE)).changes[-1].operation == "create_comment"


async def test_an_uploaded_file_is_taken_out_of_its_cell_again(museum):
    await museum.update(
        BASE, THINGS, [RecordChange(TABLE, {"Files": [{"url": "https://example.com/a.txt"}]})]
    )
    before = await seen(museum)
    signed = museum.signed(ADA)
    await signed.upload_attachment(
        BASE, THINGS, TABLE, "Files", filename="b.txt", content_type="text/plain", content=b"bytes"
    )
    assert await seen(museum) != before

    await museum.undo(signed.written[0].id)

    assert await seen(museum) == before


async def test_undo_under_a_deleted_record_says_so(museum):
    signed = museum.signed(ADA)
    await signed.create_comment(BASE, THINGS, SHELF, "First")
    await museum.delete(BASE, THINGS, [SHELF])

    with pytest.raises(RecordNotFound):
        await museum.record(BASE, THINGS, SHELF)
    told = await museum.undo(signed.written[0].id)

    assert told.steps == ()


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
