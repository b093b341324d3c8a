"""Functions that ask about the record itself."""

from datetime import UTC, datetime
from typing import Any

from formula.functions.function import FieldName, Function, function
from formula.scope import Row
from formula.values import DateValue
from moments import parse_loose


def _date(time: Any) -> DateValue | None:
    """A time given as ISO text or as an aware datetime; None if there is none."""
    if isinstance(time, datetime):
        return DateValue(time.astimezone(UTC))
    instant = parse_loose(time) if time else None
    return None if instant is None else DateValue(instant)


@function("RECORD_ID", "record", "RECORD_ID()")
def record_id(row: Row) -> str:
    """The id of the record; empty where the record is not known."""
    return str(row.record.get("id") or "")


@function("CREATED_TIME", "record", "CREATED_TIME()")
def created_time(row: Row) -> DateValue | None:
    """When the record was made."""
    return _date(row.record.get("created_time"))


@function("LAST_MODIFIED_TIME", "record", "LAST_MODIFIED_TIME({Name})", minimum=0)
def last_modified_time(row: Row, *fields: FieldName) -> DateValue | None:
    """When the record, or any of these fields, was last changed by hand; blank if never."""
    if not fields:
        return _date(row.record.get("modified_time"))
    times = row.record.get("field_modified_times") or {}
    ids = row.batch.field_ids
    dates = [_date(times.get(name) or times.get(ids.get(name, ""))) for name in fields]
    return max((date for date in dates if date), key=lambda date: date.instant, default=None)


RECORD_FUNCTIONS: tuple[Function, ...] = (record_id, created_time, last_modified_time)
