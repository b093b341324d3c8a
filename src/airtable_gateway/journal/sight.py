"""What a journal sees of a base before a write: which table it is, and the records as they are."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from airtable_gateway.clock import Clock
from airtable_gateway.comments import Comment
from airtable_gateway.errors import FieldNotFound, Refused, TableNotFound
from airtable_gateway.gateway import Gateway
from airtable_gateway.journal.change import Place
from airtable_gateway.journal.discretion import Whose, everybodys
from airtable_gateway.journal.writable import is_writable
from airtable_gateway.records import Record, RecordQuery
from airtable_gateway.schema import BaseSchema, TableSchema

PAGE = 100
"""Records in one page (docs: "List records")."""

_SCHEMA_SECONDS = 300.0


class SchemaOutdated(Exception):
    """A record has a field that the schema does not know; it never leaves the journal."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.table)
        self.place = place


@dataclass(frozen=True)
class Spot:
    """A table of a base; `schema` is None where the token may not read it, and the names are as given.

    `is_new` when the schema was read anew for this look. What all writes ask of the table is found out once.
    """

    place: Place
    schema: TableSchema | None = None
    is_new: bool = False

    def field_id(self, name_or_id: str) -> str:
        """The field's id; what was given, where no schema tells."""
        return self.schema.field(name_or_id).id if self.schema else name_or_id

    def names(self, field_ids: Sequence[str]) -> dict[str, str]:
        """The names of those fields by id."""
        known = {field.id: field.name for field in self.schema.fields} if self.schema else {}
        return {key: known.get(key, key) for key in field_ids}

    def cells(self, record: Record) -> dict[str, Any]:
        """The record's cells by field id. Raises SchemaOutdated for a name that only a newer schema tells."""
        if self.schema is None:
            return dict(record.fields)
        ids = self._ids
        if not self.is_new and not ids.keys() >= record.fields.keys():
            raise SchemaOutdated(self.place)
        return {ids[name]: value for name, value in record.fields.items() if name in ids}

    @cached_property
    def writable(self) -> Mapping[str, str]:
        """The names of the fields that the API takes values for, by id; none where no schema tells."""
        fields = self.schema.fields if self.schema else ()
        return {field.id: field.name for field in fields if is_writable(field.type)}

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        """The ids of all fields by name."""
        return {field.name: field.id for field in self.schema.fields} if self.schema else {}


@dataclass(slots=True)
class _Queue:
    """The records of a table that somebody waits for, and whether somebody fetches them."""

    waiting: dict[str, asyncio.Future[Record | None]] = field(default_factory=dict)
    fetcher: asyncio.Task[None] | None = None


