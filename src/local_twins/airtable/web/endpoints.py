"""The table of the Web API's endpoints: path, handler, and what a token needs for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.ids import is_id
from local_twins.airtable.web import (
    attachments_api,
    base_api,
    comments_api,
    meta_api,
    records_api,
    sync_api,
    views_api,
    webhooks_api,
)
from local_twins.airtable.web.calls import Call, Json
from local_twins.airtable.web.grants import Grant

Handler = Callable[[Call], Json | None]
Path = tuple[str, ...]


def _denied(_call: Call) -> Refusal:
    return Refusal(errors.NOT_PERMITTED)


@dataclass(frozen=True, slots=True)
class Need:
    """The scopes of the token and the user's level on the base; `denied` words the lack of the level."""

    scopes: frozenset[str] = frozenset()
    level: str = "none"
    denied: Callable[[Call], Refusal] = _denied

    @property
    def is_to_write(self) -> bool:
        """Whether what is asked for changes the base."""
        return any(scope.endswith(":write") for scope in self.scopes)

    def check(self, grant: Grant, call: Call) -> None:
        """Let the call pass. Raises Refusal.

        Without the scope, or without any access to the base, Airtable tells nothing of what is there.
        """
        if not grant.has(self.scopes):
            raise Refusal(errors.MODEL_NOT_FOUND)
        if "base" not in call.path or grant.reaches(self.level, call.path["base"]):
            return
        open_base = call.base()
        if not grant.reaches("read", open_base.base.id):
            raise Refusal(errors.MODEL_NOT_FOUND)
        raise self.denied(call)


def _scopes(*names: str) -> frozenset[str]:
    return frozenset(names)


_ANYBODY = Need()
_SEE_BASES = Need(_scopes("schema.bases:read"))
_MAKE_BASES = Need(_scopes("schema.bases:write"))
_SEE_SCHEMA = Need(_scopes("schema.bases:read"), "read")
_CHANGE_SCHEMA = Need(_scopes("schema.bases:write"), "create")
_SEE_VIEWS = Need(_scopes("workspacesAndBases:read"), "read")
_CHANGE_VIEWS = Need(_scopes("workspacesAndBases:write"), "create")
_SYNC = Need(_scopes("data.records:write", "schema.bases:write"), "edit")
_READ = Need(_scopes("data.records:read"), "read")
_CREATE = Need(_scopes("data.records:write"), "edit", records_api.creation_denied)
_UPDATE = Need(_scopes("data.records:write"), "edit", records_api.update_denied)
_WRITE = Need(_scopes("data.records:write"), "edit")
_READ_COMMENTS = Need(_scopes("data.recordComments:read"), "read")
_MANAGE_WEBHOOKS = Need(_scopes("webhook:manage"), "create")
_READ_WEBHOOKS = Need(_scopes("webhook:manage"), "read")
_COMMENT = Need(_scopes("data.recordComments:write"), "comment")

