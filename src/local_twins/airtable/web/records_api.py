"""The endpoints of records: list, get, create, update, upsert, delete."""

from collections.abc import Sequence

from local_twins.airtable import errors
from local_twins.airtable.computing.draft import Draft
from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.computing.volatile import refresh
from local_twins.airtable.errors import Kind, Refusal
from local_twins.airtable.model.ids import is_id
from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Table
from local_twins.airtable.reading.listing import list_page
from local_twins.airtable.reading.shapes import to_json
from local_twins.airtable.web import bodies, parameters
from local_twins.airtable.web.calls import Call, Json
from local_twins.airtable.web.parameters import Asked, asked_in_body, asked_in_query
from local_twins.airtable.writing import records as writing
from local_twins.airtable.writing.records import Change
from local_twins.airtable.writing.upsert import Upserted, upsert


def list_records(call: Call) -> Json:
    """GET /{base}/{table}."""
    return _list(call, asked_in_query(call))


def post_list(call: Call) -> Json:
    """POST /{base}/{table}/listRecords."""
    return _list(call, asked_in_body(call))


def get_record(call: Call) -> Json:
    """GET /{base}/{table}/{record}. A record of another table of the base is found as well (docs of 2026)."""
    open_base, _ = call.table()
    asked = asked_in_query(call)
    if "fields" in asked:
        raise Refusal(errors.PARAMETERS_INVALID)
    _record_id(call)
    refresh(call.store, open_base)
    records = Records(call.store, open_base)
    row = records.find(call.path["record"])
    table = open_base.base.by_key.get(row.table_id) if row else None
    if row is None or table is None:
        raise Refusal(errors.MODEL_NOT_FOUND)
    return to_json(records, table, [row], parameters.shape(table, asked, call.addresses))[0]


def create_records(call: Call) -> Json:
    """POST /{base}/{table}: one record, or up to ten."""
    draft, table = _draft(call)
    asked = asked_in_body(call)
    many = "records" in call.body
    changes = bodies.creations(call.body) if many else [bodies.single(call.body)]
    with call.store.transaction():
        rows = writing.create(draft, table, changes, typecast=parameters.flag(asked, "typecast"))
    shown = _shown(call, draft, table, rows, asked)
    return _told(draft, {"records": shown} if many else shown[0])


def update_record(call: Call) -> Json:
    """PATCH /{base}/{table}/{record}."""
    return _update_one(call, replace=False)


def replace_record(call: Call) -> Json:
    """PUT /{base}/{table}/{record}."""
    return _update_one(call, replace=True)


def update_records(call: Call) -> Json:
    """PATCH /{base}/{table}."""
    return _update_many(call, replace=False)


def replace_records(call: Call) -> Json:
    """PUT /{base}/{table}."""
    return _update_many(call, replace=True)


def delete_record(call: Call) -> Json:
    """DELETE /{base}/{table}/{record}."""
    record_id = _record_id(call)
    _delete(call, [record_id], errors.RECORD_NOT_FOUND)
    return {"id": record_id, "deleted": True}


def delete_records(call: Call) -> Json:
    """DELETE /{base}/{table}?records[]=..., up to ten."""
    record_ids = asked_in_query(call).get("records")
    if not isinstance(record_ids, list) or len(record_ids) > bodies.BATCH:
        raise Refusal(errors.RECORDS_TO_DELETE_INVALID)
    if not all(is_id(record_id, "rec") for record_id in record_ids):
        raise Refusal(errors.RECORDS_TO_DELETE_INVALID)
    _delete(call, record_ids, errors.RECORD_TO_DELETE_NOT_FOUND)
    return {"records": [{"id": record_id, "deleted": True} for record_id in record_ids]}


def creation_denied(call: Call) -> Refusal:
    """What is answered to a user who may not create records."""
    _, table = call.table()
    return Refusal(errors.CREATION_NOT_PERMITTED, table=table.name, id=table.id)


