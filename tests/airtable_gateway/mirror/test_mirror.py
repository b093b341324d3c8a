"""A copy of a base holds what the base holds, says how fresh it is, and can be asked in SQL."""

import json
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from airtable_gateway import (
    Endpoint,
    FixedEndpoint,
    Gateway,
    MirrorNotReady,
    RecordChange,
    RecordQuery,
    Unreachable,
)
from airtable_gateway.mirror.mirror import Mirror
from airtable_gateway.mirror.store import MirrorStore
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import ListedTokens, Store, create_app, import_document

GALLERY = Path(__file__).parents[2] / "clients" / "gallery.json"
BASE, THINGS, PARTS = "appGallery0000000", "tblThings00000000", "tblParts000000000"
TABLE, STOOL, SHELF = "recTable000000000", "recStool000000000", "recShelf000000000"
LEG, TOP = "recLeg00000000000", "recTop00000000000"

_SCOPES = ["data.records:read", "data.records:write", "schema.bases:read", "schema.bases:write"]
_TOKENS = ListedTokens(
    {
        "patAll": {"user": "usrLocalDeveloper"},
        "patNoHooks": {"user": "usrLocalDeveloper", "scopes": _SCOPES},
    }
)


@pytest.fixture
def url(stage) -> Iterator[str]:
    server, url = stage
    with Store.open(":memory:") as store:
        import_document(store, json.loads(GALLERY.read_text(encoding="utf-8")))
        server.app = create_app(store, tokens=_TOKENS)
        yield url


@dataclass
class Watched:
    """A gateway that notes which pages and records are read, and can be cut off after so many."""

    inner: Gateway
    read: list[str] = field(default_factory=list)
    left: int = 1_000_000

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def page(self, base: str, table: str, query: RecordQuery, **options: Any) -> Any:
        self._note(f"page of {table}")
        return await self.inner.page(base, table, query, **options)

    async def records(self, base: str, table: str, record_ids: Any, **options: Any) -> Any:
        self._note(f"{len(record_ids)} of {table}")
        return await self.inner.records(base, table, record_ids, **options)

    def _note(self, what: str) -> None:
        if not self.left:
            raise Unreachable("Cut off", may_be_applied=False)
        self.left -= 1
        self.read.append(what)


@asynccontextmanager
async def _gateway(url: str, token: str) -> AsyncIterator[Watched]:
    async with PyAirtableGateway(FixedEndpoint(Endpoint(url, token)), rate_limit=None) as opened:
        yield Watched(opened)


@pytest.fixture
async def gateway(url) -> AsyncIterator[Watched]:
    async with _gateway(url, "patAll") as opened:
        yield opened


@pytest.fixture
async def mirror(gateway, tmp_path) -> AsyncIterator[Mirror]:
    """A copy that was made by webhook."""
    async with Mirror(gateway, BASE, tmp_path / "gallery.db") as opened:
        await opened.refresh()
        gateway.read.clear()
        yield opened


@pytest.fixture
async def poller(url, tmp_path) -> AsyncIterator[Mirror]:
    """A copy that was made without the permission to have a webhook."""
    async with (
        _gateway(url, "patNoHooks") as watched,
        Mirror(watched, BASE, tmp_path / "gallery.db", sweep_seconds=3600) as opened,
    ):
        await opened.refresh()
        yield opened


def _ask(mirror: Mirror, question: str) -> list[tuple[Any, ...]]:
    with closing(mirror.reader()) as reader:
        return reader.execute(question).fetchall()


async def _note(path: Path, **state: str) -> None:
    """Change what the file of a copy notes of itself."""
    store = MirrorStore(path)
    await store.open()
    await store.note(**state)
    await store.close()


async def _copied(gateway: Watched, mirror: Mirror) -> bool:
    """Whether the copy holds each cell that the base holds, as JSON."""
    schema = await gateway.schema(BASE, fresh=True)
    for table in schema.tables:
        page = await gateway.inner.page(BASE, table.id, RecordQuery())
        ids = {known.name: known.id for known in table.fields}
        there = {
            record.id: {ids[name]: value for name, value in record.fields.items()} for record in page.records
        }
        kept = _ask(mirror, f"SELECT id, cells FROM mirror_records WHERE table_id = '{table.id}'")
        assert {record_id: json.loads(cells) for record_id, cells in kept} == there
    return True


