"""What the protocol promises of comments, kept over HTTP by the local Airtable."""

from typing import TYPE_CHECKING

import pytest

from airtable_gateway import Gateway, InvalidRequest, RecordNotFound, Refused, Unreachable
from airtable_gateway.calls.comments import comment_from_api

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import ScriptedAirtable

BASE, TABLE, RECORD = "appTestTestTest01", "tblTestTestTest01", "recTestTestTest01"


async def _order(shop: Gateway) -> str:
    [record] = await shop.create("Shop", "Orders", [{"Title": "First"}])
    return record.id


async def test_a_comment_is_made_answered_listed_changed_and_deleted(shop: Gateway) -> None:
    order = await _order(shop)

    question = await shop.create_comment("Shop", "Orders", order, "Paid?")
    answer = await shop.create_comment("Shop", "Orders", order, "Yes", parent_id=question.id)
    changed = await shop.update_comment("Shop", "Orders", order, answer.id, "Yes, today")
    await shop.delete_comment("Shop", "Orders", order, question.id)
    page = await shop.comments("Shop", "Orders", order)

    assert (question.text, question.parent_id, question.updated_time) == ("Paid?", None, None)
    assert question.author.email
    assert answer.parent_id == question.id
    assert page.comments == [changed]
    assert (changed.text, page.offset) == ("Yes, today", None)


async def test_comments_come_in_pages_the_newest_first(shop: Gateway) -> None:
    order = await _order(shop)
    for number in range(101):
        await shop.create_comment("Shop", "Orders", order, str(number))

    first = await shop.comments("Shop", "Orders", order)
    second = await shop.comments("Shop", "Orders", order, offset=first.offset)

    texts = [comment.text for comment in (*first.comments, *second.comments)]
    assert texts == [str(number) for number in reversed(range(101))]
    assert (len(first.comments), second.offset) == (100, None)


def test_who_is_mentioned_and_who_reacted_is_told_in_every_form_that_airtable_has() -> None:
    thumb = {
        "emoji": {"unicodeCharacter": "1f44d-1f3fd"},
        "reactingUser": {"userId": "usrB", "email": "b@x.org"},
    }
    model = {
        "id": "comX",
        "author": {"id": "usrA"},
        "text": "@[usrB] @[usrC]",
        "createdTime": "2026-01-01T00:00:00.000Z",
        "mentioned": {"usrB": {"displayName": "Bob"}, "usrC": {"name": "Cy"}, "odd": "?"},
        "reactions": [
            thumb,
            thumb,
            {"emoji": {"unicodeCharacter": "no"}, "reactingUser": {}},
            {"emoji": "?"},
        ],
    }

    comment = comment_from_api(model)
    bare = comment_from_api({**model, "mentioned": None, "reactions": None})

    assert comment.mentions == {"usrB": "Bob", "usrC": "Cy"}
    assert comment.reactions == {"\U0001f44d\U0001f3fd": ["b@x.org", "b@x.org"], "no": [""]}
    assert (bare.mentions, bare.reactions) == ({}, {})


@pytest.mark.parametrize("comment_id", ["", "../../x", "com 1"])
async def test_what_cannot_be_an_id_is_refused_before_airtable_is_asked(
    shop: Gateway, comment_id: str
) -> None:
    order = await _order(shop)

    with pytest.raises(InvalidRequest, match="no comment's id"):
        await shop.delete_comment("Shop", "Orders", order, comment_id)
    with pytest.raises(RecordNotFound):
        await shop.comments("Shop", "Orders", "rec/..")


async def test_a_comment_that_is_not_there_is_refused(shop: Gateway) -> None:
    order = await _order(shop)

    with pytest.raises(Refused):
        await shop.update_comment("Shop", "Orders", order, "comAbsentAbsent01", "x")


async def test_a_comment_is_never_made_twice(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    path = f"POST /v0/{BASE}/{TABLE}/{RECORD}/comments"
    airtable.on(path, "drop", {})

    with pytest.raises(Unreachable, match="may have been applied"):
        await gateway.create_comment(BASE, TABLE, RECORD, "Hello")

    assert airtable.count(path) == 1
