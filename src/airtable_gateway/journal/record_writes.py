"""Creating, changing and deleting records, as values that the journal notes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from airtable_gateway.errors import Refused
from airtable_gateway.gateway import Gateway
from airtable_gateway.journal import promises
from airtable_gateway.journal.change import Change, Image, Images, Outcome, UndoPromise
from airtable_gateway.journal.documents import members
from airtable_gateway.journal.incoming import incoming_links, without
from airtable_gateway.journal.sight import Sight, Spot
from airtable_gateway.journal.write import Before
from airtable_gateway.records import CellValues, Record, RecordChange
from airtable_gateway.schema import FieldSchema


@dataclass(frozen=True, slots=True)
class CreateRecords:
    """See `RecordWriter.create`."""

    base: str
    table: str
    rows: Sequence[CellValues]
    typecast: bool = False
    operation: Literal["create"] = field(default="create", init=False)
    record_ids: tuple[str, ...] = field(default=(), init=False)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        return {
            "base": self.base,
            "table": self.table,
            "rows": [dict(row) for row in self.rows],
            "typecast": self.typecast,
        }

    async def look(self, sight: Sight) -> Before:
        """Nothing is there yet, so that nothing is read but the schema."""
        named = names_in(self.rows)
        spot = await sight.spot(self.base, self.table, named)
        undo = promises.promise_of_creation(_fields(spot, named), typecast=self.typecast)
        return Before(spot, undo, names=spot.writable)

    async def send(self, inner: Gateway) -> list[Record]:
        """See `Write.send`."""
        return await inner.create(self.base, self.table, self.rows, typecast=self.typecast)

    def applied(self, before: Before, answer: list[Record]) -> Outcome:
        """See `Write.applied`."""
        images = created_images(before.spot, answer)
        made = (*images, *files_made(before.spot, self.rows, answer))
        return Outcome("applied", images, records_json(answer), made=made)

    def replay(self, change: Change) -> list[Record]:
        """See `Write.replay`."""
        return records_from(change.answer)


@dataclass(frozen=True, slots=True)
class UpdateRecords:
    """See `RecordWriter.update`."""

    base: str
    table: str
    changes: Sequence[RecordChange]
    typecast: bool = False
    replace: bool = False

    @property
    def operation(self) -> Literal["update", "replace"]:
        """See `Write.operation`."""
        return "replace" if self.replace else "update"

    @property
    def record_ids(self) -> tuple[str, ...]:
        """See `Write.record_ids`."""
        return tuple(change.id for change in self.changes)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        changes = [{"id": change.id, "fields": dict(change.fields)} for change in self.changes]
        return {"base": self.base, "table": self.table, "records": changes, "typecast": self.typecast}

    async def look(self, sight: Sight) -> Before:
        """The records as they are, in the cells that will be written."""
        named = names_in([change.fields for change in self.changes])
        spot = await sight.spot(self.base, self.table, named)
        written = self._written(spot)
        names = spot.names(tuple(dict.fromkeys(key for ids in written.values() for key in ids)))
        fields = [spot.schema.field(key) for key in names] if spot.schema else []
        undo = promises.promise_of_update(spot.schema, fields, typecast=self.typecast)
        if self.replace and spot.schema is None:
            undo = UndoPromise("none", (promises.NO_SCHEMA,))
        images, undo = await seen(sight, spot, written, undo)
        return Before(spot, undo, images, names)

    async def send(self, inner: Gateway) -> list[Record]:
        """See `Write.send`."""
        return await inner.update(
            self.base, self.table, self.changes, typecast=self.typecast, replace=self.replace
        )

    def applied(self, before: Before, answer: list[Record]) -> Outcome:
        """See `Write.applied`."""
        written = self._written(before.spot)
        after = {record.id: image(before.spot, record, written[record.id]) for record in answer}
        made = files_made(before.spot, [change.fields for change in self.changes], answer)
        return Outcome("applied", after, records_json(answer), made=made)

    def replay(self, change: Change) -> list[Record]:
        """See `Write.replay`."""
        return records_from(change.answer)

    def _written(self, spot: Spot) -> dict[str, tuple[str, ...]]:
        """The ids of the fields written in each record; a replacement clears what it does not name."""
        if self.replace and spot.schema:
            return dict.fromkeys(self.record_ids, tuple(spot.writable))
        return {change.id: tuple(map(spot.field_id, change.fields)) for change in self.changes}


@dataclass(frozen=True, slots=True)
class DeleteRecords:
    """See `RecordWriter.delete`."""

    base: str
    table: str
    record_ids: tuple[str, ...]
    operation: Literal["delete"] = field(default="delete", init=False)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        return {"base": self.base, "table": self.table, "records": list(self.record_ids)}

    async def look(self, sight: Sight) -> Before:
        """The records as they are, in every cell that can be written again."""
        spot = await sight.spot(self.base, self.table)
        ids = tuple(spot.writable)
        undo = promises.promise_of_deletion(spot.schema)
        try:
            records = await sight.records(spot, self.record_ids)
            present = [record for record in records.values() if record]
            others = await incoming_links(sight, spot, present)
        except Refused:
            return Before(spot, UndoPromise("none", (promises.NO_IMAGE,)), {}, spot.writable)
        images = {key: image(spot, found, ids) if found else None for key, found in records.items()}
        return Before(spot, undo, images | others, spot.writable)

    async def send(self, inner: Gateway) -> list[str]:
        """See `Write.send`."""
        return await inner.delete(self.base, self.table, self.record_ids)

    def applied(self, before: Before, answer: list[str]) -> Outcome:
        """See `Write.applied`: the records are gone, and links to them with them."""
        others = {key: seen for key, seen in before.images.items() if seen and key not in answer}
        left = {key: without(seen, answer) for key, seen in others.items()}
        return Outcome("applied", dict.fromkeys(answer) | left, answer)

    def replay(self, change: Change) -> list[str]:
        """See `Write.replay`."""
        return list(change.answer)


def names_in(rows: Iterable[CellValues]) -> list[str]:
    """Every field that a row names, once."""
    return list(dict.fromkeys(name for row in rows for name in row))


async def seen(
    sight: Sight, spot: Spot, written: Mapping[str, Sequence[str]], undo: UndoPromise
) -> tuple[Images, UndoPromise]:
    """The images of those fields of those records; without the permission to read, none and no undo."""
    try:
        records = await sight.records(spot, tuple(written))
    except Refused:
        return {}, UndoPromise("none", (promises.NO_IMAGE,))
    images = {key: image(spot, found, written[key]) if found else None for key, found in records.items()}
    return images, undo


def image(spot: Spot, record: Record, field_ids: Sequence[str]) -> Image:
    """The record in those fields; an empty cell is None."""
    by_id = spot.cells(record)
    return Image({key: by_id.get(key) for key in field_ids}, record.created_time)


def created_images(spot: Spot, records: Iterable[Record]) -> dict[str, Image]:
    """The records in the cells that are filled and can be written."""
    images = {}
    for record in records:
        by_id = spot.cells(record)
        filled = {key: by_id[key] for key in spot.writable if key in by_id} if spot.schema else by_id
        images[record.id] = Image(filled, record.created_time)
    return images


def files_made(spot: Spot, rows: Sequence[CellValues], records: Sequence[Record]) -> tuple[str, ...]:
    """The ids of the files that rows gave by address, in their order; "" for one that did not come."""
    made: list[str] = []
    for row, record in zip(rows, records, strict=True):
        given = {name: value for name, value in row.items() if _has_addresses(value)}
        cells = spot.cells(record) if given else {}
        for name, files in given.items():
            cell = cells.get(spot.field_id(name))
            for index, item in enumerate(files):
                if _is_by_address(item):
                    made.append(cell[index]["id"] if cell and index < len(cell) else "")
    return tuple(made)


def _has_addresses(value: Any) -> bool:
    return isinstance(value, list) and any(map(_is_by_address, value))


def _is_by_address(item: Any) -> bool:
    return isinstance(item, Mapping) and "url" in item


def records_json(records: Iterable[Record]) -> list[dict[str, Any]]:
    """The records as the journal keeps an answer."""
    return [members(record) for record in records]


def records_from(answer: Iterable[Mapping[str, Any]]) -> list[Record]:
    """The records of an answer that was kept."""
    return [Record(**record) for record in answer]


def _fields(spot: Spot, named: Sequence[str]) -> list[FieldSchema]:
    return [spot.schema.field(name) for name in named] if spot.schema else []
