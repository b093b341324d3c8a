"""What the journal notes of a request in Airtable's form: which write it is, and how its answer is read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from airtable_gateway.calls.comments import comment_from_api
from airtable_gateway.forwarding import ForwardedRequest
from airtable_gateway.journal.comment_writes import CreateComment, DeleteComment, UpdateComment
from airtable_gateway.journal.forwarded_write import Read, UnknownWrite
from airtable_gateway.journal.mixed_upsert import MixedUpsert
from airtable_gateway.journal.schema_changes import UpdateField, UpdateTable
from airtable_gateway.journal.schema_creations import CreateBase, CreateField, CreateTable
from airtable_gateway.journal.sight import Spot
from airtable_gateway.journal.write import Described
from airtable_gateway.proxy.bodies import Json, json_of, object_of
from airtable_gateway.records import Record, Upserted
from airtable_gateway.schema import BaseSchema, field_from_api, table_from_api

Description = tuple[Described[Any], Read[Any]]
"""A write, and what makes its answer of Airtable's JSON."""

_LONGEST_KEPT = 64 * 1024
"""Bytes of a body of an unknown kind that the journal keeps; of a longer one it keeps the hash."""

_Describe = Callable[[Sequence[str], Json], Description | None]


def may_write(request: ForwardedRequest) -> bool:
    """Whether the request may change a base: webhooks watch one, and a list may be asked for by POST."""
    is_list = request.method == "POST" and request.path[-1] == "listRecords" and len(request.path) == 3
    is_webhooks = request.path[0] == "bases" and request.path[2:3] == ("webhooks",)
    return request.method != "GET" and not is_list and not is_webhooks


def described(request: ForwardedRequest) -> Description:
    """The write that it is; one that cannot be taken back, of a kind that nobody knows, where it is none."""
    body = object_of(request.body)
    for method, shape, describe in _KINDS:
        if method == request.method and (names := _matched(shape, request.path)) is not None:
            found = describe(names, body)
            if found:
                return found
    known = json_of(request.body) if len(request.body) <= _LONGEST_KEPT else None
    return UnknownWrite(request, known), lambda _, answer: answer


def _matched(shape: str, path: Sequence[str]) -> list[str] | None:
    """The parts of the path where the shape has a star, None when it is of another shape."""
    parts = shape.split("/")
    if len(parts) != len(path):
        return None
    pairs = list(zip(parts, path, strict=True))
    if not all(
        part.startswith(wanted[:-1]) if wanted.endswith("*") else part == wanted for wanted, part in pairs
    ):
        return None
    return [part for wanted, part in pairs if wanted.endswith("*")]


def _upsert(names: Sequence[str], body: Json, *, replace: bool = False) -> Description | None:
    match body:
        case {"records": [_, *_] as items, "performUpsert": {"fieldsToMergeOn": [_, *_] as merge_on}, **more}:
            if not all(isinstance(item, dict) and isinstance(item.get("fields"), dict) for item in items):
                return None
            rows = [item["fields"] for item in items]
            ids = [str(item.get("id") or "") for item in items]
            typecast = more.get("typecast") is True
            base, table = names
            write = MixedUpsert(base, table, rows, ids, list(map(str, merge_on)), typecast, replace)
            return write, _read_upserted
    return None


def _read_upserted(spot: Spot, answer: Json) -> Upserted:
    """The answer with cells by name, also where they were asked for by id."""
    known = {field.id: field.name for field in spot.schema.fields} if spot.schema else {}
    records = [
        Record(
            model["id"],
            model["createdTime"],
            {known.get(key, key): value for key, value in model["fields"].items()},
        )
        for model in answer["records"]
    ]
    return Upserted(records, tuple(answer["createdRecords"]), tuple(answer["updatedRecords"]))


