"""Records over pyairtable: see `RecordReader` and `RecordWriter`."""

from collections.abc import Sequence
from functools import partial

from airtable_gateway.calls import records as calls
from airtable_gateway.errors import RecordNotFound, Refused
from airtable_gateway.gateway import PAGE_LIMIT
from airtable_gateway.methods.themed import Themed
from airtable_gateway.naming.desk import Desk
from airtable_gateway.naming.place import Place
from airtable_gateway.records import CellValues, Record, RecordChange, RecordPage, RecordQuery, Upserted
from airtable_gateway.settling.creations import Creations
from airtable_gateway.transport.translation import MODEL_NOT_FOUND

_MARKABLE = ("singleLineText", "multilineText")


class RecordMethods(Themed):
    """Reading and changing records; creates go with a mark in tables that have a text field of that name."""

    def __init__(self, desk: Desk, creations: Creations, mark_field: str) -> None:
        super().__init__(desk)
        self._creations = creations
        self._mark_fields = [mark_field] if mark_field else []

    async def page(
        self,
        base: str,
        table: str,
        query: RecordQuery,
        *,
        offset: str | None = None,
        fresh: bool = False,
    ) -> RecordPage:
        """See `RecordReader.page`."""
        fields = [*(query.fields or ()), *(key.field for key in query.sort)]
        place = await self._desk.place(base, table, fields=fields, view=query.view)
        return await self._desk.send(
            place, lambda place: calls.list_records(place, query, offset, fresh=fresh)
        )

    async def record(
        self,
        base: str,
        table: str,
        record_id: str,
        *,
        fresh: bool = False,
    ) -> Record:
        """See `RecordReader.record`."""
        place = await self._desk.place(base, table)
        try:
            return await self._desk.send(place, lambda place: calls.get_record(place, record_id, fresh=fresh))
        except Refused as refused:
            if refused.type == MODEL_NOT_FOUND and await self._desk.sees(place):
                raise _no_such_record(record_id, refused) from refused
            raise

    async def records(
        self,
        base: str,
        table: str,
        record_ids: Sequence[str],
        *,
        fresh: bool = False,
    ) -> list[Record]:
        """See `RecordReader.records`."""
        place = await self._desk.place(base, table)
        wanted = list(dict.fromkeys(record_ids))
        pages: list[list[Record]] = [
            await self._desk.send(
                place, partial(calls.get_records, record_ids=wanted[start : start + PAGE_LIMIT], fresh=fresh)
            )
            for start in range(0, len(wanted), PAGE_LIMIT)
        ]
        return [record for page in pages for record in page]

    async def create(
        self, base: str, table: str, rows: Sequence[CellValues], *, typecast: bool = False
    ) -> list[Record]:
        """See `RecordWriter.create`."""
        if not rows:
            return []
        place = await self._desk.place(base, table, fields=[*_names_in(rows), *self._mark_fields])
        if (mark := self._mark_field(place, rows)) is not None:
            return await self._desk.write(
                place,
                lambda place: calls.create_marked(place, rows, mark_field=mark, typecast=typecast),
                typecast=typecast,
            )
        return await self._creations.watch(
            place,
            rows,
            lambda: self._desk.write(
                place, lambda place: calls.create_records(place, rows, typecast=typecast), typecast=typecast
            ),
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
        place = await self._desk.place(base, table, fields=_names_in([change.fields for change in changes]))
        return await self._desk.write(
            place,
            lambda place: calls.update_records(place, changes, typecast=typecast, replace=replace),
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
        place = await self._desk.place(base, table, fields=[*_names_in(rows), *merge_on])
        return await self._desk.write(
            place,
            lambda place: calls.upsert_records(place, rows, merge_on=merge_on, typecast=typecast),
            typecast=typecast,
        )

    async def delete(self, base: str, table: str, record_ids: Sequence[str]) -> list[str]:
        """See `RecordWriter.delete`."""
        if not record_ids:
            return []
        place = await self._desk.place(base, table)
        try:
            return await self._desk.send(place, lambda place: calls.delete_records(place, record_ids))
        except RecordNotFound as absent:
            # An earlier attempt, whose answer was lost, may have deleted them: all or none.
            if absent.follows_lost and not await self.records(base, table, record_ids, fresh=True):
                return list(record_ids)
            raise

    def _mark_field(self, place: Place, rows: Sequence[CellValues]) -> str | None:
        """The id of the table's field for marks; None without one, or when the caller writes it."""
        if place.schema is None:
            return None
        for name in self._mark_fields:
            for field in place.schema.fields:
                if name in (field.name, field.id) and field.type in _MARKABLE:
                    named = {place.schema.field(given).id for row in rows for given in row}
                    return None if field.id in named else field.id
        return None


def _names_in(rows: Sequence[CellValues]) -> list[str]:
    return [name for row in rows for name in row]


def _no_such_record(record_id: str, refused: Refused) -> RecordNotFound:
    return RecordNotFound(
        record_id,
        status=refused.status,
        type=refused.type,
        hint=f"{RecordNotFound.hint} Or the token lacks data.records:read.",
    )
