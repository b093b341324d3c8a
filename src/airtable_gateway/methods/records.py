"""Records over pyairtable: see `RecordReader` and `RecordWriter`."""

from collections.abc import Sequence
from functools import partial

from airtable_gateway.calls import records as calls
from airtable_gateway.errors import RecordNotFound, Refused
from airtable_gateway.gateway import PAGE_LIMIT
from airtable_gateway.methods.themed import Themed
from airtable_gateway.records import CellValues, Record, RecordChange, RecordPage, RecordQuery, Upserted
from airtable_gateway.transport.translation import MODEL_NOT_FOUND


class RecordMethods(Themed):
    """Reading and changing records."""

    async def page(
        self,
        base: str,
        table: str,
        query: RecordQuery,
        *,
        offset: str | None = None,
        fresh: bool = False,  # noqa: ARG002 - every answer is fresh as long as nothing keeps records
    ) -> RecordPage:
        """See `RecordReader.page`."""
        fields = [*(query.fields or ()), *(key.field for key in query.sort)]
        place = await self._desk.place(base, table, fields=fields, view=query.view)
        return await self._desk.send(place, lambda place: calls.list_records(place, query, offset))

    async def record(
        self,
        base: str,
        table: str,
        record_id: str,
        *,
        fresh: bool = False,  # noqa: ARG002 - as above
    ) -> Record:
        """See `RecordReader.record`."""
        place = await self._desk.place(base, table)
        try:
            return await self._desk.send(place, lambda place: calls.get_record(place, record_id))
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
        fresh: bool = False,  # noqa: ARG002 - as above
    ) -> list[Record]:
        """See `RecordReader.records`."""
        place = await self._desk.place(base, table)
        wanted = list(dict.fromkeys(record_ids))
        pages: list[list[Record]] = [
            await self._desk.send(
                place, partial(calls.get_records, record_ids=wanted[start : start + PAGE_LIMIT])
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
        place = await self._desk.place(base, table, fields=_names_in(rows))
        return await self._desk.write(
            place, lambda place: calls.create_records(place, rows, typecast=typecast), typecast=typecast
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


def _names_in(rows: Sequence[CellValues]) -> list[str]:
    return [name for row in rows for name in row]


def _no_such_record(record_id: str, refused: Refused) -> RecordNotFound:
    return RecordNotFound(
        record_id,
        status=refused.status,
        type=refused.type,
        hint=f"{RecordNotFound.hint} Or the token lacks data.records:read.",
    )