def _create_comment(names: Sequence[str], body: Json) -> Description | None:
    if (told := _texts(body, ("text",), ("parentCommentId",))) is None:
        return None
    base, table, record = names
    write = CreateComment(base, table, record, told["text"], told.get("parentCommentId"))
    return write, _plainly(comment_from_api)


def _update_comment(names: Sequence[str], body: Json) -> Description | None:
    if (told := _texts(body, ("text",), ())) is None:
        return None
    base, table, record, comment = names
    return UpdateComment(base, table, record, comment, told["text"]), _plainly(comment_from_api)


def _delete_comment(names: Sequence[str], _: Json) -> Description:
    base, table, record, comment = names
    return DeleteComment(base, table, record, comment), lambda _spot, _answer: None


def _create_base(_: Sequence[str], body: Json) -> Description | None:
    match body:
        case {"workspaceId": str(workspace), "name": str(name), "tables": [*tables]} if _are_objects(tables):
            return CreateBase(workspace, name, tables), _plainly(
                lambda answer: BaseSchema(answer["id"], name, tuple(map(table_from_api, answer["tables"])))
            )
    return None


def _create_table(names: Sequence[str], body: Json) -> Description | None:
    match body:
        case {"name": str(name), "fields": [*fields], **more} if _are_objects(fields):
            if (told := _texts(more, (), ("description",))) is not None:
                write = CreateTable(names[0], name, fields, told.get("description", ""))
                return write, _plainly(table_from_api)
    return None


def _update_table(names: Sequence[str], body: Json) -> Description | None:
    base, table = names
    told = _texts(body, (), ("name", "description"))
    return (UpdateTable(base, table, **told), _plainly(table_from_api)) if told else None


def _create_field(names: Sequence[str], body: Json) -> Description | None:
    options = body.get("options")
    told = _texts({**body, "options": ""}, ("name", "type", "options"), ("description",))
    if told is None or not isinstance(options, dict | None):
        return None
    base, table = names
    write = CreateField(base, table, told["name"], told["type"], options, told.get("description", ""))
    return write, _plainly(field_from_api)


def _update_field(names: Sequence[str], body: Json) -> Description | None:
    options = body.get("options")
    told = _texts({**body, "options": ""}, ("options",), ("name", "description"))
    if told is None or not isinstance(options, dict | None) or not body:
        return None
    base, table, field = names
    write = UpdateField(base, table, field, told.get("name"), told.get("description"), options)
    return write, _plainly(field_from_api)


def _plainly(read: Callable[[Mapping[str, Any]], Any]) -> Read[Any]:
    """Reads the answer whatever was seen before."""
    return lambda _, answer: read(answer)


def _texts(body: Json, needed: Sequence[str], allowed: Sequence[str]) -> dict[str, str] | None:
    """The texts of a body that has the needed ones, perhaps the allowed ones, and nothing else."""
    is_known = set(needed) <= body.keys() <= {*needed, *allowed}
    return body if is_known and all(isinstance(text, str) for text in body.values()) else None


def _are_objects(items: Sequence[object]) -> bool:
    return all(isinstance(item, dict) for item in items)


_KINDS: tuple[tuple[str, str, _Describe], ...] = (
    ("PATCH", "app*/*", _upsert),
    ("PUT", "app*/*", lambda names, body: _upsert(names, body, replace=True)),
    ("POST", "app*/*/rec*/comments", _create_comment),
    ("PATCH", "app*/*/rec*/comments/com*", _update_comment),
    ("DELETE", "app*/*/rec*/comments/com*", _delete_comment),
    ("POST", "meta/bases", _create_base),
    ("POST", "meta/bases/app*/tables", _create_table),
    ("PATCH", "meta/bases/app*/tables/tbl*", _update_table),
    ("POST", "meta/bases/app*/tables/tbl*/fields", _create_field),
    ("PATCH", "meta/bases/app*/tables/tbl*/fields/fld*", _update_field),
)
"""Method and path of each kind (docs: Web API reference); a star stands for what is named."""
