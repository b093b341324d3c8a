"""What a list or a read is asked with, in the query string or the body, as a ListQuery or a Shape."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import moments
from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.attachments import Addresses
from local_twins.airtable.model.schema import Field, Table, View
from local_twins.airtable.reading.query import PAGE_SIZE, ListQuery, SortKey
from local_twins.airtable.reading.shapes import Shape, TextFormat
from local_twins.airtable.web.calls import Call

_LISTED = re.compile(r"(fields|recordMetadata|records)(\[\d*\])?")
_SORT = re.compile(r"sort\[(\d{1,4})\]\[(field|direction)\]")
_TRUE, _FALSE = ("1", "true", 1), ("0", "false", "", 0, None)

Asked = Mapping[str, Any]
"""The names of Airtable's parameters and their values, lists and sort keys gathered."""


def asked_in_query(call: Call) -> Asked:
    """The parameters of a query string: `fields[]=a`, `sort[0][field]=b`, `pageSize=10`."""
    asked: dict[str, Any] = {}
    if not call.query:
        return asked
    sort: dict[int, dict[str, str]] = {}
    for key, value in call.query:
        if listed := _LISTED.fullmatch(key):
            asked.setdefault(listed[1], []).append(value)
        elif parts := _SORT.fullmatch(key):
            sort.setdefault(int(parts[1]), {})[parts[2]] = value
        else:
            asked[key] = value
    if sort:
        asked["sort"] = [sort[place] for place in sorted(sort)]
    alone = asked.get("records", ())
    if len(alone) == 1 and ("records", *alone) in call.query:
        del asked["records"]  # without brackets, a name makes a list only when it comes again
    return asked


def asked_in_body(call: Call) -> Asked:
    """The parameters of a body; zone and locale come beside it, in the query, from every client."""
    return {**asked_in_query(call), **call.body}


def list_query(table: Table, asked: Asked, addresses: Addresses) -> ListQuery:
    """The query. Raises Refusal for what Airtable would refuse."""
    return ListQuery(
        shape=shape(table, asked, addresses),
        filter=text(asked, "filterByFormula"),
        sort=tuple(_sort_key(table, key) for key in _list(asked, "sort")),
        view=_view(table, text(asked, "view")),
        page_size=_page_size(asked),
        max_records=_max_records(asked),
        offset=text(asked, "offset"),
        with_comment_count="commentCount" in _list(asked, "recordMetadata"),
    )


def shape(table: Table, asked: Asked, addresses: Addresses) -> Shape:
    """How the records of the answer look; `addresses` are of its files. Raises Refusal."""
    if not asked:
        return Shape(addresses)
    named = [_field(table, key) for key in _list(asked, "fields")]
    return Shape(
        by_id=flag(asked, "returnFieldsByFieldId"),
        field_ids=frozenset(field.id for field in named) if named else None,
        text=_text_format(asked),
        addresses=addresses,
    )


def flag(asked: Asked, name: str) -> bool:
    """A switch: pyairtable sends 1 and 0, airtable.js true and false. Raises Refusal for anything else."""
    value = asked.get(name)
    if not isinstance(value, str | int | None):
        raise Refusal(errors.PARAMETERS_INVALID)
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise Refusal(errors.PARAMETERS_INVALID)


def count(asked: Asked, name: str, *, most: int | None = None) -> int | None:
    """A whole number of at least one, None when absent. Raises Refusal."""
    value = asked.get(name)
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", str(value)):
        raise Refusal(errors.PARAMETERS_INVALID)
    count = int(str(value))
    if count < 1 or (most is not None and count > most):
        raise Refusal(errors.PARAMETERS_INVALID)
    return count


def _page_size(asked: Asked) -> int:
    """How many records a page may have. Raises Refusal."""
    size = _number(asked, "pageSize")
    if size is None:
        return PAGE_SIZE
    if not 0 <= size <= PAGE_SIZE:
        raise Refusal(errors.PAGE_SIZE_INVALID)
    return size


def _max_records(asked: Asked) -> int | None:
    """How many records all pages may have, None for all. Raises Refusal."""
    most = _number(asked, "maxRecords")
    if most is not None and most < 0:
        raise Refusal(errors.PARAMETERS_INVALID)
    return most


def _number(asked: Asked, name: str) -> int | None:
    """A whole number; Airtable overhears what is none in a list's parameters."""
    value = asked.get(name)
    is_number = not isinstance(value, bool) and re.fullmatch(r"-?[0-9]{1,18}", str(value))
    return int(str(value)) if is_number else None


def text(asked: Asked, name: str) -> str:
    """A text, "" when absent. Raises Refusal."""
    value = asked.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refusal(errors.PARAMETERS_INVALID)
    return value


def _text_format(asked: Asked) -> TextFormat | None:
    """The zone and the locale of cellFormat=string, which are then required."""
    form = text(asked, "cellFormat")
    if form in ("", "json"):
        return None
    zone, locale = text(asked, "timeZone"), text(asked, "userLocale")
    if form != "string" or not zone or not locale:
        raise Refusal(errors.PARAMETERS_INVALID)
    try:
        moments.resolve_zone(zone)
        moments.resolve_locale(locale)
    except (moments.MomentError, ZoneInfoNotFoundError):
        raise Refusal(errors.PARAMETERS_INVALID) from None
    return TextFormat(zone, locale)


def _sort_key(table: Table, key: Any) -> SortKey:
    direction = key.get("direction") or "asc" if isinstance(key, Mapping) else ""
    if direction not in ("asc", "desc") or not isinstance(key.get("field"), str):
        raise Refusal(errors.PARAMETERS_INVALID)
    return SortKey(_field(table, key["field"]), direction == "desc")


def _field(table: Table, key: Any) -> Field:
    field = table.field(key) if isinstance(key, str) else None
    if field is None:
        raise Refusal(errors.UNKNOWN_FIELD, field=key)
    return field


def _view(table: Table, key: str) -> View | None:
    if not key:
        return None
    view = table.view(key)
    if view is None:
        kind = errors.VIEW_ID_MISSING if key.startswith("viw") else errors.VIEW_NAME_MISSING
        raise Refusal(kind, view=key)
    return view


def _list(asked: Asked, name: str) -> Iterable[Any]:
    value = asked.get(name)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Refusal(errors.PARAMETERS_INVALID)
    return value
