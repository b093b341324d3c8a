"""Requests to Airtable's records API: list, read, create, update, upsert, delete."""

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

from airtable_gateway.caching.kept import Kept
from airtable_gateway.calls.call import Call, Repeat
from airtable_gateway.errors import InvalidRequest, RecordNotFound
from airtable_gateway.gateway import PAGE_LIMIT, WRITE_LIMIT
from airtable_gateway.joining.joint import Apart, Joint
from airtable_gateway.naming.place import Place
from airtable_gateway.records import CellValues, Record, RecordChange, RecordPage, RecordQuery, Upserted
from airtable_gateway.transport.translation import Subject

T = TypeVar("T")


def list_records(
    place: Place, query: RecordQuery, offset: str | None, *, fresh: bool = False
) -> Call[RecordPage]:
    """One page. Raises FieldNotFound and ViewNotFound."""
    body = _listing(place, query) | ({"offset": offset} if offset else {})
    is_bare = query.fields is not None and not query.fields
    read = _bare_page if is_bare else _page
    return Call(
        _subject(place),
        Repeat.ALWAYS,
        send=lambda connection: connection.list_records(place.base_id, place.table_id, body),
        read=read,
        kept=Kept(place.table_id, f"page:{is_bare}:{json.dumps(body)}", _page_to_api, _page, is_fresh=fresh),
    )


def get_record(place: Place, record_id: str, *, fresh: bool = False) -> Call[Record]:
    """One record. Raises RecordNotFound for what cannot be a record's id."""
    require_ids([record_id])
    return Call(
        _subject(place, record_id),
        Repeat.ALWAYS,
        send=lambda connection: connection.get_record(place.base_id, place.table_id, record_id),
        read=_record,
        joint=_reading(place, [record_id], own=_only),
        kept=Kept(place.table_id, f"record:{record_id}", _record_to_api, _record, is_fresh=fresh),
    )


def get_records(place: Place, record_ids: Sequence[str], *, fresh: bool = False) -> Call[list[Record]]:
    """Those of up to a hundred records that are there, in the order of the ids."""
    require_ids(record_ids)
    joint = _reading(place, record_ids, own=_present)
    call = joint.join(record_ids)
    kept = Kept(place.table_id, f"records:{','.join(record_ids)}", _records_to_api, _records, is_fresh=fresh)
    return Call(call.subject, call.repeat, call.send, lambda answer: _present(call.read(answer)), joint, kept)


def create_records(place: Place, rows: Sequence[CellValues], *, typecast: bool) -> Call[list[Record]]:
    """New records. Raises FieldNotFound, and InvalidRequest for too many."""
    _require_few(rows)
    parts = [{"fields": place.cells(row)} for row in rows]
    return _write("POST", place, parts, Repeat.NEVER, typecast=typecast)


def create_marked(
    place: Place, rows: Sequence[CellValues], *, mark_field: str, typecast: bool
) -> Call[list[Record]]:
    """New records that each hold a mark of their own, by which a second attempt finds those of the first."""
    _require_few(rows)
    mark = place.field(mark_field)
    parts = [{"fields": place.cells(row) | {mark: uuid4().hex}} for row in rows]

    def join(parts: Sequence[Mapping[str, Any]]) -> Call[list[Record]]:
        call = _upsert(place, parts, [mark], typecast=typecast)
        return Call(
            call.subject, call.repeat, call.send, lambda answer: call.read(answer).records, reshapes=typecast
        )

    key = ("mark", place.base_id, place.table_id, typecast)
    return dataclasses.replace(join(parts), joint=Joint(key, tuple(parts), WRITE_LIMIT, join, list))


def update_records(
    place: Place, changes: Sequence[RecordChange], *, typecast: bool, replace: bool
) -> Call[list[Record]]:
    """New values for records. Raises FieldNotFound, RecordNotFound, and InvalidRequest for too many."""
    _require_few(changes)
    require_ids([change.id for change in changes])
    parts = [{"id": change.id, "fields": place.cells(change.fields)} for change in changes]
    return _write("PUT" if replace else "PATCH", place, parts, Repeat.IDEMPOTENT, typecast=typecast)


def upsert_records(
    place: Place, rows: Sequence[CellValues], *, merge_on: Sequence[str], typecast: bool
) -> Call[Upserted]:
    """New values for the records that match, new records for the rest. Raises as create_records does."""
    _require_few(rows)
    parts = [{"fields": place.cells(row)} for row in rows]
    return _upsert(place, parts, place.fields(merge_on), typecast=typecast)


