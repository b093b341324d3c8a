"""An upsert that names some of its records by id, or replaces what it finds, as the Web API takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from airtable_gateway.errors import Refused
from airtable_gateway.journal import promises
from airtable_gateway.journal.change import Change, Images, Outcome, UndoPromise
from airtable_gateway.journal.record_writes import image, names_in
from airtable_gateway.journal.sight import Sight, Spot
from airtable_gateway.journal.upsert_write import upserted, upserted_before
from airtable_gateway.journal.write import Before
from airtable_gateway.matching import matching_formula
from airtable_gateway.records import CellValues, Record, Upserted


@dataclass(frozen=True, slots=True)
class MixedUpsert:
    """See `Described`. `ids` are the records' ids, "" for a row that the merge fields find.

    With `replace` every writable cell of the records that are found is cleared unless its row names it.
    """

    base: str
    table: str
    rows: Sequence[CellValues]
    ids: Sequence[str]
    merge_on: Sequence[str]
    typecast: bool = False
    replace: bool = False
    operation: Literal["upsert"] = field(default="upsert", init=False)

    @property
    def record_ids(self) -> tuple[str, ...]:
        """See `Described.record_ids`."""
        return tuple(filter(None, self.ids))

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Described.arguments`."""
        return {
            "base": self.base,
            "table": self.table,
            "rows": [dict(row) for row in self.rows],
            "ids": list(self.ids),
            "mergeOn": list(self.merge_on),
            "typecast": self.typecast,
            "replace": self.replace,
        }

    async def look(self, sight: Sight) -> Before:
        """The records that are named and those that may be found, in the cells that will be written."""
        named = names_in(self.rows)
        spot = await sight.spot(self.base, self.table, [*named, *self.merge_on])
        fields = [spot.schema.field(key) for key in self._written(spot)] if spot.schema else []
        undo = promises.both(
            promises.promise_of_creation(fields, typecast=self.typecast),
            promises.promise_of_update(spot.schema, fields, typecast=self.typecast),
        )
        if self.replace and spot.schema is None:
            undo = UndoPromise("none", (promises.NO_SCHEMA,))
        images, undo = await self._seen(sight, spot, undo)
        return Before(spot, undo, images, spot.writable or spot.names(self._written(spot)))

    def applied(self, before: Before, answer: Upserted) -> Outcome:
        """See `Described.applied`."""
        return upserted(before, answer, self._written(before.spot))

    def replay(self, change: Change) -> Upserted:
        """See `Described.replay`."""
        return upserted_before(change)

    async def _seen(self, sight: Sight, spot: Spot, undo: UndoPromise) -> tuple[Images, UndoPromise]:
        found: list[Record] = []
        rows = [row for row, record_id in zip(self.rows, self.ids, strict=True) if not record_id]
        formula = matching_formula(spot.schema, rows, self.merge_on) if rows else ""
        try:
            if formula:
                found = await sight.select(spot, formula)
            named = await sight.records(spot, self.record_ids)
        except Refused:
            return {}, UndoPromise("none", (promises.NO_IMAGE,))
        if formula is None:
            undo = promises.both(undo, UndoPromise("partial", (promises.UNSEEN,)))
        written = self._written(spot)
        present = [*found, *filter(None, named.values())]
        return {record.id: image(spot, record, written) for record in present}, undo

    def _written(self, spot: Spot) -> tuple[str, ...]:
        if self.replace and spot.schema:
            return tuple(spot.writable)
        return tuple(map(spot.field_id, names_in(self.rows)))
