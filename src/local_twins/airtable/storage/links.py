"""The links between records: both sides of each, each side in its own order."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence

from local_twins.airtable.model.schema import Field
from local_twins.airtable.storage import sql

Targets = dict[str, list[str]]
"""Linked record ids in order, by the id of the record that links."""


class Links:
    """The table of links; every change is made on both sides at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, key: str, record_ids: Iterable[str]) -> Targets:
        """What the records link to under `key`; records without a link are absent."""
        return _grouped(self._connection.execute(sql.LINKS, (key, json.dumps(list(record_ids)))))

    def all(self, key: str) -> Targets:
        """What any record links to under `key`."""
        return _grouped(self._connection.execute(sql.LINKS_OF_KEY, (key,)))

    def replace(self, field: Field, record_id: str, targets: Sequence[str]) -> set[str]:
        """Let a cell hold just `targets`; the other sides follow. Gives those whose link came or went."""
        before = self.of(field.id, (record_id,)).get(record_id, [])
        if before == list(targets):
            return set()
        gone, come = set(before) - set(targets), [target for target in targets if target not in before]
        self._connection.execute(sql.DROP_LINKS, (field.id, record_id))
        self._connection.executemany(sql.ADD_LINK, _lines(field.id, record_id, targets))
        self._connection.executemany(
            sql.DROP_LINK, [(field.reverse_key, target, record_id) for target in gone]
        )
        for target in come:
            self._append(field.reverse_key, target, record_id)
        return gone | set(come)

    def add_sides(self, field: Field, there: Targets, back: Targets) -> None:
        """Write a whole field and its other side, which tell of the same links and hold none yet."""
        for key, cells in ((field.id, there), (field.reverse_key, back)):
            # In the order of the primary key, which is how SQLite takes many lines fastest.
            lines = (line for record_id in sorted(cells) for line in _lines(key, record_id, cells[record_id]))
            self._connection.executemany(sql.ADD_LINK, lines)

    def neighbours(self, field: Field, record_id: str) -> dict[str, list[str]]:
        """The records on the other sides of a record's links, by the key under which they link back."""
        return {reverse: self.of(key, (record_id,)).get(record_id, []) for key, reverse in _directions(field)}

    def drop_record(self, field: Field, record_id: str) -> dict[str, list[str]]:
        """Take a record out of a field of its table, both sides; gives its former neighbours by their key."""
        neighbours = self.neighbours(field, record_id)
        for key, reverse in _directions(field):
            self._connection.execute(sql.DROP_LINKS, (key, record_id))
            lines = [(reverse, neighbour, record_id) for neighbour in neighbours[reverse]]
            self._connection.executemany(sql.DROP_LINK, lines)
        return neighbours

    def _append(self, key: str, record_id: str, target: str) -> None:
        (last,) = self._connection.execute(sql.LAST_POSITION, (key, record_id)).fetchone()
        self._connection.execute(sql.ADD_LINK, (key, record_id, 0 if last is None else last + 1, target))


def _directions(field: Field) -> list[tuple[str, str]]:
    """The keys under which records of the field's table may stand; two where the table links to itself."""
    there = (field.id, field.reverse_key)
    return [there, there[::-1]] if field.reverse_key.startswith("~") else [there]


def _lines(key: str, record_id: str, targets: Sequence[str]) -> list[tuple[str, str, int, str]]:
    return [(key, record_id, position, target) for position, target in enumerate(targets)]


def _grouped(lines: Iterable[tuple[str, str]]) -> Targets:
    targets: Targets = defaultdict(list)
    for record_id, target in lines:
        targets[record_id].append(target)
    return dict(targets)
