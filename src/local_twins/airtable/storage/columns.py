"""Columns of whole tables, kept in memory for filters and upserts, and brought up to date after writes."""

import json
import sqlite3
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from local_twins.airtable.model.cells import CODECS, DERIVED, shower
from local_twins.airtable.model.rows import no_garbage_expected, to_text
from local_twins.airtable.model.schema import Field, Table
from local_twins.airtable.storage import sql
from local_twins.airtable.storage.open_base import OpenBase

Key = Callable[[Sequence[Any]], Hashable]
"""The values of one record in some fields, as something that is equal where the records agree."""
Index = dict[Hashable, dict[str, None]]
"""The ids of records by such a key."""
_Line = tuple[int, str, str]
"""A record's place, its id, and a JSON list of cells."""

_MOST_CHARACTERS = 100_000_000
"""What all columns together may hold, each cell counted with what Python adds to it."""
_CELL = 60
_MOST_STALE = 2_000
"""More changed records than that are not worth being looked for one by one."""


@dataclass(slots=True)
class _Kept:
    """Columns of one table under one schema; `stale` are the places of records written since."""

    open_base: OpenBase
    table: Table
    places: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    fields: dict[str, Field] = field(default_factory=dict)
    columns: dict[str, list[Any]] = field(default_factory=dict)
    indexes: dict[tuple[str, ...], tuple[Key, Index]] = field(default_factory=dict)
    stale: set[int] = field(default_factory=set)
    characters: int = 0

    def values(self, names: Iterable[str], at: int) -> list[Any]:
        return [self.columns[name][at] for name in names]

    def indexed(self, at: int) -> Iterator[tuple[Index, Hashable]]:
        """Each index, and the key of the record at a position in it."""
        for names, (key, index) in self.indexes.items():
            yield index, key(self.values(names, at))

    def position(self, place: int) -> tuple[int, bool]:
        """Where the record of that place stands, or would stand, and whether it is there."""
        at = bisect_left(self.places, place)
        return at, at < len(self.places) and self.places[at] == place

    def take_out(self, place: int) -> None:
        """Forget the record of that place, if it is here."""
        at, is_here = self.position(place)
        if not is_here:
            return
        for index, key in self.indexed(at):
            found = index[key]
            del found[self.ids[at]]
            if not found:
                del index[key]
        del self.places[at], self.ids[at]
        for column in self.columns.values():
            del column[at]

    def put_in(self, place: int, record_id: str, cells: Sequence[Any]) -> None:
        """Add a record that is not here."""
        at, _ = self.position(place)
        self.places.insert(at, place)
        self.ids.insert(at, record_id)
        for column, cell in zip(self.columns.values(), cells, strict=True):
            column.insert(at, cell)
        for index, key in self.indexed(at):
            index.setdefault(key, {})[record_id] = None


