"""What was changed is taken back: do, then undo, gives an equal base."""

import random
from typing import Any

import pytest

from airtable_gateway import Author, RecordChange, RecordQuery

BASE, THINGS, PARTS = "Gallery", "Things", "Parts"
TABLE, STOOL, SHELF = "recTable000000000", "recStool000000000", "recShelf000000000"
LEG, TOP = "recLeg00000000000", "recTop00000000000"
ADA = Author("ada", "a_tool")

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
async def test_do_then_undo_gives_an_equal_base(museum, seen, change):
    await museum.update(BASE, THINGS, [RecordChange(SHELF, {"Kin": [TABLE, STOOL], "Team": None})])
    before, everything = await seen(museum), await seen(museum, whole=False)
    signed = museum.signed(ADA)
    await change(signed)
    assert await seen(museum) != before

    undone = await museum.undo(signed.written[0].id)

    if undone.new_ids:
        assert await seen(museum, renamed=undone.new_ids, whole=False) == everything
    else:
        assert await seen(museum) == before
    assert set(undone.losses) <= set(signed.written[0].undo.losses)


@pytest.mark.parametrize("change", _CHANGES.values(), ids=_CHANGES)
async def test_undo_is_a_change_that_can_be_undone(museum, seen, change):
    signed = museum.signed(ADA)
    await change(signed)
    done = await seen(museum, whole=False)

    undone = await museum.undo(signed.written[0].id, author=Author("bob", "undo_change"))
    redone = await museum.undo(undone.call)

    assert {written.author.principal for written in undone.written} == {"bob"}
    assert {written.undoes for written in undone.written} == {signed.written[0].id}
    renamed = {**undone.new_ids, **redone.new_ids}
    again = await seen(museum, renamed=renamed, whole=False)
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


async def test_links_come_back_in_their_order(museum):
    signed = museum.signed(ADA)
    assert (await museum.record(BASE, THINGS, TABLE)).fields["Parts"] == [TOP, LEG]
    await signed.update(BASE, THINGS, [RecordChange(TABLE, {"Parts": [LEG, TOP]})])

    await museum.undo(signed.written[0].id)

    assert (await museum.record(BASE, THINGS, TABLE)).fields["Parts"] == [TOP, LEG]


async def test_an_earlier_change_finds_records_under_their_new_ids(museum, seen):
    before = await seen(museum, whole=False)
    first, second, third = (museum.signed(ADA) for _ in range(3))
    await first.update(BASE, THINGS, [RecordChange(TABLE, {"Name": "Desk", "Parts": [LEG]})])
    await second.delete(BASE, PARTS, [LEG])
    await third.delete(BASE, THINGS, [TABLE])

    undone = [await museum.undo(signed.written[0].id) for signed in (third, second, first)]

    new_ids = {old: new for each in undone for old, new in each.new_ids.items()}
    assert set(new_ids) == {TABLE, LEG}
    assert await seen(museum, renamed=new_ids, whole=False) == before


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


class Program:
    """Random writes, each of them signed, that never name a record which is not there."""

    def __init__(self, gateway: Any, seed: int) -> None:
        self._gateway = gateway
        self._dice = random.Random(seed)
        self.calls: list[Any] = []

    async def run(self, steps: int) -> None:
        for _ in range(steps):
            signed = self._gateway.signed(ADA)
            table = self._dice.choice([THINGS, THINGS, PARTS])
            page = await self._gateway.page(BASE, table, RecordQuery())
            ids = [record.id for record in page.records]
            verb = self._dice.choice(["create", "update", "replace", "upsert", "delete"]) if ids else "create"
            await getattr(self, f"_{verb}")(signed, table, ids)
            self.calls.append(signed)

    async def _create(self, signed: Any, table: str, _: list[str]) -> None:
        await signed.create(BASE, table, [await self._row(table) for _ in range(self._dice.randint(1, 3))])

    async def _update(self, signed: Any, table: str, ids: list[str], *, replace: bool = False) -> None:
        chosen = self._dice.sample(ids, min(len(ids), self._dice.randint(1, 3)))
        changes = [RecordChange(key, await self._row(table)) for key in chosen]
        await signed.update(BASE, table, changes, replace=replace)

    async def _replace(self, signed: Any, table: str, ids: list[str]) -> None:
        await self._update(signed, table, ids, replace=True)

    async def _upsert(self, signed: Any, table: str, _: list[str]) -> None:
        name = "Name" if table == THINGS else "Part"
        row = await self._row(table) | {
            name: self._dice.choice(["Table", "Leg", f"New {self._dice.random()}"])
        }
        page = await self._gateway.page(BASE, table, RecordQuery())
        if [record.fields.get(name) for record in page.records].count(row[name]) <= 1:
            await signed.upsert(BASE, table, [row], merge_on=[name])

    async def _delete(self, signed: Any, table: str, ids: list[str]) -> None:
        await signed.delete(BASE, table, self._dice.sample(ids, min(len(ids), self._dice.randint(1, 3))))

    async def _row(self, table: str) -> dict[str, Any]:
        """Some cells with values, some cleared, links to records that are there."""
        there = {}
        for name in (THINGS, PARTS):
            page = await self._gateway.page(BASE, name, RecordQuery())
            there[name] = [record.id for record in page.records]

        def some(table: str) -> list[str]:
            return self._dice.sample(there[table], min(len(there[table]), self._dice.randint(0, 2)))

        if table == PARTS:
            row = {
                "Part": f"P{self._dice.random()}",
                "Weight": self._dice.randint(0, 9),
                "Things": some(THINGS),
            }
        else:
            row = _EVERYTHING | {
                "Parts": some(PARTS),
                "Kin": some(THINGS),
                "Amount": self._dice.randint(0, 9),
            }
        chosen = self._dice.sample(sorted(row), self._dice.randint(1, len(row)))
        return {name: None if self._dice.random() < 0.2 else row[name] for name in chosen}


@pytest.mark.parametrize("seed", range(12))
async def test_any_program_of_writes_is_undone_from_its_end_to_its_beginning(museum, seen, seed):
    before = await seen(museum, whole=False)
    program = Program(museum, seed)
    await program.run(8)
    new_ids: dict[str, str] = {}

    for signed in reversed(program.calls):
        if signed.written:
            undone = await museum.undo(signed.call)
            new_ids = {old: undone.new_ids.get(new, new) for old, new in new_ids.items()} | undone.new_ids

    assert await seen(museum, renamed=new_ids, whole=False) == before
