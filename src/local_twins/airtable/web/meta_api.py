"""The endpoints of schemas: bases, tables, fields, and who the caller is."""

import re
from typing import Any

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.feed.announcing import announce_schema
from local_twins.airtable.model.ids import is_id
from local_twins.airtable.model.json_forms import shown_field, shown_view
from local_twins.airtable.model.schema import Field, Table
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.web.calls import Call, Json
from local_twins.airtable.writing import schema_changes

_WORKSPACE_ID = re.compile(r"wsp[0-9A-Za-z]{10,15}")
_BASES_PER_PAGE = 1000
"""Airtable's page of bases (docs: "List bases")."""


def whoami(call: Call) -> Json:
    """GET /meta/whoami; a token with listed scopes is told them, and its address if one of them says so."""
    grant, user = call.grant, call.store.users.get(call.user_id)
    told: Json = {"id": grant.user_id}
    if grant.scopes is not None:
        told["scopes"] = sorted(grant.scopes)
    if user and grant.has(frozenset({"user.email:read"})):
        told["email"] = user.email
    return told


def list_bases(call: Call) -> Json:
    """GET /meta/bases; `pageSize` is refused, as Airtable refuses it."""
    if any(key != "offset" for key, _ in call.query):
        raise Refusal(errors.PARAMETERS_INVALID)
    offset = call.parameter("offset")
    bases = [base for base in call.store.bases() if call.grant.reaches("read", base.id)]
    start = _place(offset, [base.id for base in bases]) if offset else 0
    page, rest = bases[start : start + _BASES_PER_PAGE], bases[start + _BASES_PER_PAGE :]
    shown = [
        {"id": base.id, "name": base.name, "permissionLevel": call.grant.level(base.id)} for base in page
    ]
    return {"bases": shown} | ({"offset": f"itr/{rest[0].id}"} if rest else {})


def create_base(call: Call) -> Json:
    """POST /meta/bases; not for a token of certain bases, which could not see the new one."""
    if call.grant.bases is not None:
        raise Refusal(errors.NOT_PERMITTED)
    name, workspace, tables = (call.body.get(key) for key in ("name", "workspaceId", "tables"))
    if not isinstance(workspace, str) or not workspace:
        raise Refusal(errors.WORKSPACE_MISSING)
    if not _WORKSPACE_ID.fullmatch(workspace):
        raise Refusal(errors.WORKSPACE_NOT_FOUND)
    if not isinstance(name, str) or not name.strip() or not isinstance(tables, list) or not tables:
        raise Refusal(errors.PARAMETERS_INVALID)
    if not all(isinstance(table, dict) for table in tables):
        raise Refusal(errors.PARAMETERS_INVALID)
    with call.store.transaction():
        base = schema_changes.create_base(call.store, name, workspace, tables)
        open_base = _reopened(call, base.id)
        return {"id": base.id, "tables": [_shown(open_base, table) for table in open_base.base.tables]}


def list_tables(call: Call) -> Json:
    """GET /meta/bases/{base}/tables."""
    open_base = call.base()
    with_visible = any(
        key in ("include", "include[]") and "visibleFieldIds" in value for key, value in call.query
    )
    tables = open_base.base.tables
    return {"tables": [_shown(open_base, table, with_visible_fields=with_visible) for table in tables]}


def create_table(call: Call) -> Json:
    """POST /meta/bases/{base}/tables."""
    open_base = call.base()
    with call.store.transaction():
        table = schema_changes.create_table(call.store, open_base, call.body)
        return _shown(_logged(call, open_base), table)


def change_table(call: Call) -> Json:
    """PATCH /meta/bases/{base}/tables/{table}."""
    open_base, table = call.table()
    with call.store.transaction():
        changed = schema_changes.change_table(call.store, open_base, table, call.body)
        return _shown(_logged(call, open_base), changed)


def create_field(call: Call) -> Json:
    """POST /meta/bases/{base}/tables/{table}/fields."""
    open_base, table = call.table()
    with call.store.transaction():
        field = schema_changes.create_field(call.store, open_base, table.id, call.body)
        return _shown_field(_logged(call, open_base), field)


def change_field(call: Call) -> Json:
    """PATCH /meta/bases/{base}/tables/{table}/fields/{field}."""
    open_base, table = call.table()
    field = table.field(call.path["field"])
    if field is None:
        raise _field_refusal(open_base, call.path["field"])
    with call.store.transaction():
        changed = schema_changes.change_field(
            call.store, open_base, table, field, call.body, user_id=call.user_id
        )
        return _shown_field(_logged(call, open_base), changed)


def _field_refusal(open_base: OpenBase, key: str) -> Refusal:
    """A field of another table of the base is a contradiction in the path; any other is not there."""
    return Refusal(errors.STATE_CHECK_FAILED if key in open_base.base.fields else errors.MODEL_NOT_FOUND)


def _shown(open_base: OpenBase, table: Table, *, with_visible_fields: bool = False) -> Json:
    model: dict[str, Any] = {"id": table.id, "name": table.name, "primaryFieldId": table.primary_field_id}
    if table.description:
        model["description"] = table.description
    model["fields"] = [_shown_field(open_base, field) for field in table.fields]
    model["views"] = [shown_view(view, with_visible_fields=with_visible_fields) for view in table.views]
    return model


def _shown_field(open_base: OpenBase, field: Field) -> Json:
    return shown_field(field, open_base.derived_options(field))


def _logged(call: Call, before: OpenBase) -> OpenBase:
    """The base as it is now, with what changed in its schema written down."""
    return announce_schema(call.store, before, call.user_id)


def _reopened(call: Call, base_id: str) -> OpenBase:
    open_base = call.store.base(base_id)
    if open_base is None:
        raise Refusal(errors.BASE_NOT_FOUND)
    return open_base


def _place(offset: str, base_ids: list[str]) -> int:
    """Where the page after an offset begins. Raises Refusal for an offset that was never given."""
    base_id = offset.removeprefix("itr/")
    if not is_id(base_id, "app") or base_id not in base_ids:
        raise Refusal(errors.ITERATOR_GONE)
    return base_ids.index(base_id)
