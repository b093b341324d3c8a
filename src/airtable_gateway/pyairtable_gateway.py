"""The Gateway over pyairtable: names resolved, calls paced and repeated, work in threads of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, TypeVar

from airtable_gateway import meta_calls, record_calls
from airtable_gateway.calls import Call
from airtable_gateway.clock import Clock
from airtable_gateway.endpoint import EndpointSource
from airtable_gateway.errors import (
    AirtableError,
    FieldNotFound,
    InvalidFormula,
    NotFound,
    RecordNotFound,
    Refused,
    TableNotFound,
    ViewNotFound,
)
from airtable_gateway.names import Names
from airtable_gateway.pacer import Pacer
from airtable_gateway.place import Place, needs_schema
from airtable_gateway.records import CellValues, Record, RecordChange, RecordPage, RecordQuery, Upserted
from airtable_gateway.retries import BUDGET_SECONDS, Retries
from airtable_gateway.schema import BaseInfo, BaseSchema, FieldSchema, TableSchema
from airtable_gateway.translation import MODEL_NOT_FOUND
from airtable_gateway.wire import Wire

T = TypeVar("T")


class PyAirtableGateway:
    """See `Gateway`. Nothing is imported, connected or asked before the first call.

    `rate_limit` is calls a second and base, None for no limit; `timeout` is seconds to connect and to answer;
    `threads` is how many calls may be under way at once; `schema_ttl_seconds` 0 keeps no schema.
    """

    def __init__(
        self,
        endpoints: EndpointSource,
        *,
        rate_limit: float | None = 5.0,
        schema_ttl_seconds: float = 300,
        timeout: tuple[int, int] = (5, 30),
        threads: int = 8,
        clock: Clock | None = None,
    ) -> None:
        clock = clock or Clock()
        pacer = Pacer(rate_limit, patience_seconds=BUDGET_SECONDS, clock=clock)
        self._wire = Wire(endpoints, timeout=timeout, threads=threads)
        self._line = Retries(self._wire, pacer, clock)
        self._names = Names(self._line, ttl_seconds=schema_ttl_seconds, clock=clock)

    async def __aenter__(self) -> Self:
        self._wire.open()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._names.close()
        await self._wire.close()

    async def bases(self) -> list[BaseInfo]:
        """See `SchemaReader.bases`; never from a cache."""
        return await self._names.bases()

    async def schema(self, base: str, *, fresh: bool = False) -> BaseSchema:
        """See `SchemaReader.schema`."""
        return await self._names.schema(base, fresh=fresh)

    async def page(
        self, base: str, table: str, query: RecordQuery, *, offset: str | None = None
    ) -> RecordPage:
        """See `RecordReader.page`."""
        fields = [*(query.fields or ()), *(key.field for key in query.sort)]
        place = await self._place(base, table, fields=fields, view=query.view)
        return await self._send(place, lambda place: record_calls.list_records(place, query, offset))

    async def record(self, base: str, table: str, record_id: str) -> Record:
        """See `RecordReader.record`."""
        place = await self._place(base, table)
        try:
            return await self._send(place, lambda place: record_calls.get_record(place, record_id))
        except Refused as refused:
            if refused.type == MODEL_NOT_FOUND and await self._sees(place):
                raise _no_such_record(record_id, refused) from refused
            raise

    async def create(
        self, base: str, table: str, rows: Sequence[CellValues], *, typecast: bool = False
    ) -> list[Record]:
        """See `RecordWriter.create`. Never repeated: an Unreachable says whether it may have been applied."""
        if not rows:
            return []
        place = await self._place(base, table, fields=_names_in(rows))
        return await self._write(
            place,
            lambda place: record_calls.create_records(place, rows, typecast=typecast),
            typecast=typecast,
        )

    async def update(
        self,
        base: str,
        table: str,
        changes: Sequence[RecordChange],
        *,
        typecast: bool = False,
        replace: bool = False,
    ) -> list[Record]:
        """See `RecordWriter.update`."""
        if not changes:
            return []
        place = await self._place(base, table, fields=_names_in([change.fields for change in changes]))
        return await self._write(
            place,
            lambda place: record_calls.update_records(place, changes, typecast=typecast, replace=replace),
            typecast=typecast,
        )

    async def upsert(
        self,
        base: str,
        table: str,
        rows: Sequence[CellValues],
        *,
        merge_on: Sequence[str],
        typecast: bool = False,
    ) -> Upserted:
        """See `RecordWriter.upsert`."""
        if not rows:
            return Upserted([])
        place = await self._place(base, table, fields=[*_names_in(rows), *merge_on])
        return await self._write(
            place,
            lambda place: record_calls.upsert_records(place, rows, merge_on=merge_on, typecast=typecast),
            typecast=typecast,
        )

    async def delete(self, base: str, table: str, record_ids: Sequence[str]) -> list[str]:
        """See `RecordWriter.delete`."""
        if not record_ids:
            return []
        place = await self._place(base, table)
        return await self._send(place, lambda place: record_calls.delete_records(place, record_ids))

    async def create_table(
        self, base: str, name: str, fields: Sequence[Mapping[str, Any]], *, description: str = ""
    ) -> TableSchema:
        """See `SchemaWriter.create_table`."""
        base_id = await self._names.base_id(base)
        try:
            return await self._line.send(meta_calls.create_table(base_id, name, fields, description))
        finally:
            # Also after a failure, for the answer may have been lost and the table made.
            self._names.forget(base_id)

    async def create_field(
        self,
        base: str,
        table: str,
        name: str,
        type: str,
        *,
        options: Mapping[str, Any] | None = None,
        description: str = "",
    ) -> FieldSchema:
        """See `SchemaWriter.create_field`."""
        field = {"name": name, "type": type} | ({"options": dict(options)} if options else {})
        place = await self._place(base, table)
        try:
            return await self._send(place, lambda place: meta_calls.create_field(place, field, description))
        finally:
            self._names.forget(place.base_id)

    async def _place(self, base: str, table: str, *, fields: Sequence[str] = (), view: str = "") -> Place:
        """The table, with its schema when something is given by name."""
        base_id = await self._names.base_id(base)
        if needs_schema(table, fields=fields, view=view):
            return await self._names.place(base_id, table)
        return Place(base_id, table)

    async def _send(self, place: Place, make: Callable[[Place], Call[T]]) -> T:
        """Send what `make` makes of the place; once more with a new schema when a name was unknown."""
        try:
            return await self._line.send(make(place))
        except InvalidFormula:
            self._names.doubt(place.base_id)
            raise
        except (NotFound, Refused) as error:
            if not _blames_a_name(error):
                raise
            newer = await self._names.place(place.base_id, place.table, instead_of=place)
            if place.schema is None or newer.schema == place.schema:
                raise
        return await self._line.send(make(newer))

    async def _write(self, place: Place, make: Callable[[Place], Call[T]], *, typecast: bool) -> T:
        """Send a write; one with typecast may have made choices, so that the schema is no longer sure."""
        written = await self._send(place, make)
        if typecast:
            self._names.doubt(place.base_id)
        return written

    async def _sees(self, place: Place) -> bool:
        """Whether the token may see the table, so that what it lacks is the record."""
        return (await self._names.place(place.base_id, place.table)).schema is not None


def _blames_a_name(error: AirtableError) -> bool:
    """Whether the schema that named things may be out of date."""
    return isinstance(error, FieldNotFound | TableNotFound | ViewNotFound) or error.type == MODEL_NOT_FOUND


def _names_in(rows: Sequence[CellValues]) -> list[str]:
    return [name for row in rows for name in row]


def _no_such_record(record_id: str, refused: Refused) -> RecordNotFound:
    return RecordNotFound(
        record_id,
        status=refused.status,
        type=refused.type,
        hint=f"{RecordNotFound.hint} Or the token lacks data.records:read.",
    )
