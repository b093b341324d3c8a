"""A base copied into a SQLite file, and the copy kept fresh."""

import sqlite3
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from airtable_gateway.errors import AirtableError, InvalidRequest, NotFound, Refused
from airtable_gateway.hearing import ForeignChanges
from airtable_gateway.mirror.documents import tables_from
from airtable_gateway.mirror.errors import MirrorNotReady
from airtable_gateway.mirror.feed import News
from airtable_gateway.mirror.freshness import Freshness, Way
from airtable_gateway.mirror.source import MirrorSource
from airtable_gateway.mirror.state import NEVER, changes_of, freshness_of, instant_of, way_of
from airtable_gateway.mirror.store import MirrorStore
from airtable_gateway.records import RecordPage, RecordQuery
from airtable_gateway.schema import TableSchema
from airtable_gateway.traffic.urgency import bulk
from airtable_gateway.webhooks import ALL_CHANGES

_MARGIN = timedelta(minutes=1)
"""How far Airtable's clock may be behind ours: so much is looked at twice."""

_WEBHOOK_LIFE = timedelta(days=7)
"""How long a webhook tells of changes after it was read, and how long what it told waits.

One that has expired answers as if nothing had changed (docs: "Webhooks overview", "List webhook payloads").
"""

_PAUSE_SECONDS = 10.0
_PAGE = 100
_IS_NOT_TOLD = (Refused, NotFound, InvalidRequest)
"""What Airtable answers where a webhook is not, or may not be."""