class Columns:
    """The tables that were read by column lately.

    SQLite itself reports which records a statement of this connection writes, so that no writer can forget
    to. What an undone transaction wrote, and what a restore brought, is not reported: `forget` then.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._version = 0
        connection.create_function("note_written", 2, self._note)

    def forget(self) -> None:
        """Read everything anew."""
        self._kept.clear()

    def of(
        self, open_base: OpenBase, table: Table, wanted: Sequence[Field]
    ) -> tuple[list[str], list[list[Any]]]:
        """The ids of all records of a table, and their values in stored fields, as formulas see them.

        They are lent until the next call, and not to be changed.
        """
        kept = self._current(open_base, table, wanted)
        self._make_room(kept)
        return kept.ids, [kept.columns[field.id] for field in wanted]

    def index(self, open_base: OpenBase, table: Table, wanted: Sequence[Field], key: Key) -> Index:
        """The ids of a table's records by their values in those fields; lent until the next call."""
        kept = self._current(open_base, table, wanted)
        names = tuple(field.id for field in wanted)
        if names not in kept.indexes:
            index: Index = {}
            for record_id, *cells in zip(kept.ids, *(kept.columns[name] for name in names), strict=True):
                index.setdefault(key(cells), {})[record_id] = None
            kept.indexes[names] = (key, index)
            kept.characters += 4 * _CELL * len(kept.ids)
        self._make_room(kept)
        return kept.indexes[names][1]

    def _watch(self) -> None:
        """Be told of writes from now on: a table that is being filled is worth no word before it is kept."""
        for statement in sql.WATCH_RECORDS:
            self._connection.execute(statement)

    def _note(self, table_id: str, place: int) -> None:
        kept = self._kept.get(table_id)
        if kept is None:
            return
        kept.stale.add(place)
        if len(kept.stale) > _MOST_STALE:
            del self._kept[table_id]

    def _current(self, open_base: OpenBase, table: Table, wanted: Sequence[Field]) -> _Kept:
        """What is kept of a table, as it is now, with those fields."""
        (version,) = self._connection.execute(sql.VERSION_OF_OTHERS).fetchone()
        if version != self._version:  # another process wrote to the file
            self.forget()
            self._version = version
        kept = self._kept.get(table.id)
        if kept is None or kept.open_base is not open_base:
            self._watch()
            kept = self._kept[table.id] = _Kept(open_base, table)
        self._kept.move_to_end(table.id)
        if kept.stale:
            self._renew(kept)
        for is_computed in (False, True):
            group = [one for one in wanted if one.id not in kept.columns and _is_computed(one) is is_computed]
            if group:
                self._load(kept, group)
        return kept

    def _make_room(self, used: _Kept) -> None:
        """Forget tables not used for longest; even this one, where it is too much alone."""
        while self._kept and sum(kept.characters for kept in self._kept.values()) > _MOST_CHARACTERS:
            table_id, kept = self._kept.popitem(last=False)
            if kept is used and self._kept:
                self._kept[table_id] = kept

    def _load(self, kept: _Kept, group: Sequence[Field]) -> None:
        statement = sql.COMPUTED_COLUMNS if _is_computed(group[0]) else sql.COLUMNS
        lines = self._lines(statement, group, kept.table.id)
        kept.places, kept.ids = [line[0] for line in lines], [line[1] for line in lines]
        for one, column in zip(group, _shown(kept, group, lines), strict=True):
            kept.fields[one.id] = one
            kept.columns[one.id] = column

    def _renew(self, kept: _Kept) -> None:
        """Take the records that were written since as they are now."""
        stale, kept.stale = sorted(kept.stale), set()
        for place in stale:
            kept.take_out(place)
        found: dict[int, dict[str, Any]] = {}
        ids: dict[int, str] = {}
        for statement, is_computed in ((sql.COLUMNS_OF, False), (sql.COMPUTED_COLUMNS_OF, True)):
            group = [one for one in kept.fields.values() if _is_computed(one) is is_computed]
            if not group:
                continue
            lines = self._lines(statement, group, kept.table.id, to_text(stale))
            names = [one.id for one in group]
            for line, cells in zip(lines, zip(*_shown(kept, group, lines), strict=True), strict=True):
                ids[line[0]] = line[1]
                found.setdefault(line[0], {}).update(zip(names, cells, strict=True))
        for place, record_id in ids.items():
            kept.put_in(place, record_id, [found[place][name] for name in kept.columns])

    def _lines(self, statement: str, group: Sequence[Field], *more: str) -> list[_Line]:
        # SQLite gives a JSON list for two paths or more, and a bare value for one.
        paths = [f"$.{one.id}" for one in (*group, group[0])]
        filled = statement.replace("<paths>", ", ".join("?" * len(paths)))
        return self._connection.execute(filled, (*paths, *more)).fetchall()


def _shown(kept: _Kept, group: Sequence[Field], lines: Sequence[_Line]) -> list[list[Any]]:
    """The columns of those fields, as formulas see them."""
    kept.characters += sum(len(line[2]) for line in lines) + _CELL * len(lines) * len(group)
    with no_garbage_expected():
        rows = json.loads("[" + ",".join([line[2] for line in lines]) + "]")
        columns = [list(column) for column in zip(*rows, strict=True)][:-1] or [[] for _ in group]
    users = kept.open_base.users
    return [
        list(map(shower(one, users), column)) if one.type in CODECS else column
        for one, column in zip(group, columns, strict=True)
    ]


def _is_computed(one: Field) -> bool:
    return one.type in DERIVED