def delete_records(place: Place, record_ids: Sequence[str]) -> Call[list[str]]:
    """The end of records. Raises RecordNotFound, and InvalidRequest for too many."""
    _require_few(record_ids)
    require_ids(record_ids)

    def join(record_ids: Sequence[str]) -> Call[list[str]]:
        return Call(
            _subject(place, ", ".join(record_ids)),
            Repeat.IDEMPOTENT,
            send=lambda connection: connection.api.delete(
                connection.table(place.base_id, place.table_id).urls.records,
                params={"records[]": list(record_ids)},
            ),
            read=lambda answer: [record["id"] for record in answer["records"] if record["deleted"]],
        )

    key = ("DELETE", place.base_id, place.table_id)
    joint = Joint(key, tuple(record_ids), WRITE_LIMIT, join, list, frozenset(record_ids))
    return dataclasses.replace(join(record_ids), joint=joint)


def _upsert(
    place: Place, parts: Sequence[Mapping[str, Any]], merge_on: Sequence[str], *, typecast: bool
) -> Call[Upserted]:
    body = {
        "records": list(parts),
        "performUpsert": {"fieldsToMergeOn": list(merge_on)},
        "typecast": typecast,
    }
    return Call(
        _subject(place),
        Repeat.IDEMPOTENT,
        send=lambda connection: connection.api.patch(
            connection.table(place.base_id, place.table_id).urls.records, json=body
        ),
        read=_upserted,
        reshapes=typecast,
    )


def _write(
    method: str, place: Place, parts: Sequence[Mapping[str, Any]], repeat: Repeat, *, typecast: bool
) -> Call[list[Record]]:
    """A write of some records, which others of its method, table and options may join."""
    key = (method, place.base_id, place.table_id, typecast)
    touched = frozenset([part["id"] for part in parts if "id" in part])
    join = partial(_written, method, place, repeat, typecast=typecast)
    return join(parts, Joint(key, tuple(parts), WRITE_LIMIT, join, list, touched))


def _written(
    method: str,
    place: Place,
    repeat: Repeat,
    parts: Sequence[Mapping[str, Any]],
    joint: Joint[list[Record]] | None = None,
    *,
    typecast: bool,
) -> Call[list[Record]]:
    body = {"records": list(parts), "typecast": typecast}
    return Call(
        _subject(place, ", ".join([part["id"] for part in parts if "id" in part])),
        repeat,
        send=lambda connection: connection.api.request(
            method, connection.table(place.base_id, place.table_id).urls.records, json=body
        ),
        read=lambda answer: [_record(record) for record in answer["records"]],
        joint=joint,
        reshapes=typecast,
    )


def _reading(
    place: Place, record_ids: Sequence[str], own: Callable[[Sequence[Record | None]], T]
) -> Joint[T]:
    """Records that are read by their ids, in one page with others of the table."""
    join = partial(_read_by_ids, place)
    return Joint(("GET", place.base_id, place.table_id), tuple(record_ids), PAGE_LIMIT, join, own)


def _read_by_ids(place: Place, record_ids: Sequence[str]) -> Call[list[Record | None]]:
    query = RecordQuery(filter_by_formula=_one_of(record_ids))
    return Call(
        _subject(place, ", ".join(record_ids)),
        Repeat.ALWAYS,
        send=lambda connection: connection.list_records(
            place.base_id, place.table_id, _listing(place, query)
        ),
        read=lambda answer: _in_order(record_ids, _page(answer).records),
    )


def _only(records: Sequence[Record | None]) -> Record:
    """The one record. Raises Apart when the page lacks it, for only Airtable's own answer says why."""
    if records[0] is None:
        raise Apart
    return records[0]


def _present(records: Sequence[Record | None]) -> list[Record]:
    return [record for record in records if record is not None]


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
    return f"OR({','.join(f'RECORD_ID()={record_id!r}' for record_id in dict.fromkeys(record_ids))})"


def _in_order(record_ids: Sequence[str], records: Sequence[Record]) -> list[Record | None]:
    found = {record.id: record for record in records}
    return [found.get(record_id) for record_id in record_ids]


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


def _record(model: Mapping[str, Any], age_seconds: float = 0.0) -> Record:
    return Record(model["id"], model["createdTime"], dict(model["fields"]), age_seconds)


def _record_to_api(record: Record) -> dict[str, Any]:
    return {"id": record.id, "createdTime": record.created_time, "fields": record.fields}


def _records(models: Sequence[Mapping[str, Any]], age_seconds: float) -> list[Record]:
    return [_record(model, age_seconds) for model in models]


def _records_to_api(records: Sequence[Record]) -> list[dict[str, Any]]:
    return [_record_to_api(record) for record in records]


def _page(answer: Mapping[str, Any], age_seconds: float = 0.0) -> RecordPage:
    return RecordPage(
        _records(answer["records"], age_seconds), answer.get("offset") or None, age_seconds=age_seconds
    )


def _page_to_api(page: RecordPage) -> dict[str, Any]:
    return {"records": _records_to_api(page.records), "offset": page.offset}


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