async def test_the_first_refresh_copies_everything(gateway, mirror):
    fresh = await mirror.freshness()

    assert await _copied(gateway, mirror)
    assert (fresh.records, fresh.way) == (5, "webhook")
    assert datetime.now(UTC) - fresh.complete_as_of < timedelta(minutes=1)


async def test_each_table_is_a_view_with_a_column_for_each_field(mirror):
    [table] = _ask(
        mirror, 'SELECT _id, "Amount", "Part count", "Labels", "Double" FROM Things WHERE "Name" = \'Table\''
    )

    assert table == (TABLE, 12.5, 2, '["red"]', 25)
    joined = """
        SELECT Things.Name, Parts.Part FROM Things, json_each(Things.Parts) AS link
        JOIN Parts ON Parts._id = link.value ORDER BY 1, 2
    """
    assert _ask(mirror, joined) == [("Stool", "Leg"), ("Table", "Leg"), ("Table", "Top")]


async def test_what_changed_is_read_again_and_nothing_else(gateway, mirror):
    await gateway.update(BASE, THINGS, [RecordChange(SHELF, {"Amount": 31})])
    [made] = await gateway.create(BASE, THINGS, [{"Name": "New"}])
    await gateway.delete(BASE, THINGS, [STOOL])

    await mirror.refresh()

    assert await _copied(gateway, mirror)
    assert _ask(mirror, "SELECT Name FROM Things ORDER BY Name") == [("New",), ("Shelf",), ("Table",)]
    assert not [what for what in gateway.read if what.startswith("page")]
    assert made.id in {record_id for (record_id,) in _ask(mirror, "SELECT _id FROM Things")}


async def test_what_follows_from_a_change_elsewhere_is_read_again_too(gateway, mirror):
    await gateway.update(BASE, PARTS, [RecordChange(LEG, {"Weight": 100})])

    await mirror.refresh()

    assert await _copied(gateway, mirror)
    assert _ask(mirror, "SELECT \"Weight\" FROM Things WHERE Name = 'Stool'") == [(100,)]


async def test_nothing_is_read_when_nothing_changed(gateway, mirror):
    before = await mirror.freshness()

    after = await mirror.refresh()

    assert gateway.read == []
    assert after.as_of > before.as_of


async def test_renamed_and_new_fields_and_tables_are_seen(gateway, mirror):
    await gateway.update_field(BASE, THINGS, "Amount", name="Sum")
    await gateway.create_field(BASE, THINGS, "Triple", "formula", options={"formula": "{Sum} * 3"})
    await gateway.update_table(BASE, PARTS, name='Bits "and" pieces')
    await gateway.create_table(BASE, "sqlite_more", [{"name": "N", "type": "singleLineText"}])

    await mirror.refresh()

    assert await _copied(gateway, mirror)
    assert _ask(mirror, 'SELECT "Sum", "Triple" FROM Things WHERE Name = \'Shelf\'') == [(30, 90)]
    assert len(_ask(mirror, 'SELECT * FROM "Bits ""and"" pieces"')) == 2


async def test_the_copy_goes_on_where_it_was_when_it_is_opened_again(gateway, tmp_path):
    async with Mirror(gateway, BASE, tmp_path / "m.db") as first:
        await first.refresh()
    await gateway.update(BASE, THINGS, [RecordChange(SHELF, {"Amount": 1})])
    gateway.read.clear()

    async with Mirror(gateway, BASE, tmp_path / "m.db") as second:
        assert (await second.freshness()).records == 5
        await second.refresh()

        assert await _copied(gateway, second)
        assert gateway.read == [f"1 of {THINGS}"]


async def test_a_webhook_that_is_gone_costs_a_whole_reading_and_no_record(gateway, mirror):
    [webhook] = await gateway.webhooks(BASE)
    await gateway.delete_webhook(BASE, webhook.id)
    await gateway.delete(BASE, THINGS, [STOOL])
    await gateway.update(BASE, THINGS, [RecordChange(SHELF, {"Amount": 2})])

    fresh = await mirror.refresh()

    assert await _copied(gateway, mirror)
    assert (fresh.way, fresh.records) == ("webhook", 4)


