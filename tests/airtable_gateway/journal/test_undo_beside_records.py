"""Changes of tables, fields, comments and files are taken back, as far as Airtable allows it."""

import pytest

from airtable_gateway import Author, NotUndoable, RecordChange, RecordNotFound

BASE, THINGS, PARTS = "Gallery", "Things", "Parts"
TABLE, STOOL, SHELF = "recTable000000000", "recStool000000000", "recShelf000000000"
LEG, TOP = "recLeg00000000000", "recTop00000000000"
ADA = Author("ada", "a_tool")


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


async def test_choices_that_options_leave_out_are_told_as_a_loss(museum):
    signed = museum.signed(ADA)
    field = (await museum.schema(BASE)).table(THINGS).field("Status")
    choices = field.options["choices"]

    await signed.update_field(BASE, THINGS, "Status", options={"choices": choices[1:]})
    await signed.update_field(BASE, THINGS, "Status", options={"choices": choices})

    left_out, whole = (change.undo for change in signed.written)
    assert any("leave out" in loss for loss in left_out.losses)
    assert not any("leave out" in loss for loss in whole.losses)


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


async def test_an_uploaded_file_is_taken_out_of_its_cell_again(museum, seen):
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
