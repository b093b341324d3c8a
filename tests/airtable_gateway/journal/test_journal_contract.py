"""What every journal promises, whatever keeps it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from airtable_gateway import Author
from airtable_gateway.journal.change import Failure, Image, Outcome, Place
from airtable_gateway.journal.port import ChangeQuery

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SHOP = Place("appShop0000000001", "Shop", "tblOrders00000001", "Orders")


async def test_an_intent_is_read_as_it_was_written(journal, a_change):
    change = a_change(claim="ada/key-1", undoes="chgOther", recreates=("rec9",))

    assert await journal.begin(change) is None

    assert await journal.change(change.id) == change
    assert await journal.claimed("ada/key-1") == change
    assert await journal.change("chgAbsent") is None
    assert await journal.claimed("") is None


@pytest.mark.parametrize("text", ["\0", "\ud83d", "\u2028 \"'\\", "😀" * 1000])
async def test_any_text_that_a_cell_can_hold_is_kept(journal, a_change, text):
    change = a_change(before={"rec1": Image({"fldA": text})}, arguments={"rows": [{"Title": text}]})

    await journal.begin(change)

    assert await journal.change(change.id) == change


async def test_an_outcome_is_added_to_its_intent(journal, a_change):
    change = a_change()
    await journal.begin(change)
    failure = Failure("invalid_value", "No", "Do", 422, "INVALID", "rec1")
    after = {"rec1": Image({"fldA": "new"}), "rec2": None}

    await journal.settle(change.id, Outcome("refused", after, {"records": []}, failure))

    settled = replace(change, state="refused", after=after, answer={"records": []}, failure=failure)
    assert await journal.change(change.id) == settled


@pytest.mark.parametrize("before", [{}, {"rec1": None}])
async def test_a_claim_is_given_once(journal, a_change, before):
    first, second = (a_change(number, claim="key", before=before) for number in (1, 2))

    answers = await asyncio.gather(journal.begin(first), journal.begin(second))

    # Whoever comes first has it; the other is told who that was.
    assert None in answers
    assert [first, second][answers.index(None)] in answers
    assert await journal.change(second.id) is None


async def test_changes_without_a_claim_do_not_meet(journal, a_change):
    assert await journal.begin(a_change(1)) is None
    assert await journal.begin(a_change(2)) is None


async def test_a_claim_is_free_again_when_nothing_was_done_for_a_passing_reason(journal, a_change):
    await journal.begin(a_change(1, claim="key"))
    await journal.settle(a_change(1).id, Outcome("refused", frees_key=True))

    assert await journal.begin(a_change(2, claim="key")) is None
    held = await journal.claimed("key")
    assert held
    assert held.id == a_change(2).id


async def test_changes_are_listed_newest_first_in_pages(journal, a_change):
    for number in range(1, 8):
        await journal.begin(a_change(number))

    pages = [await journal.changes(ChangeQuery(limit=3))]
    while cursor := pages[-1].cursor:
        pages.append(await journal.changes(ChangeQuery(limit=3, cursor=cursor)))

    assert [[change.step for change in page.changes] for page in pages] == [[7, 6, 5], [4, 3, 2], [1]]


@pytest.mark.parametrize(
    ("query", "steps"),
    [
        (ChangeQuery(base="Shop"), [3, 2, 1]),
        (ChangeQuery(base=SHOP.base_id, table="Orders"), [3, 2, 1]),
        (ChangeQuery(table="tblOrders00000001"), [3, 2, 1]),
        (ChangeQuery(table="Other"), [4]),
        (ChangeQuery(base="Elsewhere"), []),
        (ChangeQuery(principal="bob"), [2]),
        (ChangeQuery(call="calOther"), [3]),
        (ChangeQuery(undoes="chg1"), [3]),
        (ChangeQuery(record="recB"), [2]),
        (ChangeQuery(record="recNew"), [1]),
        (ChangeQuery(since=NOON + timedelta(seconds=3)), [4, 3]),
        (ChangeQuery(principal="ada", table="Orders", limit=1), [3]),
    ],
)
async def test_a_query_selects(journal, query, steps, a_change):
    changes = [
        a_change(1),
        a_change(2, author=Author("bob"), before={"recB": None}),
        a_change(3, call="calOther", undoes="chg1"),
        a_change(4, place=Place(SHOP.base_id, "Renamed", "tblOther000000001", "Other")),
    ]
    for change in changes:
        await journal.begin(change)
    await journal.settle(changes[0].id, Outcome("applied", {"recNew": Image({})}))

    page = await journal.changes(query)

    assert [change.step for change in page.changes] == steps


async def test_what_a_process_left_open_is_taken_over_by_the_next_one(reopen, a_change):
    async with reopen() as first:
        await first.begin(a_change(1))
        await first.begin(a_change(2))
        await first.begin(a_change(3))
        await first.settle(a_change(2).id, Outcome("applied"))

    async with reopen() as second:
        await second.begin(a_change(4))
        left = await second.take_over()

        assert [change.step for change in left] == [1, 3]
        assert await second.take_over() == []


async def test_renamed_records_are_found_through_all_their_names(journal, a_change):
    for number, renamed in enumerate(({"recA": "recB"}, {"recB": "recC", "recX": "recY"}), start=1):
        await journal.begin(a_change(number))
        await journal.settle(a_change(number).id, Outcome("applied", renamed=renamed))

    assert await journal.renamed(["recA", "recB", "recX", "recZ"]) == {
        "recA": "recC",
        "recB": "recC",
        "recX": "recY",
    }
    assert await journal.renamed([]) == {}


async def test_a_change_that_is_forgotten_is_in_no_records_history(journal, a_change):
    for number in (1, 2, 3):
        await journal.begin(a_change(number, before={f"rec{number}": None, "recAll": None}))
        await journal.settle(a_change(number).id, Outcome("applied", {"recNew": Image({})}))

    await journal.prune(NOON + timedelta(seconds=3))
    await journal.begin(a_change(4, before={}))

    found = [
        await journal.changes(ChangeQuery(record=record)) for record in ("rec1", "rec3", "recAll", "recNew")
    ]
    assert [[change.step for change in page.changes] for page in found] == [[], [3], [3], [3]]


async def test_a_journal_that_has_forgotten_all_begins_anew(journal, a_change):
    await journal.begin(a_change(1))
    await journal.settle(a_change(1).id, Outcome("applied"))
    assert await journal.prune(NOON + timedelta(seconds=2)) == 1

    await journal.begin(a_change(2, before={}))

    assert [change.step for change in (await journal.changes(ChangeQuery())).changes] == [2]
    assert (await journal.changes(ChangeQuery(record="rec1"))).changes == ()


async def test_a_change_tells_by_which_call_it_was_taken_back(journal, a_change):
    await journal.begin(a_change())

    await journal.note_undone(a_change().id, "calUndo")
    undone = await journal.change(a_change().id)
    await journal.note_undone(a_change().id, "")
    redone = await journal.change(a_change().id)

    assert (undone.undone_by, redone.undone_by) == ("calUndo", "")


async def test_files_are_kept_by_the_ids_of_their_attachments_until_they_are_pruned(journal):
    await journal.keep_file("attA", bytes(range(256)))
    await journal.keep_file("attA", bytes(range(256)))

    assert await journal.file("attA") == bytes(range(256))
    assert await journal.file("attB") is None
    await journal.prune(datetime.now(UTC) - timedelta(minutes=1))
    assert await journal.file("attA") is not None
    await journal.prune(datetime.now(UTC) + timedelta(minutes=1))
    assert await journal.file("attA") is None


async def test_old_changes_are_forgotten_with_their_keys_and_open_ones_are_not(journal, a_change):
    for number in (1, 2, 3):
        await journal.begin(a_change(number, claim=f"key-{number}"))
    for number in (1, 3):
        await journal.settle(a_change(number).id, Outcome("applied"))

    assert await journal.prune(NOON + timedelta(seconds=3)) == 1

    assert [change.step for change in (await journal.changes(ChangeQuery())).changes] == [3, 2]
    assert [change.step for change in (await journal.changes(ChangeQuery(record="rec1"))).changes] == [3, 2]
    assert await journal.begin(a_change(4, claim="key-1")) is None
