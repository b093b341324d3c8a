"""One request as a handler sees it: who asks, for what, with which parameters and body."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from pydantic_core import from_json
from starlette.types import Scope

from local_twins.airtable import errors
from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.attachments import Addresses
from local_twins.airtable.model.ids import is_id
from local_twins.airtable.model.schema import Table
from local_twins.airtable.reading.iterators import Iterators
from local_twins.airtable.storage.open_base import OpenBase
from local_twins.airtable.storage.store import Store
from local_twins.airtable.web.desk import Desk
from local_twins.airtable.web.grants import Grant
from local_twins.airtable.web.scopes import header, origin, parts

Json = dict[str, Any]


class Call:
    """A request; `path` holds the parts that the route names, `query` the parameters in their order."""

    __slots__ = ("_body", "_scope", "grant", "iterators", "path", "query", "raw_body", "store")

    def __init__(self, desk: Desk, scope: Scope, body: bytes, grant: Grant, path: Mapping[str, str]) -> None:
        """The call that the request of that scope is. Raises Refusal when its query is not UTF-8."""
        self.store: Store = desk.store
        self.iterators: Iterators = desk.iterators
        self.grant = grant
        self.path = path
        self.query = query_of(scope["query_string"])
        self.raw_body = body
        self._scope = scope
        self._body: Json | None = None

    @property
    def user_id(self) -> str:
        """Who asks."""
        return self.grant.user_id

    @property
    def body(self) -> Json:
        """The JSON object that was sent; {} when nothing was. Raises Refusal."""
        if self._body is None:
            self._body = _json_object(self.raw_body)
        return self._body

    @property
    def content_type(self) -> str:
        """What the body was said to be."""
        return header(self._scope, b"content-type")

    @property
    def addresses(self) -> Addresses:
        """Makes the addresses of kept files, as they lead there from now on."""
        return Addresses(origin(self._scope), self.store.file_key, self.store.clock())

    def parameter(self, name: str) -> str:
        """The last value of a query parameter, "" when there is none."""
        return next((value for key, value in reversed(self.query) if key == name), "")

    def base(self) -> OpenBase:
        """The base that the path names by its id. Raises Refusal: a path that begins with none is no path."""
        open_base = self.store.base(self.path["base"])
        if open_base is None:
            begins_with_it = parts(self._scope)[0] == self.path["base"]
            raise Refusal(errors.NOT_FOUND if begins_with_it else errors.MODEL_NOT_FOUND)
        return open_base

    def table(self) -> tuple[OpenBase, Table]:
        """The base and the table that the path names, the table by name or id. Raises Refusal."""
        open_base = self.base()
        table = open_base.base.table_in_path(self.path["table"])
        if table is None:
            raise Refusal(errors.MODEL_NOT_FOUND)
        return open_base, table

    def record_id(self) -> str:
        """The id of the record that the path names, which is in the table that it names. Raises Refusal."""
        open_base, table = self.table()
        record_id = self.path["record"]
        if not is_id(record_id, "rec"):
            raise Refusal(errors.NOT_FOUND)
        row = Records(self.store, open_base).find(record_id)
        if row is None or row.table_id != table.id:
            raise Refusal(errors.MODEL_NOT_FOUND)
        return record_id


def query_of(query_string: bytes) -> tuple[tuple[str, str], ...]:
    """The parameters of a query string, empty ones included. Raises Refusal when it is not UTF-8."""
    if not query_string:
        return ()
    try:
        return tuple(parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict"))
    except ValueError:
        raise Refusal(errors.PARAMETERS_INVALID) from None


_PERHAPS_ENDLESS = re.compile(rb"[eE]\+?[0-9]{3}|[0-9]{300}")
_MARK = b"\xef\xbb\xbf"


def _json_object(raw: bytes) -> Json:
    """The object; JSON has neither NaN nor halves of a surrogate pair, and no number ends as infinity."""
    if not raw.strip():
        return {}
    try:
        body = from_json(raw.removeprefix(_MARK), allow_inf_nan=False)
        if _PERHAPS_ENDLESS.search(raw):
            json.loads(raw, parse_float=_finite)
    except ValueError:
        raise Refusal(errors.BODY_UNREADABLE) from None
    if not isinstance(body, dict):
        raise Refusal(errors.BODY_UNREADABLE)
    return body


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number
