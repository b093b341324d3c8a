"""Creates that are watched, so that one whose answer was lost can be told applied or unknown."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from json import JSONEncoder
from secrets import token_hex
from typing import Any, Protocol

from airtable_gateway.calls import records as calls
from airtable_gateway.clock import Clock
from airtable_gateway.errors import AirtableError, FieldNotFound, OutcomeUnknown
from airtable_gateway.naming.desk import Desk
from airtable_gateway.naming.place import Place
from airtable_gateway.records import CellValues, Record, RecordQuery
from airtable_gateway.schema import TableSchema
from airtable_gateway.settling.claims import Claims
from airtable_gateway.settling.likeness import is_like

SETTLING_SECONDS = 3.0
"""A create that was dropped on its way may be applied some moments later; nobody looks before."""

_PAGES = 5
"""So many hundred new records are looked through; in a table that grows faster nothing can be told."""

_MARGIN = timedelta(seconds=2)
"""The Date header has whole seconds, and answers take a moment."""


_ENCODER = JSONEncoder(sort_keys=True, default=str)


class ServerTime(Protocol):
    """Knows the time at Airtable."""

    def now(self) -> datetime | None:
        """Airtable's time by its last answer, None before the first one."""
        ...


class Creations:
    """Watches creates."""

    def __init__(self, desk: Desk, claims: Claims, server: ServerTime, clock: Clock) -> None:
        self._desk = desk
        self._claims = claims
        self._server = server
        self._clock = clock

    async def watch(
        self, place: Place, rows: Sequence[CellValues], create: Callable[[], Awaitable[list[Record]]]
    ) -> list[Record]:
        """What `create` gives; when its answer was lost, the records that it made.

        Raises OutcomeUnknown when it cannot be told which they are, or whether there are any.
        """
        call, kinds = token_hex(16), [_kind(place, row) for row in rows]
        started = self._server.now()
        await self._claims.begin(kinds, call)
        try:
            created = await create()
        except OutcomeUnknown as lost:
            created = await self._settled(place, rows, kinds, call, started, lost)
        except AirtableError:
            with suppress(AirtableError):
                await self._claims.end(kinds, call, ())
            raise
        # What was created is created, also when nobody can be told of it.
        with suppress(AirtableError):
            await self._claims.end(kinds, call, [record.id for record in created])
        return created

    async def _settled(
        self,
        place: Place,
        rows: Sequence[CellValues],
        kinds: Sequence[str],
        call: str,
        started: datetime | None,
        lost: OutcomeUnknown,
    ) -> list[Record]:
        """The records that a lost call made. Raises OutcomeUnknown."""
        await self._clock.sleep(SETTLING_SECONDS)
        try:
            found = await self._found(place, rows, kinds, call, started)
        except AirtableError:
            found = None
        if found is None:
            raise OutcomeUnknown(lost.message, sent=[dict(row) for row in rows], status=lost.status) from lost
        return found

    async def _found(
        self,
        place: Place,
        rows: Sequence[CellValues],
        kinds: Sequence[str],
        call: str,
        started: datetime | None,
    ) -> list[Record] | None:
        """The records that surely are the call's own; None when that cannot be said of as many as it sent."""
        table = (await self._desk.names.place(place.base_id, place.table)).schema
        if table is None or started is None:
            return None
        recent = await self._recent(Place(place.base_id, place.table, table), started - _MARGIN)
        # Only after the look: a rival that comes later made none of these records.
        if recent is None or await self._claims.has_rivals(kinds, call):
            return None
        free = await self._claims.unclaimed([record.id for record in recent])
        found = _matches(rows, [record for record in recent if record.id in free], table)
        if found is None or not await self._claims.claim([record.id for record in found]):
            return None
        return found

    async def _recent(self, place: Place, since: datetime) -> list[Record] | None:
        """The records made since then; None when they are too many."""
        moment = since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        query = RecordQuery(filter_by_formula=f'IS_AFTER(CREATED_TIME(),DATETIME_PARSE("{moment}"))')
        records: list[Record] = []
        offset: str | None = None
        for _ in range(_PAGES):
            page = await self._desk.line.send(calls.list_records(place, query, offset, fresh=True))
            records += page.records
            offset = page.offset
            if offset is None:
                return records
        return None


def _kind(place: Place, row: Mapping[str, Any]) -> str:
    """A digest of the table and of the values in one record."""
    cells = {_field(place, name): value for name, value in row.items()}
    text = _ENCODER.encode([place.base_id, place.table_id, cells])
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _field(place: Place, given: str) -> str:
    """The field's id where it is known, so that everybody's name for it is the same."""
    try:
        return place.schema.field(given).id if place.schema else given
    except FieldNotFound:
        return given


def _matches(
    rows: Sequence[CellValues], records: Sequence[Record], table: TableSchema
) -> list[Record] | None:
    """The records that the rows became, in their order; None unless there is one for each, and no more."""
    left = list(records)
    found = []
    for row in rows:
        match = next((record for record in left if is_like(row, record.fields, table)), None)
        if match is None:
            return None
        left.remove(match)
        found.append(match)
    spare = any(is_like(row, record.fields, table) for row in rows for record in left)
    return None if spare else found
