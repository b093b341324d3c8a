"""Tables and fields renamed, described or given other options, as values that the journal notes."""

import dataclasses
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from airtable_gateway.gateway import Gateway
from airtable_gateway.journal import promises
from airtable_gateway.journal.change import Change, Image, Outcome, UndoPromise
from airtable_gateway.journal.schema_images import field_image, table_from_answer, table_image
from airtable_gateway.journal.sight import Sight
from airtable_gateway.journal.write import Before
from airtable_gateway.schema import FieldSchema, TableSchema

_UNSEEN = UndoPromise("none", (promises.NO_SCHEMA,))


@dataclass(frozen=True, slots=True)
class UpdateTable:
    """See `SchemaWriter.update_table`."""

    base: str
    table: str
    name: str | None = None
    description: str | None = None
    operation: Literal["update_table"] = dataclasses.field(default="update_table", init=False)

    @property
    def record_ids(self) -> tuple[str, ...]:
        """The table, so that its changes come one after the other."""
        return (self.base, self.table)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        return asdict(self)

    async def look(self, sight: Sight) -> Before:
        """The table as it is now."""
        spot = await sight.spot(self.base, self.table, fresh=True)
        if spot.schema is None:
            return Before(spot, _UNSEEN)
        image = _only(table_image(spot.schema), self._changed)
        return Before(spot, UndoPromise("full"), {spot.schema.id: image})

    async def send(self, inner: Gateway) -> TableSchema:
        """See `Write.send`."""
        return await inner.update_table(self.base, self.table, name=self.name, description=self.description)

    def applied(self, before: Before, answer: TableSchema) -> Outcome:  # noqa: ARG002 - a Write is told both
        """See `Write.applied`."""
        return Outcome("applied", {answer.id: _only(table_image(answer), self._changed)}, asdict(answer))

    def replay(self, change: Change) -> TableSchema:
        """See `Write.replay`."""
        return table_from_answer(change.answer)

    @property
    def _changed(self) -> dict[str, Any]:
        return {"name": self.name, "description": self.description}


@dataclass(frozen=True, slots=True)
class UpdateField:
    """See `SchemaWriter.update_field`."""

    base: str
    table: str
    field: str
    name: str | None = None
    description: str | None = None
    options: Mapping[str, Any] | None = None
    operation: Literal["update_field"] = dataclasses.field(default="update_field", init=False)

    @property
    def record_ids(self) -> tuple[str, ...]:
        """The field, so that its changes come one after the other."""
        return (self.base, self.table, self.field)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        return asdict(self)

    async def look(self, sight: Sight) -> Before:
        """The field as it is now."""
        spot = await sight.spot(self.base, self.table, [self.field], fresh=True)
        if spot.schema is None:
            return Before(spot, _UNSEEN)
        known = spot.schema.field(self.field)
        undo = promises.promise_of_options(known, self.options or {})
        return Before(
            spot, undo, {known.id: _only(field_image(known), self._changed)}, {known.id: known.name}
        )

    async def send(self, inner: Gateway) -> FieldSchema:
        """See `Write.send`."""
        return await inner.update_field(
            self.base,
            self.table,
            self.field,
            name=self.name,
            description=self.description,
            options=self.options,
        )

    def applied(self, before: Before, answer: FieldSchema) -> Outcome:  # noqa: ARG002 - a Write is told both
        """See `Write.applied`."""
        return Outcome("applied", {answer.id: _only(field_image(answer), self._changed)}, asdict(answer))

    def replay(self, change: Change) -> FieldSchema:
        """See `Write.replay`."""
        return FieldSchema(**change.answer)

    @property
    def _changed(self) -> dict[str, Any]:
        return {"name": self.name, "description": self.description, "options": self.options}


def _only(image: Image, changed: Mapping[str, Any]) -> Image:
    """The image in the parts that are changed."""
    return Image({key: image.fields[key] for key, value in changed.items() if value is not None})