class Mirror:
    """A copy of one base in the file `path`: a view for each table, with a column for each field.

    `refresh` brings it up to date, the first time by reading all of it. Changes are told by a webhook without
    address, whose payloads are polled; where the token may not have one, what was modified is looked for,
    and every `sweep_seconds` every record, since nothing else tells of deletions.
    """

    def __init__(
        self,
        source: MirrorSource,
        base: str,
        path: Path,
        *,
        tables: Collection[str] = (),
        sweep_seconds: float = 3600.0,
    ) -> None:
        """`tables` are the names or ids of those that are copied, all when it is empty."""
        self._source = source
        self._base = base
        self._wanted = frozenset(name.strip().casefold() for name in tables)
        self._store = MirrorStore(path)
        self._sweep_every = timedelta(seconds=sweep_seconds)
        self._state: dict[str, str] = {}
        self._tables: tuple[TableSchema, ...] = ()
        self._begun_at = 0
        self.copied = 0
        """The records that all refreshes have read."""

    async def __aenter__(self) -> Self:
        self._state = await self._store.open()
        self._tables = tables_from(self._state.get("tables", "[]"))
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._store.close()

    def reader(self) -> sqlite3.Connection:
        """A connection that reads and cannot write; close it after. It stays in the thread that asked."""
        return self._store.reader()

    @property
    def version(self) -> int:
        """The number of the last refresh that found a change, 0 before there is a copy."""
        return int(self._state.get("version", "0"))

    @property
    def pause_seconds(self) -> float:
        """How long to wait before the next refresh, so that it takes a small part of Airtable's rate."""
        return _PAUSE_SECONDS if self._way == "webhook" else max(30.0, 3.0 * len(self._tables))

    async def freshness(self) -> Freshness:
        """How fresh the copy is. Raises MirrorNotReady before the first refresh."""
        if "as_of" not in self._state:
            copied = self.copied - self._begun_at
            raise MirrorNotReady(f"The base is being copied: {copied:,} records so far.")
        return freshness_of(self._state, await self._store.count())

    async def refresh(self) -> Freshness:
        """Bring the copy up to date. Raises AirtableError; what was read before that stays."""
        with bulk():
            began = datetime.now(UTC)
            self._begun_at = self.copied
            if self._needs_sweep(began):
                await self._begin_anew()
            elif self._way == "webhook":
                await self._follow_webhook(began)
            else:
                await self._look_for_modified()
            await self._note_version()
            await self._note(as_of=began.isoformat())
        return await self.freshness()

    async def changes_since(self, version: int) -> ForeignChanges:
        """What the refreshes after that version have found changed."""
        return changes_of(self._state, self._base_id, await self._store.changed_tables(version), version)

    async def end_webhook(self) -> None:
        """Let Airtable forget the webhook, for a copy that is no longer wanted: a base has ten of them."""
        webhook_id = self._state.get("webhook", "")
        if webhook_id:
            await self._source.delete_webhook(self._base_id, webhook_id)
            await self._note(webhook="", way="polling")

    async def _note_version(self) -> None:
        """Give the changes that this refresh has found their number."""
        if await self.changes_since(self.version):
            await self._note(version=str(self._next))
            await self._store.forget_old_drops(self.version)

    @property
    def _next(self) -> int:
        return self.version + 1

    @property
    def _way(self) -> Way:
        return way_of(self._state)

    @property
    def _base_id(self) -> str:
        return self._state.get("base", self._base)

    def _instant(self, key: str) -> datetime:
        return instant_of(self._state, key)

    def _needs_sweep(self, now: datetime) -> bool:
        """Whether the copy is not whole, or, where nobody tells of deletions, they may be too old."""
        swept_at = self._instant("swept_at")
        return swept_at == NEVER or (self._way == "polling" and now - swept_at >= self._sweep_every)

    async def _begin_anew(self) -> None:
        """Read everything. The webhook is made before, so that it tells of what changes meanwhile."""
        await self._read_schema()
        if self._way == "polling":
            await self._make_webhook()
        began = datetime.now(UTC)
        await self._sweep(self._tables)
        await self._note(swept_at=began.isoformat())

    async def _make_webhook(self) -> None:
        try:
            webhook = await self._source.create_webhook(self._base_id, ALL_CHANGES)
        except AirtableError as error:
            # The token may not have one, or the base has ten already.
            if not isinstance(error, _IS_NOT_TOLD):
                raise
            await self._note(way="polling", webhook="")
        else:
            await self._note(way="webhook", webhook=webhook.id, cursor="1")

    async def _read_schema(self) -> None:
        schema = await self._source.schema(self._base, fresh=True)
        tables = tuple(replace(table, views=()) for table in schema.tables if self._is_wanted(table))
        if tables != self._tables:
            await self._store.set_tables(tables, self._next)
            self._tables = tables
            await self._note(shaped=str(self._next))
        await self._note(base=schema.id)

    def _is_wanted(self, table: TableSchema) -> bool:
        return not self._wanted or not self._wanted.isdisjoint({table.id.casefold(), table.name.casefold()})

    async def _follow_webhook(self, now: datetime) -> None:
        """Read again what the payloads tell; all of it when they cannot tell everything."""
        news, cursor = News(), int(self._state["cursor"])
        if now - self._instant("as_of") >= _WEBHOOK_LIFE - _MARGIN:
            news.is_broken = True
        else:
            cursor = await self._hear(news, cursor)
        if news.is_broken:
            await self._let_webhook_go()
            await self._note(way="polling", webhook="", swept_at=NEVER.isoformat())
            await self._begin_anew()
            return
        await self._take_in(news)
        await self._note(cursor=str(cursor))

    async def _hear(self, news: News, cursor: int) -> int:
        """Take in the payloads from that number on; the number of the next."""
        try:
            while True:
                page = await self._source.webhook_payloads(
                    self._base_id, self._state["webhook"], cursor=cursor
                )
                news.hear(page.payloads)
                cursor = page.cursor
                if not page.might_have_more:
                    return cursor
        except _IS_NOT_TOLD:
            # It or its payloads have expired, or somebody deleted it: what it would have told is lost.
            news.is_broken = True
            return cursor

    async def _let_webhook_go(self) -> None:
        """Leave its place to another; it may be gone already."""
        with suppress(*_IS_NOT_TOLD):
            await self._source.delete_webhook(self._base_id, self._state["webhook"])

    async def _take_in(self, news: News) -> None:
        if news.has_new_schema:
            await self._read_schema()
        known = {table.id: table for table in self._tables}
        await self._sweep([known[key] for key in sorted(news.tables & known.keys())])
        for table_id, record_ids in news.changed.items():
            if table_id in known and table_id not in news.tables:
                await self._read_again(known[table_id], sorted(record_ids))
        if news.destroyed:
            await self._store.drop(news.destroyed, self._next)

    async def _read_again(self, table: TableSchema, record_ids: Sequence[str]) -> None:
        """Those records as they are now; one that is gone meanwhile is forgotten."""
        for start in range(0, len(record_ids), _PAGE):
            wanted = record_ids[start : start + _PAGE]
            found = await self._source.records(self._base_id, table.id, wanted, fresh=True)
            self.copied += len(found)
            await self._store.put(table, found, sweep=self._sweep_number, version=self._next)
            gone = set(wanted) - {record.id for record in found}
            if gone:
                await self._store.drop(gone, self._next)

    async def _look_for_modified(self) -> None:
        """Read again what was modified since the last look."""
        since = (self._instant("as_of") - _MARGIN).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        query = RecordQuery(filter_by_formula=f'IS_AFTER(LAST_MODIFIED_TIME(),"{since}")')
        await self._read_schema()
        for table in self._tables:
            async for page in self._pages(table, query):
                await self._store.put(table, page.records, sweep=self._sweep_number, version=self._next)

    async def _sweep(self, tables: Sequence[TableSchema]) -> None:
        """Read every record of the tables, and forget those that are not found."""
        number = self._sweep_number + 1
        await self._note(sweep=str(number))
        for table in tables:
            async for page in self._pages(table, RecordQuery()):
                await self._store.put(table, page.records, sweep=number, version=self._next)
            await self._store.drop_unswept(table.id, number, self._next)

    async def _pages(self, table: TableSchema, query: RecordQuery) -> AsyncIterator[RecordPage]:
        offset: str | None = None
        while True:
            page = await self._source.page(self._base_id, table.id, query, offset=offset, fresh=True)
            self.copied += len(page.records)
            yield page
            offset = page.offset
            if offset is None:
                return

    @property
    def _sweep_number(self) -> int:
        return int(self._state.get("sweep", "0"))

    async def _note(self, **state: str) -> None:
        await self._store.note(**state)
        self._state |= state
