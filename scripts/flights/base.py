"""The base as a document in import format, written piece by piece: a year of flights needs little memory."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from flights.columns import Json
from flights.ids import make_id, table_id
from flights.original import Original, Row
from flights.tables import PLANES, TABLES

NAME = "NYC Flights 2013"


def write(original: Original, target: Path) -> None:
    """Write the base of those flights to `target`, gzip-packed; the same rows give the same bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        target.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as packed,
    ):
        for piece in pieces(original):
            packed.write(piece.encode())


def pieces(original: Original) -> Iterator[str]:
    """The document as pieces of text, a record a line."""
    yield f'{{"users":[],"bases":[{{{_head()},"records":{{'
    existing: set[str] = set()
    for position, table in enumerate(TABLES):
        yield f'{"," if position else ""}\n"{table_id(table.name)}":['
        is_linked_to = table is not TABLES[-1]
        for number, record in enumerate(table.records(_rows(original, table.file), existing)):
            if is_linked_to:
                existing.add(record["id"])
            yield f"{',' if number else ''}\n{_compact(record)}"
        yield "]"
    yield "}}]}\n"


def _head() -> str:
    """What a base has before its records, without the braces."""
    head = {
        "id": make_id("app", NAME),
        "name": NAME,
        "workspaceId": make_id("wsp", NAME),
        "tables": [table.model() for table in TABLES],
    }
    return _compact(head)[1:-1]


def _rows(original: Original, file: str) -> Iterator[Row]:
    """The rows of a file; of planes only those that fly in the chosen days."""
    rows = original.rows(file)
    if file != PLANES.file:
        return rows
    flying = {flight.get("tailnum") for flight in original.rows("flights")}
    return (plane for plane in rows if plane["tailnum"] in flying)


def _compact(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
