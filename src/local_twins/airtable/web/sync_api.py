"""The endpoint that syncs a table with rows of CSV."""

import csv
import io
from collections.abc import Iterator

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.web.calls import Call, Json
from local_twins.airtable.writing.syncing import sync_rows

_MOST_BYTES = 2 * 1024 * 1024
_MOST_ROWS = 10_000
_MOST_COLUMNS = 500
"""Airtable's bounds of one request (docs: "Sync CSV data")."""


def sync_table(call: Call) -> Json:
    """POST /{base}/{table}/sync/{sync}, with text/csv: its first line names the fields."""
    open_base, table = call.table()
    header, rows = _read(call)
    with call.store.transaction():
        sync_rows(call.store, open_base, call.user_id, table, header, rows)
    return {"success": True}


def _read(call: Call) -> tuple[list[str], list[list[str]]]:
    """The names and the rows. Raises Refusal."""
    if call.content_type.partition(";")[0].strip().lower() != "text/csv":
        raise Refusal(errors.PARAMETERS_INVALID)
    if len(call.raw_body) > _MOST_BYTES:
        raise Refusal(errors.REQUEST_TOO_LARGE)
    try:
        lines = list(_lines(call.raw_body.decode("utf-8-sig")))
    except (UnicodeDecodeError, csv.Error):
        raise Refusal(errors.BODY_UNREADABLE) from None
    if not lines or len(lines) - 1 > _MOST_ROWS or not _is_header(lines[0]):
        raise Refusal(errors.PARAMETERS_INVALID)
    if any(len(line) != len(lines[0]) for line in lines):
        raise Refusal(errors.PARAMETERS_INVALID)
    return lines[0], lines[1:]


def _lines(text: str) -> Iterator[list[str]]:
    return (line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line)


def _is_header(names: list[str]) -> bool:
    folded = {name.strip().casefold() for name in names}
    return len(names) <= _MOST_COLUMNS and len(folded) == len(names) and "" not in folded
