"""Bases, tables and fields made, as values that the journal notes; none of them can be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from airtable_gateway.errors import Refused
from airtable_gateway.gateway import Gateway
from airtable_gateway.journal import promises
from airtable_gateway.journal.change import Change, Image, Outcome, Place, UndoPromise
from airtable_gateway.journal.schema_images import field_image, table_from_answer, table_image
from airtable_gateway.journal.sight import Sight, Spot
from airtable_gateway.journal.write import Before
from airtable_gateway.schema import BaseSchema, FieldSchema, TableSchema

_NEVER = UndoPromise("none", (promises.NO_DELETION,))


@dataclass(frozen=True, slots=True)
class CreateBase:
    """See `SchemaWriter.create_base`."""

    workspace_id: str
    name: str
    tables: Sequence[Mapping[str, Any]]
    operation: Literal["create_base"] = field(default="create_base", init=False)
    record_ids: tuple[str, ...] = field(default=(), init=False)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        tables = [dict(model) for model in self.tables]
        return {"workspace": self.workspace_id, "name": self.name, "tables": tables}

    async def look(self, sight: Sight) -> Before:  # noqa: ARG002 - a Write is told it
        """Nothing is there yet."""
        return Before(Spot(Place("", self.name)), _NEVER)

    async def send(self, inner: Gateway) -> BaseSchema:
        """See `Write.send`."""
        return await inner.create_base(self.workspace_id, self.name, self.tables)

    def applied(self, before: Before, answer: BaseSchema) -> Outcome:  # noqa: ARG002 - a Write is told both
        """See `Write.applied`."""
        return Outcome("applied", {answer.id: Image({"name": answer.name})}, asdict(answer))

    def replay(self, change: Change) -> BaseSchema:
        """See `Write.replay`."""
        tables = tuple(table_from_answer(model) for model in change.answer["tables"])
        return BaseSchema(**{**change.answer, "tables": tables})


@dataclass(frozen=True, slots=True)
class CreateTable:
    """See `SchemaWriter.create_table`."""

    base: str
    name: str
    fields: Sequence[Mapping[str, Any]]
    description: str = ""
    operation: Literal["create_table"] = field(default="create_table", init=False)
    record_ids: tuple[str, ...] = field(default=(), init=False)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        return {
            "base": self.base,
            "name": self.name,
            "fields": [dict(model) for model in self.fields],
            "description": self.description,
        }

    async def look(self, sight: Sight) -> Before:
        """The base."""
        try:
            schema = await sight.base(self.base)
        except Refused:
            return Before(Spot(Place(self.base, self.base, table=self.name)), _NEVER)
        return Before(Spot(Place(schema.id, schema.name, table=self.name)), _NEVER)

    async def send(self, inner: Gateway) -> TableSchema:
        """See `Write.send`."""
        return await inner.create_table(self.base, self.name, self.fields, description=self.description)

    def applied(self, before: Before, answer: TableSchema) -> Outcome:  # noqa: ARG002 - a Write is told both
        """See `Write.applied`."""
        return Outcome("applied", {answer.id: table_image(answer)}, asdict(answer))

    def replay(self, change: Change) -> TableSchema:
        """See `Write.replay`."""
        return table_from_answer(change.answer)


@dataclass(frozen=True, slots=True)
class CreateField:
    """See `SchemaWriter.create_field`."""

    base: str
    table: str
    name: str
    type: str
    options: Mapping[str, Any] | None = None
    description: str = ""
    operation: Literal["create_field"] = field(default="create_field", init=False)
    record_ids: tuple[str, ...] = field(default=(), init=False)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        return asdict(self)

    async def look(self, sight: Sight) -> Before:
        """The table."""
        return Before(await sight.spot(self.base, self.table), _NEVER)

    async def send(self, inner: Gateway) -> FieldSchema:
        """See `Write.send`."""
        return await inner.create_field(
            self.base, self.table, self.name, self.type, options=self.options, description=self.description
        )

    def applied(self, before: Before, answer: FieldSchema) -> Outcome:  # noqa: ARG002 - a Write is told both
        """See `Write.applied`."""
        return Outcome("applied", {answer.id: field_image(answer)}, asdict(answer))

    def replay(self, change: Change) -> FieldSchema:
        """See `Write.replay`."""
        return FieldSchema(**change.answer)