async def test_a_webhook_that_expired_while_nobody_looked_costs_a_whole_reading_and_no_record(
    stage, tmp_path
):
    server, url = stage
    began = datetime.now(UTC) - timedelta(days=8)
    instants = [began]
    with Store.open(":memory:", clock=lambda: instants[-1]) as store:
        import_document(store, json.loads(GALLERY.read_text(encoding="utf-8")))
        server.app = create_app(store, tokens=_TOKENS)
        async with _gateway(url, "patAll") as gateway:
            async with Mirror(gateway, BASE, tmp_path / "m.db") as mirror:
                await mirror.refresh()
            await _note(tmp_path / "m.db", as_of=began.isoformat())
            instants.append(began + timedelta(days=8))
            await gateway.delete(BASE, THINGS, [STOOL])

            async with Mirror(gateway, BASE, tmp_path / "m.db") as mirror:
                fresh = await mirror.refresh()

                assert await _copied(gateway, mirror)
                assert (fresh.way, fresh.records) == ("webhook", 4)
                [webhook] = await gateway.webhooks(BASE)
                assert webhook.is_enabled


async def test_a_copy_that_was_cut_off_is_made_whole_by_the_next_refresh(gateway, tmp_path):
    async with Mirror(gateway, BASE, tmp_path / "m.db") as mirror:
        gateway.left = 1
        with pytest.raises(Unreachable):
            await mirror.refresh()
        await gateway.delete(BASE, THINGS, [STOOL])
        gateway.left = 100

        await mirror.refresh()

        assert await _copied(gateway, mirror)
        assert len(await gateway.webhooks(BASE)) == 1


async def test_without_webhooks_what_was_modified_is_looked_for(url, poller):
    async with _gateway(url, "patAll") as other:
        await other.update(BASE, THINGS, [RecordChange(SHELF, {"Amount": 3})])
        await other.create(BASE, PARTS, [{"Part": "Screw"}])

        fresh = await poller.refresh()

        assert fresh.way == "polling"
        assert await _copied(other, poller)


async def test_without_webhooks_deletions_are_seen_by_a_sweep_and_the_copy_says_since_when(url, tmp_path):
    async with _gateway(url, "patNoHooks") as watched, Mirror(watched, BASE, tmp_path / "m.db") as slow:
        first = await slow.refresh()
        await watched.delete(BASE, THINGS, [STOOL])

        second = await slow.refresh()
        assert second.complete_as_of == first.swept_at < second.as_of
        assert second.records == 5

    async with (
        _gateway(url, "patNoHooks") as watched,
        Mirror(watched, BASE, tmp_path / "m.db", sweep_seconds=0) as quick,
    ):
        third = await quick.refresh()
        assert third.records == 4
        assert await _copied(watched, quick)


@pytest.mark.parametrize("seed", range(6))
async def test_after_any_changes_the_copy_holds_what_the_base_holds(gateway, mirror, seed):
    dice = random.Random(seed)
    for _ in range(6):
        for _ in range(dice.randint(1, 5)):
            table, name = dice.choice([(THINGS, "Name"), (PARTS, "Part")])
            ids = [record.id for record in (await gateway.inner.page(BASE, table, RecordQuery())).records]
            match dice.choice(["create", "update", "update", "delete"]) if ids else "create":
                case "create":
                    await gateway.create(BASE, table, [{name: f"New {dice.random()}"}])
                case "update":
                    link = {"Parts": [], "Kin": [dice.choice(ids)]} if table == THINGS else {"Weight": 3}
                    await gateway.update(BASE, table, [RecordChange(dice.choice(ids), link)])
                case _:
                    await gateway.delete(BASE, table, [dice.choice(ids)])

        await mirror.refresh()

        assert await _copied(gateway, mirror)


async def test_who_asks_cannot_write(mirror):
    with closing(mirror.reader()) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM mirror_records")


async def test_a_copy_that_was_never_made_says_so(gateway, tmp_path):
    async with Mirror(gateway, BASE, tmp_path / "m.db") as mirror:
        with pytest.raises(MirrorNotReady, match="0 records"):
            await mirror.freshness()


async def test_a_copy_that_is_no_longer_wanted_lets_its_webhook_go(gateway, mirror):
    await mirror.end_webhook()

    assert await gateway.webhooks(BASE) == []
