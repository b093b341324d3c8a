"""Writes of records as Airtable's clients send them, done through the gateway and so in its journal."""

import re
from collections.abc import Mapping, Sequence

from airtable_gateway.errors import RecordNotFound, Refused
from airtable_gateway.forwarding import ForwardedRequest
from airtable_gateway.gateway import WRITE_LIMIT, Gateway
from airtable_gateway.proxy.bodies import Json, object_of
from airtable_gateway.records import Record, RecordChange
from airtable_gateway.schema import TableSchema

_RECORD_ID = re.compile(r"rec[0-9A-Za-z]+")
_SWITCH = {"": False, "0": False, "false": False, "1": True, "true": True}
"""What clients send for no and yes; Airtable is to judge everything else."""
_LISTED = re.compile(r"records(\[\d*\])?")


async def write_records(gateway: Gateway, request: ForwardedRequest) -> Json | None:
    """Airtable's answer to a write of records that may go together with others; None for everything else."""
    try:
        return await _written(gateway, request)
    except RecordNotFound as absent:
        if len(request.path) == 3:
            # It was written as a batch of one, which Airtable refuses in other words.
            absent.answer = None
        raise


async def _written(gateway: Gateway, request: ForwardedRequest) -> Json | None:
    if not request.path[0].startswith("app") or len(request.path) not in (2, 3):
        return None
    if not all(map(_RECORD_ID.fullmatch, request.path[2:])):
        return None  # Airtable's words for a path that leads nowhere are not those for a batch
    base, table = request.path[:2]
    match request.method, request.path[2:]:
        case "DELETE", (record_id,):
            deleted = await gateway.delete(base, table, [record_id])
            return {"id": deleted[0], "deleted": True}
        case "DELETE", ():
            ids = _listed(request)
            if not 0 < len(ids) <= WRITE_LIMIT or not all(map(_RECORD_ID.fullmatch, ids)):
                return None
            deleted = await gateway.delete(base, table, ids)
            return {"records": [{"id": record_id, "deleted": True} for record_id in deleted]}
        case ("POST", ()) | ("PATCH" | "PUT", _):
            return await _write(gateway, request, object_of(request.body))
    return None


async def _write(gateway: Gateway, request: ForwardedRequest, body: Json) -> Json | None:
    """The answer to a create, an update or an upsert."""
    items = body.get("records") if len(request.path) == 2 and "records" in body else [body]
    if not isinstance(items, list) or not 0 < len(items) <= WRITE_LIMIT or not all(map(_has_fields, items)):
        return None
    by_id, typecast = _asks_for_ids(request, body), _SWITCH.get(_said(body.get("typecast")))
    if by_id is None or typecast is None:
        return None
    if by_id and not await _may_read_schema(gateway, request.path[0]):
        return None
    done = await _done(gateway, request, items, body, typecast=typecast)
    if done is None:
        return None
    records, more = done
    shown = [_shown(record, await _ids(gateway, request, record) if by_id else {}) for record in records]
    return {"records": shown, **more} if "records" in body else shown[0]


async def _done(
    gateway: Gateway, request: ForwardedRequest, items: Sequence[Json], body: Json, *, typecast: bool
) -> tuple[list[Record], Json] | None:
    base, table = request.path[:2]
    rows = [item["fields"] for item in items]
    ids = [*request.path[2:]] or [item["id"] for item in items if "id" in item]
    if request.method != "POST" and not all(map(_is_record_id, ids)):
        return None
    match request.method, body.get("performUpsert"), len(ids):
        case "POST", None, _:
            return await gateway.create(base, table, rows, typecast=typecast), {}
        case "PATCH", {"fieldsToMergeOn": [_, *_] as names}, 0 if len(request.path) == 2:
            merged = await gateway.upsert(base, table, rows, merge_on=names, typecast=typecast)
            more = {"createdRecords": [*merged.created_ids], "updatedRecords": [*merged.updated_ids]}
            return merged.records, more
        case "PATCH" | "PUT", None, count if count == len(rows):
            changes = [RecordChange(id, row) for id, row in zip(ids, rows, strict=True)]
            replace = request.method == "PUT"
            return await gateway.update(base, table, changes, typecast=typecast, replace=replace), {}
    return None


async def _may_read_schema(gateway: Gateway, base: str) -> bool:
    """Whether fields can be told by id: Airtable can, also to those who may not read the schema."""
    try:
        await gateway.schema(base)
    except Refused:
        return False
    return True


async def _ids(gateway: Gateway, request: ForwardedRequest, record: Record) -> Mapping[str, str]:
    """The ids of the record's fields by name; the schema is read again where it is older than a field."""
    base, table = request.path[:2]
    ids = _ids_of((await gateway.schema(base)).table(table))
    if ids.keys() >= record.fields.keys():
        return ids
    return _ids_of((await gateway.schema(base, fresh=True)).table(table))


def _ids_of(table: TableSchema) -> dict[str, str]:
    return {field.name: field.id for field in table.fields}


def _shown(record: Record, ids: Mapping[str, str]) -> Json:
    """The record in Airtable's form, its cells by those ids, or by name."""
    return {
        "id": record.id,
        "createdTime": record.created_time,
        "fields": {ids.get(name, name): value for name, value in record.fields.items()},
    }


def _listed(request: ForwardedRequest) -> list[str]:
    """The ids of a query's `records[]`; one that is told as `records` alone is no list, several are."""
    found = [(key, value) for key, value in request.query if _LISTED.fullmatch(key)]
    is_list = len(found) > 1 or any(key != "records" for key, _ in found)
    return [value for _, value in found] if is_list else []


def _asks_for_ids(request: ForwardedRequest, body: Json) -> bool | None:
    """None for what is neither yes nor no."""
    return _SWITCH.get(
        _said(body.get("returnFieldsByFieldId", dict(request.query).get("returnFieldsByFieldId")))
    )


def _said(switch: object) -> str:
    return "" if switch is None else str(switch).lower()


def _is_record_id(value: object) -> bool:
    return isinstance(value, str) and bool(_RECORD_ID.fullmatch(value))


def _has_fields(item: object) -> bool:
    return isinstance(item, dict) and isinstance(item.get("fields"), dict)