class Sight:
    """Looks at bases through a gateway, in as few requests as possible.

    `whose` tells callers apart that the gateway may show different things.
    """

    def __init__(self, inner: Gateway, clock: Clock, whose: Whose = everybodys) -> None:
        self._inner = inner
        self._clock = clock
        self._whose = whose
        self._schemas: dict[tuple[str, str], tuple[float, BaseSchema]] = {}
        self._spots: dict[tuple[str, str], Spot] = {}
        self._doubted: set[str] = set()
        self._queues: dict[tuple[str, Place], _Queue] = {}

    async def base(self, base: str, *, fresh: bool = False) -> BaseSchema:
        """The schema of the base, some minutes old at most. Raises Refused where it may not be read."""
        key = (self._whose(), base)
        known = self._schemas.get(key)
        if known and not fresh and self._clock.now() - known[0] < _SCHEMA_SECONDS:
            return known[1]
        schema = await self._inner.schema(base, fresh=fresh)
        self._schemas[key] = (self._clock.now(), schema)
        return schema

    async def spot(self, base: str, table: str, fields: Sequence[str] = (), *, fresh: bool = False) -> Spot:
        """The table with those fields. Raises BaseNotFound, TableNotFound, FieldNotFound."""
        try:
            if not (fresh or base in self._doubted):
                with suppress(TableNotFound, FieldNotFound):
                    return self._spot(await self.base(base), table, fields)
            # The schema that we have may be older than the table.
            self._doubted.discard(base)
            return replace(self._spot(await self.base(base, fresh=True), table, fields), is_new=True)
        except Refused:
            return Spot(Place(base, base, table, table))

    def _spot(self, schema: BaseSchema, table: str, fields: Sequence[str]) -> Spot:
        """The table with those fields, as long as both are what they were the same spot."""
        found = schema.table(table)
        for name in fields:
            found.field(name)
        kept = self._spots.get((schema.id, found.id))
        if kept is None or kept.schema is not found or kept.place.base != schema.name:
            kept = Spot(Place(schema.id, schema.name, found.id, found.name), found)
            self._spots[schema.id, found.id] = kept
        return kept

    def doubt(self, place: Place) -> None:
        """The schema of that base may have changed: whoever needs it next reads it anew."""
        of_base = {name for (_, name), (_, kept) in self._schemas.items() if kept.id == place.base_id}
        self._doubted |= of_base | {place.base_id, place.base}

    async def records(self, spot: Spot, record_ids: Sequence[str]) -> dict[str, Record | None]:
        """Those records as they are now, None for one that is not there.

        Whoever asks of the same table at the same time shares the pages.
        """
        key = (self._whose(), spot.place)
        queue = self._queues.setdefault(key, _Queue())
        loop = asyncio.get_running_loop()
        wanted = {
            record_id: queue.waiting.setdefault(record_id, loop.create_future()) for record_id in record_ids
        }
        if wanted and queue.fetcher is None:
            queue.fetcher = asyncio.create_task(self._fetch(spot, key, queue))
        # A caller that is cancelled leaves the fetch to the others.
        found = await asyncio.gather(*map(asyncio.shield, wanted.values()))
        return dict(zip(wanted, found, strict=True))

    async def _fetch(self, spot: Spot, key: tuple[str, Place], queue: _Queue) -> None:
        """Read page after page until nobody waits. Whoever comes meanwhile has the next page."""
        try:
            while queue.waiting:
                page = dict(list(queue.waiting.items())[:PAGE])
                for record_id in page:
                    del queue.waiting[record_id]
                await self._answer(spot, page)
        finally:
            queue.fetcher = None
            del self._queues[key]

    async def _answer(self, spot: Spot, page: dict[str, "asyncio.Future[Record | None]"]) -> None:
        try:
            found = {record.id: record for record in await self.read(spot, tuple(page))}
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait raise it
            for waiting in page.values():
                waiting.set_exception(error)
                # All who waited may have been cancelled, and asyncio complains of errors that nobody saw.
                waiting.exception()
            return
        for record_id, waiting in page.items():
            waiting.set_result(found.get(record_id))

    async def read(self, spot: Spot, record_ids: Sequence[str]) -> list[Record]:
        """Up to a hundred records in one request, those that are there."""
        # What cannot be an id is none, and has no place in a formula.
        ids = [key for key in record_ids if key.isascii() and key.isalnum()]
        place = spot.place
        return await self._inner.records(place.base_id, place.table_id, ids, fresh=True) if ids else []

    async def comment(self, spot: Spot, record_id: str, comment_id: str) -> Comment | None:
        """The comment, None where the record has none of that id. Raises RecordNotFound."""
        offset: str | None = None
        while True:
            page = await self._inner.comments(
                spot.place.base_id, spot.place.table_id, record_id, offset=offset
            )
            found = next((comment for comment in page.comments if comment.id == comment_id), None)
            offset = page.offset
            if found or offset is None:
                return found

    async def select(self, spot: Spot, formula: str, fields: Sequence[str] | None = None) -> list[Record]:
        """All records for which the formula holds."""
        query = RecordQuery(fields=fields, filter_by_formula=formula)
        records: list[Record] = []
        offset: str | None = None
        while True:
            page = await self._inner.page(
                spot.place.base_id, spot.place.table_id, query, offset=offset, fresh=True
            )
            records += page.records
            offset = page.offset
            if offset is None:
                return records
