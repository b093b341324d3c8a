"""Journals of every kind, and a gateway with one in front of the local Airtable."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any, Self

import asyncpg
import pytest

from airtable_gateway import (
    AirtableError,
    Author,
    Change,
    Endpoint,
    FixedEndpoint,
    Gateway,
    Journal,
    JournaledGateway,
    MemoryJournal,
    RecordQuery,
    UndoPromise,
)
from airtable_gateway.journal.change import Image, Place
from airtable_gateway.journal.fetching import FileFetcher
from airtable_gateway.journal.postgres import PostgresJournal
from airtable_gateway.journal.sqlite import SqliteJournal
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, create_app, export_document, import_document

TOKEN = "patTestTestTest.0123456789"

_GALLERY = Path(__file__).parents[2] / "clients" / "gallery.json"

Reopen = Callable[[], Journal]
"""Gives a journal over the same store, as a new process would open it; close the one before first."""


NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SHOP = Place("appShop0000000001", "Shop", "tblOrders00000001", "Orders")


def a_change(number: int = 1, **parts) -> Change:
    change = Change(
        id=f"chg{number:014}",
        call="calCall0000000001",
        step=number,
        at=NOON + timedelta(seconds=number),
        author=Author("ada", "update_records", "key-1"),
        operation="update",
        place=SHOP,
        arguments={"base": "Shop", "rows": [{"Title": "Ünïcode 'quoted'", "Amount": 1.5}]},
        undo=UndoPromise("partial", ("the record's id",)),
        before={"rec1": Image({"fldA": "old", "fldB": None}, "2026-01-01T00:00:00.000Z"), "rec2": None},
        names={"fldA": "Title", "fldB": "Amount"},
    )
    return replace(change, **parts)


@pytest.fixture(name="a_change")
def change_maker() -> Callable[..., Change]:
    return a_change


@pytest.fixture(params=["memory", "sqlite", "sqlite, its sender waiting", "postgres"])
async def reopen(request, tmp_path: Path) -> AsyncIterator[Reopen]:
    match request.param:
        case "memory":
            one = MemoryJournal()
            yield lambda: one
        case "sqlite":
            yield lambda: SqliteJournal(tmp_path / "journal.db")
        case "sqlite, its sender waiting":
            yield lambda: SqliteJournal(tmp_path / "journal.db", sender_waits_for_disk=True)
        case _:
            schema = f"journal_{token_hex(6)}"
            server: str = request.getfixturevalue("postgres_server")
            yield lambda: PostgresJournal(server, schema=schema)
            connection = await asyncpg.connect(server)
            await connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            await connection.close()


@pytest.fixture
async def journal(reopen: Reopen) -> AsyncIterator[Journal]:
    async with reopen() as opened:
        yield opened


class Watched:
    """A gateway that counts what goes through it, and fails when a test wants it to."""

    def __init__(self, inner: Gateway) -> None:
        self._inner = inner
        self._failure: AirtableError | None = None
        self._after = False
        self.clear()

    def clear(self) -> None:
        self.reads = self.writes = 0

    def fail_next(self, error: AirtableError, *, after: bool = False) -> None:
        """Let the next write fail, before or after it is made."""
        self._failure, self._after = error, after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if name in ("page", "record", "records"):
            return self._counted(method)
        return self._failing(method) if name in _WRITES else method

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        """What is watched is opened and closed by others."""

    def _counted(self, method: Any) -> Any:
        self.reads += 1
        return method

    def _failing(self, method: Any) -> Any:
        async def write(*arguments: Any, **options: Any) -> Any:
            self.writes += 1
            failure, self._failure = self._failure, None
            if failure and not self._after:
                raise failure
            answer = await method(*arguments, **options)
            if failure:
                raise failure
            return answer

        return write


_WRITES = (
    *("create", "update", "upsert", "delete", "create_base", "create_table", "update_table", "create_field"),
    *("update_field", "create_comment", "update_comment", "delete_comment", "upload_attachment"),
)


@pytest.fixture
def counted(shop) -> Watched:
    """The local Airtable, watched."""
    return Watched(shop)


@pytest.fixture
async def gateway(counted: Watched) -> AsyncIterator[JournaledGateway]:
    """The local Airtable behind a journal in memory."""
    async with JournaledGateway(counted, MemoryJournal()) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Gallery:
    """The local Airtable with one base that has a field of every type."""

    url: str
    store: Store

    def export(self) -> dict[str, Any]:
        """Everything in it, by its own account."""
        return dict(export_document(self.store)["bases"][0])


@pytest.fixture
def gallery(stage) -> Iterator[Gallery]:
    server, url = stage
    with Store.open(":memory:") as store:
        import_document(store, json.loads(_GALLERY.read_text(encoding="utf-8")))
        server.app = create_app(store, tokens=AnyToken())
        yield Gallery(url, store)


@pytest.fixture
async def museum(gallery: Gallery) -> AsyncIterator[JournaledGateway]:
    """The base with a field of every type, behind a journal in memory."""
    airtable = FixedEndpoint(Endpoint(gallery.url, TOKEN))
    inner = PyAirtableGateway(airtable, rate_limit=None)
    fetcher = FileFetcher(airtable)
    async with fetcher as fetch, JournaledGateway(inner, MemoryJournal(), fetch=fetch) as opened:
        yield opened


OF_A_MOMENT = {"Changed", "Changer"}
"""Fields that tell when a record was changed last: no undo brings that back, and each change says so."""

OF_A_RECORD = OF_A_MOMENT | {"Number", "Made", "Maker", "Summary", "Source", "Rank"}
"""Fields that tell of the record itself, or that the API does not take: a record made again has them anew."""


async def _seen(gateway, *, renamed=None, whole=True) -> dict[str, Any]:
    """Every record of both tables with every cell, computed ones included, by its id of before.

    Unless it is `whole`, without what tells of the record itself.
    """
    leaving = OF_A_MOMENT if whole else OF_A_RECORD
    old = {new: was for was, new in (renamed or {}).items()}
    base = {}
    for table in ("Things", "Parts"):
        page = await gateway.page("Gallery", table, RecordQuery())
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


@pytest.fixture
def seen() -> Callable[..., Any]:
    return _seen
