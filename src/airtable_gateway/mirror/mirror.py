"""A base copied into a SQLite file, and the copy kept fresh."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from airtable_gateway.clock import Clock
from airtable_gateway.errors import AirtableError, InvalidRequest, NotFound, Refused
from airtable_gateway.gateway import Gateway
from airtable_gateway.mirror.feed import SPECIFICATION, News
from airtable_gateway.mirror.freshness import Freshness, Way
from airtable_gateway.mirror.store import MirrorStore, tables_from
from airtable_gateway.records import RecordPage, RecordQuery
from airtable_gateway.schema import TableSchema
from airtable_gateway.traffic.urgency import bulk

_MARGIN = timedelta(minutes=1)
"""How far Airtable's clock may be behind ours: so much is looked at twice."""

_PAGE = 100
_NEVER = datetime.fromtimestamp(0, UTC)


class MirrorNotOpen(AirtableError):
    """The mirror was asked before it had copied the base."""

    code = "mirror_not_open"
    hint = "Call refresh() once before."


class Mirror:
    """A copy of one base in the file `path`: a view for each table, with a column for each field.

    `refresh` brings it up to date, the first time by reading all of it. Changes are told by a webhook without
    address, whose payloads are polled; where the token may not have one, what was modified is looked for,
    and every `sweep_seconds` every record, since nothing else tells of deletions.
    """

    def __init__(
        self,
        gateway: Gateway,
        base: str,
        path: Path,
        *,
        sweep_seconds: float = 3600.0,
        clock: Clock | None = None,
    ) -> None:
        self._gateway = gateway
        self._base = base
        self._store = MirrorStore(path)
        self._sweep_every = timedelta(seconds=sweep_seconds)
        self._clock = clock or Clock()
        self._state: dict[str, str] = {}
        self._tables: tuple[TableSchema, ...] = ()

    async def __aenter__(self) -> Self:
        self._state = await self._store.open()
        self._tables = tables_from(self._state.get("tables", "[]"))
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._store.close()

    def reader(self) -> sqlite3.Connection:
        """A connection that reads and cannot write; close it after. It stays in the thread that asked."""
        return self._store.reader()

    async def freshness(self) -> Freshness:
        """How fresh the copy is. Raises MirrorNotOpen before the first refresh."""
        if "as_of" not in self._state:
            raise MirrorNotOpen(f"There is no copy of {self._base!r} yet.")
        return Freshness(
            as_of=self._instant("as_of"),
            swept_at=self._instant("swept_at"),
            way=self._way,
            records=await self._store.count(),
        )

    async def refresh(self) -> Freshness:
        """Bring the copy up to date. Raises AirtableError; what was read before that stays."""
        with bulk():
            began = datetime.now(UTC)
            if self._needs_sweep(began):
                await self._begin_anew()
            elif self._way == "webhook":
                await self._follow_webhook()
            else:
                await self._look_for_modified()
            await self._note(as_of=began.isoformat())
        return await self.freshness()

    async def keep_fresh(self, *, every_seconds: float = 10.0) -> None:
        """Refresh again and again until cancelled; while Airtable cannot be reached, the copy grows old."""
        while True:
            with suppress(AirtableError):
                await self.refresh()
            await self._clock.sleep(every_seconds)

    async def end_webhook(self) -> None:
        """Let Airtable forget the webhook, for a copy that is no longer wanted: a base has ten of them."""
        webhook_id = self._state.get("webhook", "")
        if webhook_id:
            await self._gateway.delete_webhook(self._base_id, webhook_id)
            await self._note(webhook="", way="polling")

    @property
    def _way(self) -> Way:
        return "webhook" if self._state.get("way") == "webhook" else "polling"

    @property
    def _base_id(self) -> str:
        return self._state.get("base", self._base)

    def _instant(self, key: str) -> datetime:
        return datetime.fromisoformat(self._state[key]) if key in self._state else _NEVER

    def _needs_sweep(self, now: datetime) -> bool:
        """Whether the copy is not whole, or, where nobody tells of deletions, they may be too old."""
        swept_at = self._instant("swept_at")
        return swept_at == _NEVER or (self._way == "polling" and now - swept_at >= self._sweep_every)

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
            webhook = await self._gateway.create_webhook(self._base_id, SPECIFICATION)
        except AirtableError as error:
            # The token may not have one, or the base has ten already.
            if not isinstance(error, Refused | NotFound | InvalidRequest):
                raise
            await self._note(way="polling", webhook="")
        else:
            await self._note(way="webhook", webhook=webhook.id, cursor="1")

    async def _read_schema(self) -> None:
        schema = await self._gateway.schema(self._base, fresh=True)
        self._tables = schema.tables
        await self._store.set_tables(schema.tables)
        await self._note(base=schema.id)

    async def _follow_webhook(self) -> None:
        """Read again what the payloads tell; all of it when they cannot tell everything."""
        news, cursor = News(), int(self._state["cursor"])
        try:
            while True:
                page = await self._gateway.webhook_payloads(
                    self._base_id, self._state["webhook"], cursor=cursor
                )
                news.hear(page.payloads)
                cursor = page.cursor
                if not page.might_have_more:
                    break
        except (NotFound, Refused):
            # It has expired, or somebody deleted it: what it would have told since is lost.
            news.is_broken = True
        if news.is_broken:
            await self._note(way="polling", webhook="", swept_at=_NEVER.isoformat())
            await self._begin_anew()
            return
        await self._take_in(news)
        await self._note(cursor=str(cursor))

    async def _take_in(self, news: News) -> None:
        if news.has_new_schema:
            await self._read_schema()
        known = {table.id: table for table in self._tables}
        await self._sweep([known[key] for key in sorted(news.tables & known.keys())])
        for table_id, record_ids in news.changed.items():
            if table_id in known and table_id not in news.tables:
                await self._read_again(known[table_id], sorted(record_ids))
        if news.destroyed:
            await self._store.drop(news.destroyed)

    async def _read_again(self, table: TableSchema, record_ids: Sequence[str]) -> None:
        """Those records as they are now; one that is gone meanwhile is forgotten."""
        for start in range(0, len(record_ids), _PAGE):
            wanted = record_ids[start : start + _PAGE]
            found = await self._gateway.records(self._base_id, table.id, wanted, fresh=True)
            await self._store.put(table, found, sweep=self._sweep_number)
            gone = set(wanted) - {record.id for record in found}
            if gone:
                await self._store.drop(gone)

    async def _look_for_modified(self) -> None:
        """Read again what was modified since the last look."""
        since = (self._instant("as_of") - _MARGIN).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        query = RecordQuery(filter_by_formula=f'IS_AFTER(LAST_MODIFIED_TIME(),"{since}")')
        await self._read_schema()
        for table in self._tables:
            async for page in self._pages(table, query):
                await self._store.put(table, page.records, sweep=self._sweep_number)

    async def _sweep(self, tables: Sequence[TableSchema]) -> None:
        """Read every record of the tables, and forget those that are not found."""
        number = self._sweep_number + 1
        await self._note(sweep=str(number))
        for table in tables:
            async for page in self._pages(table, RecordQuery()):
                await self._store.put(table, page.records, sweep=number)
            await self._store.drop_unswept(table.id, number)

    async def _pages(self, table: TableSchema, query: RecordQuery) -> AsyncIterator[RecordPage]:
        offset: str | None = None
        while True:
            page = await self._gateway.page(self._base_id, table.id, query, offset=offset, fresh=True)
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
