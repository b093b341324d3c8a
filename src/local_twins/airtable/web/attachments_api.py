"""The endpoint that takes an attachment's bytes, and the page that gives them back."""

import base64
import binascii

from starlette.requests import Request
from starlette.responses import Response

import fields
from local_twins.airtable import errors
from local_twins.airtable.computing.draft import Draft
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.attachments import address, is_signed
from local_twins.airtable.model.ids import is_id, new_id
from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Field
from local_twins.airtable.reading.shapes import Shape, to_json
from local_twins.airtable.storage.store import Store
from local_twins.airtable.web.calls import Call, Json
from local_twins.airtable.writing.attaching import Upload, attach

MOST_BYTES = 5 * 1024 * 1024
"""Airtable takes files of 5 MB (docs: "Upload attachment")."""

_SAFE = {
    "access-control-allow-origin": "*",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
}
"""A stored file is a stranger's: a browser shows it, but runs nothing in it."""


def upload_attachment(call: Call) -> Json:
    """POST /{base}/{record}/{field}/uploadAttachment; the answer names the cell by the field's id."""
    draft = Draft(call.store, call.base(), call.user_id)
    row, field = _cell(call, draft)
    upload = _upload(call)
    with call.store.transaction():
        present = row.cells.get(field.id) or []
        draft.set_cell(row, field, [*present, attach(call.store, new_id("att"), upload)])
        draft.finish()
    table = draft.open_base.base.by_key[row.table_id]
    shape = Shape(by_id=True, field_ids=frozenset({field.id}), addresses=call.addresses)
    return to_json(draft.records, table, [row], shape)[0]


def serve_attachment(store: Store, request: Request) -> Response:
    """GET /attachments/{id}/{filename} or /attachments/{id}/{thumbnail}/{filename}, while it may be read."""
    path, query = request.path_params, request.query_params
    with store.lock:
        file = store.files.find(path["attachment"], path.get("part", ""))
    if file is None:
        return Response(status_code=404)
    expires, signature = query.get("expires", ""), query.get("signature", "")
    signed = address(path["attachment"], "", path.get("part", ""))
    if not is_signed(store.file_key, signed, expires, signature):
        return Response(status_code=403)
    if store.clock().timestamp() > int(expires):
        return Response(status_code=410)
    return Response(file.content, headers=_SAFE, media_type=file.type)


def _cell(call: Call, draft: Draft) -> tuple[Row, Field]:
    """The record and the attachment field that the path names. Raises Refusal."""
    if not is_id(call.path["record"], "rec"):
        raise Refusal(errors.NOT_FOUND)
    row = draft.records.find(call.path["record"])
    table = draft.open_base.base.by_key.get(row.table_id) if row else None
    if row is None or table is None:
        raise Refusal(errors.MODEL_NOT_FOUND)
    field = table.field(call.path["field"])
    if field is None:
        raise Refusal(errors.UNKNOWN_FIELD, field=call.path["field"])
    if field.type != "multipleAttachments":
        raise Refusal(errors.VALUE_REFUSED, field=field.name)
    return row, field


def _upload(call: Call) -> Upload:
    """The file of a body `{"contentType", "filename", "file"}`, in base64 of any line length."""
    kind, filename, text = (call.body.get(key) for key in ("contentType", "filename", "file"))
    if not isinstance(kind, str) or not isinstance(filename, str) or not isinstance(text, str):
        raise Refusal(errors.PARAMETERS_INVALID)
    name, measured = fields.clean_filename(filename), fields.measure_base64(text)
    if name.problems or measured.problems:
        raise Refusal(errors.PARAMETERS_INVALID)
    if measured.value > MOST_BYTES:
        raise Refusal(errors.REQUEST_TOO_LARGE)
    try:
        return Upload(name.value, kind, base64.b64decode("".join(text.split()), validate=True))
    except binascii.Error:
        raise Refusal(errors.PARAMETERS_INVALID) from None
