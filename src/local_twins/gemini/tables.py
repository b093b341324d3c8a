"""A tool's answer as text, read back: single values on a line each, then tables, their cells between tabs.

A language model reads such text as it is. Rules and scripts want the values, as near as the text tells them:
a text of digits reads as a number.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

_VALUE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*): (.*)")
_TITLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*):")
_EACH = re.compile(r"\(each: (.*)\)")
_NEXT = re.compile(r", (?=[^,={}\[\]\"]+=)")
_ESCAPED = re.compile(r"\\(x[0-9a-f]{2}|.)")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}

_OF_RECORDS = ("index", "id", "createdTime")
"""The columns of a table of records that are none of its fields."""


def read_answer(text: str) -> Any:
    """The values of a text of JSON or of such tables; the text itself if it is neither."""
    try:
        return json.loads(text)
    except ValueError:
        return _read(text.split("\n")) or text


def _read(lines: list[str]) -> dict[str, Any]:
    """What the lines say; nothing if they are others."""
    values = list(takewhile(lambda value: value is not None, map(_VALUE.fullmatch, lines)))
    found = {value[1]: _cell(value[2]) for value in values if value is not None}
    tables = lines[len(values) :]
    if tables and not _TITLE.fullmatch(tables[0]):
        return {}
    found |= {name: list(_rows(rows)) for name, rows in _titled(tables)}
    if isinstance(records := found.get("records"), list):
        found["records"] = [_record(record) for record in records]
    return found


def _titled(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each table's name and lines."""
    places = [place for place, line in enumerate(lines) if _TITLE.fullmatch(line)]
    for place, end in zip(places, [*places[1:], len(lines)], strict=False):
        yield lines[place][:-1], lines[place + 1 : end]


def _rows(lines: list[str]) -> Iterator[dict[str, Any]]:
    """The rows under the head line; what is the same in each stands before it."""
    shared = _EACH.fullmatch(lines[0]) if lines else None
    each = dict(_pair(pair) for pair in _NEXT.split(shared[1])) if shared else {}
    head, *rows = lines[1:] if shared else lines or [""]
    columns = [_unescaped(name) for name in head.split("\t")]
    return (each | _row(columns, row) for row in rows)


def _row(head: list[str], line: str) -> dict[str, Any]:
    """The cells by their columns; what is empty is left out."""
    cells = line.split("\t")
    return {name: _cell(cell) for name, cell in zip(head, cells, strict=False) if cell}


def _record(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of records: what is beside its id are its fields."""
    if "fields" in row:
        return dict(row)
    fields = {name: value for name, value in row.items() if name not in _OF_RECORDS}
    return {name: row[name] for name in _OF_RECORDS if name in row} | {"fields": fields}


def _pair(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    return name, _cell(value)


def _cell(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return _unescaped(text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(
        lambda found: _PLAIN[found[1]] if found[1] in _PLAIN else chr(int(found[1][1:], 16)), text
    )
