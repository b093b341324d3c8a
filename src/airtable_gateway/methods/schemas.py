"""Bases, tables and fields over pyairtable: see `SchemaReader` and `SchemaWriter`."""

from collections.abc import Mapping, Sequence
from typing import Any

from airtable_gateway.calls import schemas as calls
from airtable_gateway.errors import InvalidRequest
from airtable_gateway.methods.themed import Themed
from airtable_gateway.schema import BaseInfo, BaseSchema, FieldSchema, TableSchema


class SchemaMethods(Themed):
    """Reading and changing schemas."""

    async def bases(self) -> list[BaseInfo]:
        """See `SchemaReader.bases`; never from a cache."""
        return await self._desk.names.bases()

    async def schema(self, base: str, *, fresh: bool = False, rechecked: bool = False) -> BaseSchema:
        """See `SchemaReader.schema`."""
        return await self._desk.names.schema(base, fresh=fresh, rechecked=rechecked)

    async def create_base(
        self, workspace_id: str, name: str, tables: Sequence[Mapping[str, Any]]
    ) -> BaseSchema:
        """See `SchemaWriter.create_base`."""
        try:
            return await self._desk.line.send(calls.create_base(workspace_id, name, tables))
        finally:
            self._desk.names.forget_bases()

    async def create_table(
        self, base: str, name: str, fields: Sequence[Mapping[str, Any]], *, description: str = ""
    ) -> TableSchema:
        """See `SchemaWriter.create_table`."""
        base_id = await self._desk.names.base_id(base)
        try:
            return await self._desk.line.send(calls.create_table(base_id, name, fields, description))
        finally:
            self._desk.names.forget(base_id)

    async def update_table(
        self, base: str, table: str, *, name: str | None = None, description: str | None = None
    ) -> TableSchema:
        """See `SchemaWriter.update_table`."""
        change = _told(name=name, description=description)
        place = await self._desk.place(base, table)
        return await self._desk.reshape(place, lambda place: calls.update_table(place, change))

    async def create_field(
        self,
        base: str,
        table: str,
        name: str,
        type: str,
        *,
        options: Mapping[str, Any] | None = None,
        description: str = "",
    ) -> FieldSchema:
        """See `SchemaWriter.create_field`."""
        field = {"name": name, "type": type} | ({"options": dict(options)} if options else {})
        place = await self._desk.place(base, table)
        return await self._desk.reshape(place, lambda place: calls.create_field(place, field, description))

    async def update_field(
        self,
        base: str,
        table: str,
        field: str,
        *,
        name: str | None = None,
        description: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> FieldSchema:
        """See `SchemaWriter.update_field`."""
        change = _told(name=name, description=description, options=None if options is None else dict(options))
        place = await self._desk.place(base, table, fields=[field])
        return await self._desk.reshape(place, lambda place: calls.update_field(place, field, change))


def _told(**parts: object) -> dict[str, Any]:
    """What is to be changed. Raises InvalidRequest when nothing is."""
    told = {key: value for key, value in parts.items() if value is not None}
    if not told:
        raise InvalidRequest(f"Nothing to change: give {' or '.join(parts)}.")
    return told
