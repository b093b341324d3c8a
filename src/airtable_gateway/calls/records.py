"""Requests to Airtable's records API: list, read, create, update, upsert, delete."""

from collections.abc import Mapping, Sequence
from typing import Any

from airtable_gateway.calls.call import Call, Repeat
from airtable_gateway.errors import InvalidRequest, RecordNotFound
from airtable_gateway.gateway import WRITE_LIMIT
from airtable_gateway.naming.place import Place
from airtable_gateway.records import CellValues, Record, RecordChange, RecordPage, RecordQuery, Upserted
from airtable_gateway.transport.translation import Subject


def list_records(place: Place, query: RecordQuery, offset: str | None) -> Call[RecordPage]:
    """One page. Raises FieldNotFound and ViewNotFound."""
    body = _listing(place, query) | ({"offset": offset} if offset else {})
    return Call(
        _subject(place),
        Repeat.ALWAYS,
        send=lambda connection: connection.list_records(place.base_id, place.table_id, body),
        read=_bare_page if query.fields is not None and not query.fields else _page,
    )


def get_record(place: Place, record_id: str) -> Call[Record]:
    """One record. Raises RecordNotFound for what cannot be a record's id."""
    require_ids([record_id])
    return Call(
        _subject(place, record_id),
        Repeat.ALWAYS,
        send=lambda connection: connection.api.get(
            connection.table(place.base_id, place.table_id).urls.record(record_id)
        ),
        read=_record,
    )


def get_records(place: Place, record_ids: Sequence[str]) -> Call[list[Record]]:
    """Those of up to a hundred records that are there, in the order of the ids."""
    require_ids(record_ids)
    query = RecordQuery(filter_by_formula=_one_of(record_ids))
    return Call(
        _subject(place, ", ".join(record_ids)),
        Repeat.ALWAYS,
        send=lambda connection: connection.list_records(
            place.base_id, place.table_id, _listing(place, query)
        ),
        read=lambda answer: _in_order(record_ids, _page(answer).records),
    )


def create_records(place: Place, rows: Sequence[CellValues], *, typecast: bool) -> Call[list[Record]]:
    """New records. Raises FieldNotFound, and InvalidRequest for too many."""
    _require_few(rows)
    body = {"records": [{"fields": place.cells(row)} for row in rows], "typecast": typecast}
    return _write("POST", place, body, Repeat.NEVER)


def update_records(
    place: Place, changes: Sequence[RecordChange], *, typecast: bool, replace: bool
) -> Call[list[Record]]:
    """New values for records. Raises FieldNotFound, RecordNotFound, and InvalidRequest for too many."""
    _require_few(changes)
    require_ids([change.id for change in changes])
    records = [{"id": change.id, "fields": place.cells(change.fields)} for change in changes]
    body = {"records": records, "typecast": typecast}
    return _write("PUT" if replace else "PATCH", place, body, Repeat.WHEN_REFUSED)


def upsert_records(
    place: Place, rows: Sequence[CellValues], *, merge_on: Sequence[str], typecast: bool
) -> Call[Upserted]:
    """New values for the records that match, new records for the rest. Raises as create_records does."""
    _require_few(rows)
    body = {
        "records": [{"fields": place.cells(row)} for row in rows],
        "performUpsert": {"fieldsToMergeOn": place.fields(merge_on)},
        "typecast": typecast,
    }
    return Call(
        _subject(place),
        Repeat.WHEN_REFUSED,
        send=lambda connection: connection.api.patch(
            connection.table(place.base_id, place.table_id).urls.records, json=body
        ),
        read=_upserted,
    )


def delete_records(place: Place, record_ids: Sequence[str]) -> Call[list[str]]:
    """The end of records. Raises RecordNotFound, and InvalidRequest for too many."""
    _require_few(record_ids)
    require_ids(record_ids)
    return Call(
        _subject(place, ", ".join(record_ids)),
        Repeat.WHEN_REFUSED,
        send=lambda connection: connection.api.delete(
            connection.table(place.base_id, place.table_id).urls.records,
            params={"records[]": list(record_ids)},
        ),
        read=lambda answer: [record["id"] for record in answer["records"] if record["deleted"]],
    )


def _write(method: str, place: Place, body: Mapping[str, Any], repeat: Repeat) -> Call[list[Record]]:
    return Call(
        _subject(place, ", ".join(record["id"] for record in body["records"] if "id" in record)),
        repeat,
        send=lambda connection: connection.api.request(
            method, connection.table(place.base_id, place.table_id).urls.records, json=dict(body)
        ),
        read=lambda answer: [_record(record) for record in answer["records"]],
    )


def _listing(place: Place, query: RecordQuery) -> dict[str, Any]:
    """The query in the names and shapes of listRecords; what is not asked for is absent."""
    listing = {
        "fields": _asked_fields(place, query.fields),
        "filterByFormula": query.filter_by_formula,
        "view": place.view(query.view) if query.view else "",
        "sort": [{"field": place.field(key.field), "direction": key.direction} for key in query.sort],
        "maxRecords": query.max_records,
        "pageSize": query.page_size,
    }
    return {name: value for name, value in listing.items() if value not in (None, "", [])}


def _asked_fields(place: Place, fields: Sequence[str] | None) -> list[str] | None:
    """The fields for Airtable, which takes an empty list for all: the primary one stands in for none."""
    if fields is not None and not fields and place.schema is not None:
        return [place.schema.primary_field_id]
    return None if fields is None else place.fields(fields)


def _one_of(record_ids: Sequence[str]) -> str:
    """The formula that holds for those records; the ids were looked at, so that nothing needs quoting."""
    return f"OR({','.join(f'RECORD_ID()={record_id!r}' for record_id in record_ids)})"


def _in_order(record_ids: Sequence[str], records: Sequence[Record]) -> list[Record]:
    found = {record.id: record for record in records}
    return [found[record_id] for record_id in record_ids if record_id in found]


def _subject(place: Place, record: str = "") -> Subject:
    return Subject(place.base_id, place.table, record)


def _require_few(items: Sequence[object]) -> None:
    if len(items) > WRITE_LIMIT:
        raise InvalidRequest(f"{len(items)} records in one request; Airtable takes {WRITE_LIMIT}.")


def require_ids(record_ids: Sequence[str]) -> None:
    """Refuse what cannot be an id, since it would be another path."""
    for record_id in record_ids:
        if not (record_id.isascii() and record_id.isalnum()):
            raise RecordNotFound(record_id)


def _record(model: Mapping[str, Any]) -> Record:
    return Record(model["id"], model["createdTime"], dict(model["fields"]))


def _page(answer: Mapping[str, Any]) -> RecordPage:
    return RecordPage([_record(record) for record in answer["records"]], answer.get("offset") or None)


def _bare_page(answer: Mapping[str, Any]) -> RecordPage:
    """A page whose records show no field, since none was asked for."""
    page = _page(answer)
    return RecordPage([Record(record.id, record.created_time, {}) for record in page.records], page.offset)


def _upserted(answer: Mapping[str, Any]) -> Upserted:
    return Upserted(
        records=[_record(record) for record in answer["records"]],
        created_ids=tuple(answer["createdRecords"]),
        updated_ids=tuple(answer["updatedRecords"]),
    )
