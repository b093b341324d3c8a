"""The links of an imported base, as a document gives them: on one side, on the other, or on both.

They are kept in a table of their own until all records are known; SQLite then completes and sorts them.
"""

from collections.abc import Iterable, Sequence

from local_twins.airtable.model.schema import Base, Field
from local_twins.airtable.storage import sql
from local_twins.airtable.storage.store import Store
from local_twins.airtable.transfer.refusals import ImportRefused

Given = tuple[str, str, int, str]
"""The field, the record, the place in its cell, and the record that is linked to."""


class GivenLinks:
    """Links on their way in, in the order of the document."""

    def __init__(self, store: Store) -> None:
        self._connection = store.connection
        self._connection.execute(sql.GIVEN_TABLE)
        self._connection.execute(sql.DROP_GIVEN)

    def add(self, links: Iterable[Given]) -> None:
        """Keep links until `write`."""
        self._connection.executemany(sql.ADD_GIVEN, links)

    def write(self, base: Base) -> None:
        """Write each link on both sides: what a side gives, then what only the other side gives."""
        given = {key for (key,) in self._connection.execute(sql.GIVEN_KEYS)}
        for key in given:
            self._check(key, base.fields[key][1].linked_table_id)
        written: set[str] = set()
        for _, item in base.fields.values():
            if item.type == "multipleRecordLinks" and item.id not in written:
                self._write_pair(item, given)
                written |= {item.id, item.reverse_key}
        self._connection.execute(sql.DROP_GIVEN)

    def _check(self, key: str, linked_table_id: str) -> None:
        """Every link leads to a record of the linked table. Raises ImportRefused."""
        astray = self._connection.execute(sql.ASTRAY, (key, linked_table_id)).fetchone()
        if astray:
            record_id, target = astray
            raise ImportRefused(f"record {record_id} links to {target}, which is no record of that table")

    def _write_pair(self, item: Field, given: set[str]) -> None:
        pair: Sequence[str] = (item.id, item.reverse_key)
        if given.issuperset(pair):
            self._connection.execute(sql.GIVEN_INDEX)
        statement = sql.COMPLETE_SIDE if given.issuperset(pair) else sql.WRITE_SIDE
        for key, reverse in (pair, pair[::-1]):
            self._connection.execute(statement, {"key": key, "reverse": reverse})