ENDPOINTS: tuple[tuple[str, str, Handler, Need], ...] = (
    ("GET", "meta/whoami", meta_api.whoami, _ANYBODY),
    ("GET", "meta/bases", meta_api.list_bases, _SEE_BASES),
    ("POST", "meta/bases", meta_api.create_base, _MAKE_BASES),
    ("GET", "meta/bases/{base}", base_api.show_base, _SEE_SCHEMA),
    ("GET", "meta/bases/{base}/tables", meta_api.list_tables, _SEE_SCHEMA),
    ("POST", "meta/bases/{base}/tables", meta_api.create_table, _CHANGE_SCHEMA),
    ("PATCH", "meta/bases/{base}/tables/{table}", meta_api.change_table, _CHANGE_SCHEMA),
    ("POST", "meta/bases/{base}/tables/{table}/fields", meta_api.create_field, _CHANGE_SCHEMA),
    ("PATCH", "meta/bases/{base}/tables/{table}/fields/{field}", meta_api.change_field, _CHANGE_SCHEMA),
    ("GET", "bases/{base}/webhooks", webhooks_api.list_webhooks, _READ_WEBHOOKS),
    ("POST", "bases/{base}/webhooks", webhooks_api.create_webhook, _MANAGE_WEBHOOKS),
    ("DELETE", "bases/{base}/webhooks/{webhook}", webhooks_api.delete_webhook, _MANAGE_WEBHOOKS),
    ("GET", "bases/{base}/webhooks/{webhook}/payloads", webhooks_api.list_payloads, _READ_WEBHOOKS),
    ("POST", "bases/{base}/webhooks/{webhook}/refresh", webhooks_api.refresh_webhook, _MANAGE_WEBHOOKS),
    (
        "POST",
        "bases/{base}/webhooks/{webhook}/enableNotifications",
        webhooks_api.enable_notifications,
        _MANAGE_WEBHOOKS,
    ),
    ("GET", "meta/bases/{base}/views", views_api.list_views, _SEE_VIEWS),
    ("GET", "meta/bases/{base}/views/{view}", views_api.show_view, _SEE_VIEWS),
    ("DELETE", "meta/bases/{base}/views/{view}", views_api.delete_view, _CHANGE_VIEWS),
    ("POST", "{base}/{table}/sync/{sync}", sync_api.sync_table, _SYNC),
    ("GET", "{base}/{table}", records_api.list_records, _READ),
    ("POST", "{base}/{table}", records_api.create_records, _CREATE),
    ("PATCH", "{base}/{table}", records_api.update_records, _UPDATE),
    ("PUT", "{base}/{table}", records_api.replace_records, _UPDATE),
    ("DELETE", "{base}/{table}", records_api.delete_records, _WRITE),
    ("POST", "{base}/{table}/listRecords", records_api.post_list, _READ),
    ("GET", "{base}/{table}/{record}", records_api.get_record, _READ),
    ("PATCH", "{base}/{table}/{record}", records_api.update_record, _UPDATE),
    ("PUT", "{base}/{table}/{record}", records_api.replace_record, _UPDATE),
    ("DELETE", "{base}/{table}/{record}", records_api.delete_record, _WRITE),
    ("POST", "{base}/{record}/{field}/uploadAttachment", attachments_api.upload_attachment, _WRITE),
    ("GET", "{base}/{table}/{record}/comments", comments_api.list_comments, _READ_COMMENTS),
    ("POST", "{base}/{table}/{record}/comments", comments_api.create_comment, _COMMENT),
    ("PATCH", "{base}/{table}/{record}/comments/{comment}", comments_api.change_comment, _COMMENT),
    ("DELETE", "{base}/{table}/{record}/comments/{comment}", comments_api.delete_comment, _COMMENT),
)
"""Every endpoint under /v0; of two that fit a path, the first one answers."""


def endpoint(method: str, path: Path) -> tuple[Handler, Need, Mapping[str, str]]:
    """The endpoint of a path, and the parts that it names. Raises Refusal when there is none."""
    first = path[0] if path[0] in _FIRST_PARTS else ""
    for fixed, named, handler, need in _BY_SHAPE.get((method, len(path), first), ()):
        if not fixed or all(path[place] == wanted for place, wanted in fixed):
            parts = {name: path[place] for name, place in named.items()}
            if "base" not in parts or is_id(parts["base"], "app"):  # a base is told by its id only
                return handler, need, parts
    raise Refusal(errors.NOT_FOUND)


_Places = Mapping[str, int]
_Shapes = dict[tuple[str, int, str], list[tuple[list[tuple[int, str]], _Places, Handler, Need]]]


def _by_shape() -> _Shapes:
    """The endpoints by method, length and fixed first part, with the places of their other parts."""
    shapes: _Shapes = {}
    for method, pattern, handler, need in ENDPOINTS:
        parts = list(enumerate(pattern.split("/")))
        first = parts[0][1]
        fixed = [(place, part) for place, part in parts[1:] if part[0] != "{"]
        named = {part[1:-1]: place for place, part in parts if part[0] == "{"}
        shape = (method, len(parts), "" if first[0] == "{" else first)
        shapes.setdefault(shape, []).append((fixed, named, handler, need))
    return shapes


_BY_SHAPE = _by_shape()
_FIRST_PARTS = {first for _, _, first in _BY_SHAPE} - {""}