def update_denied(call: Call) -> Refusal:
    """What is answered to a user who may not change records: the first cell that would be written."""
    _, table = call.table()
    field = table.field(_first_key(call.body))
    if field is None:
        return Refusal(errors.NOT_PERMITTED)
    return Refusal(errors.UPDATE_NOT_PERMITTED, field=field.name, id=field.id)


def _first_key(body: Json) -> str:
    """The name of the first cell in a body of one record or of many, "" when there is none."""
    records = body.get("records")
    first = records[0] if isinstance(records, list) and records else body
    values = first.get("fields") if isinstance(first, dict) else None
    return next(iter(values), "") if isinstance(values, dict) else ""


def _list(call: Call, asked: Asked) -> Json:
    open_base, table = call.table()
    query = parameters.list_query(table, asked, call.addresses)
    refresh(call.store, open_base)
    records = Records(call.store, open_base)
    page = list_page(records, call.iterators, table, query)
    shown = to_json(records, table, page.rows, query.shape)
    if query.with_comment_count:
        counts = call.store.comments.counts(row.id for row in page.rows)
        shown = [record | {"commentCount": counts.get(record["id"], 0)} for record in shown]
    return {"records": shown} | ({"offset": page.offset} if page.offset else {})


def _update_one(call: Call, *, replace: bool) -> Json:
    change = bodies.single(call.body, _record_id(call))
    draft, table, rows = _updated(call, [change], replace=replace, missing=errors.RECORD_NOT_FOUND)
    return _told(draft, _shown(call, draft, table, rows, asked_in_body(call))[0])


def _update_many(call: Call, *, replace: bool) -> Json:
    merge_on = bodies.merge_fields(call.body)
    changes = bodies.updates(call.body, may_lack_id=merge_on is not None)
    if merge_on is not None:
        return _upsert(call, changes, merge_on, replace=replace)
    draft, table, rows = _updated(call, changes, replace=replace, missing=errors.ROW_MISSING)
    return _told(draft, {"records": _shown(call, draft, table, rows, asked_in_body(call))})


def _updated(
    call: Call, changes: Sequence[Change], *, replace: bool, missing: Kind
) -> tuple[Draft, Table, list[Row]]:
    draft, table = _draft(call)
    typecast = parameters.flag(asked_in_body(call), "typecast")
    with call.store.transaction():
        rows = writing.update(draft, table, changes, typecast=typecast, replace=replace, missing=missing)
    return draft, table, rows


def _upsert(call: Call, changes: Sequence[Change], merge_on: Sequence[str], *, replace: bool) -> Json:
    draft, table = _draft(call)
    asked = asked_in_body(call)
    with call.store.transaction():
        typecast = parameters.flag(asked, "typecast")
        done: Upserted = upsert(draft, table, changes, merge_on, typecast=typecast, replace=replace)
    shown = _shown(call, draft, table, done.rows, asked)
    return _told(draft, {"records": shown, "createdRecords": done.created, "updatedRecords": done.updated})


def _delete(call: Call, record_ids: Sequence[str], missing: Kind) -> None:
    draft, table = _draft(call)
    with call.store.transaction():
        writing.delete(draft, table, record_ids, missing=missing)


def _draft(call: Call) -> tuple[Draft, Table]:
    open_base, table = call.table()
    return Draft(call.store, open_base, call.user_id), table


def _told(draft: Draft, answer: Json) -> Json:
    """The answer to a write, with what it fell short of (docs: "Create records", details)."""
    if not draft.shortfalls:
        return answer
    return answer | {"details": {"message": "partialSuccess", "reasons": sorted(draft.shortfalls)}}


def _shown(call: Call, draft: Draft, table: Table, rows: Sequence[Row], asked: Asked) -> list[Json]:
    """The written records, with the table as it is now: typecast may have added choices."""
    current = draft.open_base.base.by_key[table.id]
    return to_json(
        draft.records, current, rows, parameters.shape(current, {**asked, "fields": None}, call.addresses)
    )


def _record_id(call: Call) -> str:
    record_id = call.path["record"]
    if not is_id(record_id, "rec"):
        raise Refusal(errors.NOT_FOUND)
    return record_id
