"""Whole bases in from a file of any size: read piece by piece, never held whole."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from local_twins.airtable.model.rows import no_garbage_expected
from local_twins.airtable.storage.store import Store
from local_twins.airtable.transfer.importing import Incoming, import_document, importing

Events = Iterator[tuple[str, Any]]
Json = dict[str, Any]


class _OutOfOrder(Exception):
    """Something comes before what it builds on."""


def import_file(store: Store, path: Path) -> dict[str, int]:
    """Add the users and bases of a file in import format, packed by gzip or not; see `import_document`.

    Where ijson is not installed, or the file tells of records before it tells of their tables, it is read
    whole. Raises ImportRefused, OSError, and ValueError when it is not JSON.
    """
    try:
        with _opened(path) as stream, no_garbage_expected():
            return _import_stream(store, stream)
    except (ImportError, _OutOfOrder):
        with _opened(path) as stream:
            return import_document(store, json.load(stream))


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as start:
        is_packed = start.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path)) if is_packed else path.open("rb")


def _import_stream(store: Store, stream: IO[bytes]) -> dict[str, int]:
    import ijson

    try:
        with importing(store) as incoming:
            _read(incoming, ijson.basic_parse(stream, use_float=True))
            return incoming.counts
    except ijson.JSONError as error:
        raise ValueError(str(error)) from error


def _read(incoming: Incoming, events: Events) -> None:
    for key in _keys(events, next(events)):
        if key == "users":
            if incoming.counts["bases"]:
                raise _OutOfOrder
            for event in _members(events, next(events)):
                incoming.add_user(_value(events, event))
        elif key == "bases":
            for event in _members(events, next(events)):
                _add_base(incoming, events, event)
        else:
            _value(events, next(events))


def _add_base(incoming: Incoming, events: Events, start: tuple[str, Any]) -> None:
    model: Json = {}
    records = None
    for key in _keys(events, start):
        if key == "records":
            if "tables" not in model:
                raise _OutOfOrder
            records = incoming.add_base(model)
            for table in _keys(events, next(events)):
                members = _members(events, next(events))
                records.read(table, (_value(events, event) for event in members))
        elif records is not None and key != "files":
            raise _OutOfOrder
        else:
            model[key] = _value(events, next(events))
    incoming.complete(records or incoming.add_base(model), model)


def _keys(events: Events, start: tuple[str, Any]) -> Iterator[str]:
    """The keys of an object that just began; its caller takes each value before it asks for the next key."""
    if start[0] != "start_map":
        raise TypeError(f"an object stood to be here, not {start[0]}")
    for event, value in events:
        if event == "end_map":
            return
        yield value


def _members(events: Events, start: tuple[str, Any]) -> Iterator[tuple[str, Any]]:
    """The first events of a list's members; its caller takes each member before it asks for the next."""
    if start[0] != "start_array":
        raise TypeError(f"a list stood to be here, not {start[0]}")
    for event in events:
        if event[0] == "end_array":
            return
        yield event


def _value(events: Events, start: tuple[str, Any]) -> Any:
    """The whole value that begins with that event."""
    kind, value = start
    if kind == "start_map":
        made = {}
        for kind, key in events:
            if kind == "end_map":
                break
            made[key] = _value(events, next(events))
        return made
    if kind == "start_array":
        return [_value(events, event) for event in _members(events, start)]
    return value
