"""An upsert as a value that the journal notes: a change for some records, a creation for others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from airtable_gateway.errors import Refused
from airtable_gateway.gateway import Gateway
from airtable_gateway.journal import promises
from airtable_gateway.journal.change import Change, Images, Outcome, UndoPromise
from airtable_gateway.journal.record_writes import (
    created_images,
    image,
    names_in,
    records_from,
    records_json,
)
from airtable_gateway.journal.sight import Sight, Spot
from airtable_gateway.journal.write import Before
from airtable_gateway.matching import matching_formula
from airtable_gateway.records import CellValues, Upserted


@dataclass(frozen=True, slots=True)
class UpsertRecords:
    """See `RecordWriter.upsert`."""

    base: str
    table: str
    rows: Sequence[CellValues]
    merge_on: Sequence[str]
    typecast: bool = False
    operation: Literal["upsert"] = field(default="upsert", init=False)
    record_ids: tuple[str, ...] = field(default=(), init=False)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        return {
            "base": self.base,
            "table": self.table,
            "rows": [dict(row) for row in self.rows],
            "mergeOn": list(self.merge_on),
            "typecast": self.typecast,
        }

    async def look(self, sight: Sight) -> Before:
        """The records that may be changed, in the cells that will be written."""
        named = names_in(self.rows)
        spot = await sight.spot(self.base, self.table, [*named, *self.merge_on])
        fields = [spot.schema.field(name) for name in named] if spot.schema else []
        undo = promises.both(
            promises.promise_of_creation(fields, typecast=self.typecast),
            promises.promise_of_update(spot.schema, fields, typecast=self.typecast),
        )
        images, undo = await self._seen(sight, spot, undo)
        return Before(spot, undo, images, spot.writable or spot.names(self._written(spot)))

    async def send(self, inner: Gateway) -> Upserted:
        """See `Write.send`."""
        return await inner.upsert(
            self.base, self.table, self.rows, merge_on=self.merge_on, typecast=self.typecast
        )

    def applied(self, before: Before, answer: Upserted) -> Outcome:
        """See `Write.applied`; records that were changed unseen are told by the answer alone."""
        return upserted(before, answer, self._written(before.spot))

    def replay(self, change: Change) -> Upserted:
        """See `Write.replay`."""
        return upserted_before(change)

    async def _seen(self, sight: Sight, spot: Spot, undo: UndoPromise) -> tuple[Images, UndoPromise]:
        formula = matching_formula(spot.schema, self.rows, self.merge_on)
        if formula is None:
            return {}, promises.both(undo, UndoPromise("partial", (promises.UNSEEN,)))
        try:
            records = await sight.select(spot, formula)
        except Refused:
            return {}, UndoPromise("none", (promises.NO_IMAGE,))
        written = self._written(spot)
        return {record.id: image(spot, record, written) for record in records}, undo

    def _written(self, spot: Spot) -> tuple[str, ...]:
        return tuple(map(spot.field_id, names_in(self.rows)))


def upserted(before: Before, answer: Upserted, written: Sequence[str]) -> Outcome:
    """What is there after an upsert that wrote those fields of the records that it found."""
    spot = before.spot
    created = [record for record in answer.records if record.id in answer.created_ids]
    changed = {record.id: record for record in answer.records if record.id in before.images}
    after: Images = created_images(spot, created) | {
        key: image(spot, record, written) for key, record in changed.items()
    }
    kept = {
        "records": records_json(answer.records),
        "created": list(answer.created_ids),
        "updated": list(answer.updated_ids),
    }
    return Outcome("applied", after, kept)


def upserted_before(change: Change) -> Upserted:
    """The answer of an upsert as the journal kept it."""
    kept = change.answer
    return Upserted(records_from(kept["records"]), tuple(kept["created"]), tuple(kept["updated"]))
