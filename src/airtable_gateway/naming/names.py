"""From names to ids: which bases there are, and what is in each, kept for some minutes."""

import re
from collections.abc import Awaitable, Callable
from math import inf

from airtable_gateway.calls import schemas as schema_calls
from airtable_gateway.calls.call import Line
from airtable_gateway.clock import Clock
from airtable_gateway.errors import AirtableError, BaseNotFound, Refused, TableNotFound
from airtable_gateway.naming.place import Place
from airtable_gateway.naming.shelf import Shelf
from airtable_gateway.schema import BaseInfo, BaseSchema, find_base
from airtable_gateway.transport.translation import MODEL_NOT_FOUND

_BASE_ID = re.compile(r"app[0-9A-Za-z]{14,}")
_ALL = "all bases"
_REFUSAL_SECONDS = 30.0

_CHECKED_SECONDS = 60.0
"""How long a schema is good for what asks again before it refuses, also where none is kept to be shown."""


Stamp = Callable[[str], Awaitable[str]]
"""Gives for a base a text that changes when any process has changed its schema."""


class Names:
    """Looks names up, asks again when one is not known, and makes do without where it may not ask.

    What is shown is at most `ttl_seconds` old; what names are looked up in may be a minute old, since a name
    that is not known, or that Airtable does not know any more, is looked up again. `stamp` is given where
    others may change schemas; `keeps` is told of each base whose schema is kept.
    """

    def __init__(
        self,
        line: Line,
        *,
        ttl_seconds: float,
        clock: Clock,
        stamp: Stamp | None = None,
        keeps: Callable[[str], None] | None = None,
    ) -> None:
        self._keeps = keeps
        self._line = line
        self._stamp = stamp
        self._stamps: dict[str, str] = {}
        self._ttl_seconds = ttl_seconds
        # Refusals are kept as values, so that a token without schemas does not pay for them at every call.
        self._bases = Shelf(self._fetch_bases, ttl_seconds=self._lifetime, clock=clock)
        self._schemas = Shelf(self._fetch_schema, ttl_seconds=self._lifetime, clock=clock)
        self._doubted: set[str] = set()

    async def bases(self) -> list[BaseInfo]:
        """Every base that the token may see, as of now. Raises Refused without schema.bases:read."""
        self._bases.drop(_ALL)
        bases = await self._bases.get(_ALL)
        if isinstance(bases, Refused):
            raise bases.again()
        return bases

    async def base_id(self, base: str) -> str:
        """The id of the base of that name or id. Raises BaseNotFound.

        Without the permission to list bases, what was given is taken for an id.
        """
        if _BASE_ID.fullmatch(base):
            return base
        bases = await self._bases.get(_ALL)
        if isinstance(bases, Refused):
            return _taken_for_id(base)
        try:
            return find_base(bases, base).id
        except BaseNotFound:
            newer = await self._bases.get(_ALL, instead_of=bases)
            return find_base([] if isinstance(newer, Refused) else newer, base).id

    async def schema(self, base: str, *, fresh: bool = False, rechecked: bool = False) -> BaseSchema:
        """See `SchemaReader.schema`. Raises BaseNotFound, or Refused without schema.bases:read."""
        base_id = await self.base_id(base)
        await self._heed_others(base_id)
        if fresh or (base_id in self._doubted and not rechecked):
            self.forget(base_id)
        at_most = inf if rechecked else self._ttl_seconds
        schema = await self._schemas.get(base_id, at_most_seconds=at_most)
        if isinstance(schema, Refused):
            raise await self._reason(base, schema)
        name, age = await self._name_of(base_id, at_most), self._schemas.age_seconds(base_id)
        return BaseSchema(base_id, name, schema.tables, age_seconds=age)

    async def place(self, base_id: str, table: str, *, instead_of: Place | None = None) -> Place:
        """The table of that name or id. Raises TableNotFound and BaseNotFound.

        `instead_of` is a place that proved to be out of date. Without the permission to read schemas, the
        table is what was given.
        """
        await self._heed_others(base_id)
        schema = await self._schemas.get(base_id)
        if isinstance(schema, BaseSchema) and self._is_outdated(schema, table, instead_of):
            schema = await self._schemas.get(base_id, instead_of=schema)
        if isinstance(schema, BaseSchema):
            return Place(base_id, table, schema.table(table))
        reason = await self._reason(base_id, schema)
        if isinstance(reason, BaseNotFound):
            raise reason
        return Place(base_id, _taken_for_name(table))

    def doubt(self, base_id: str) -> None:
        """The schema may have changed: whoever asks for it next gets a new one."""
        self._doubted.add(base_id)

    def forget(self, base_id: str) -> None:
        """The schema has changed: nobody gets the old one any more."""
        self._doubted.discard(base_id)
        self._schemas.drop(base_id)

    def forget_bases(self) -> None:
        """There may be another base now: whoever asks for the bases next gets a new list."""
        self._bases.drop(_ALL)

    async def close(self) -> None:
        """End the look-ups that are under way."""
        await self._bases.close()
        await self._schemas.close()

    async def _heed_others(self, base_id: str) -> None:
        """Forget the schema when another process has changed it."""
        if self._stamp is None:
            return
        stamp = await self._stamp(base_id)
        if self._stamps.get(base_id, stamp) != stamp:
            self.forget(base_id)
        self._stamps[base_id] = stamp

    def _lifetime(self, value: object) -> float:
        """Seconds to keep it; whoever was refused may get the permission, and tries again soon."""
        return _REFUSAL_SECONDS if isinstance(value, Refused) else max(self._ttl_seconds, _CHECKED_SECONDS)

    def _is_outdated(self, schema: BaseSchema, table: str, instead_of: Place | None) -> bool:
        """Whether it lacks the table, or is the one that the outdated place came from."""
        try:
            known = schema.table(table)
        except TableNotFound:
            return True
        return instead_of is not None and instead_of.schema is known

    async def _reason(self, base: str, refused: Refused) -> AirtableError:
        """Airtable does not tell a hidden base from an absent one; the list of bases does, where allowed."""
        bases = await self._bases.get(_ALL)
        if refused.type == MODEL_NOT_FOUND and not isinstance(bases, Refused):
            try:
                find_base(bases, base)
            except BaseNotFound as absent:
                return absent
        return refused.again()

    async def _fetch_bases(self, _: str) -> list[BaseInfo] | Refused:
        try:
            return await self._read_bases()
        except Refused as refused:
            return refused

    async def _read_bases(self) -> list[BaseInfo]:
        bases: list[BaseInfo] = []
        offset: str | None = None
        while True:
            page = await self._line.send(schema_calls.list_bases(offset))
            bases += page.bases
            offset = page.offset
            if offset is None:
                return bases

    async def _fetch_schema(self, base_id: str) -> BaseSchema | Refused:
        try:
            tables = await self._line.send(schema_calls.read_schema(base_id))
        except Refused as refused:
            return refused
        if self._keeps is not None:
            self._keeps(base_id)
        return BaseSchema(base_id, base_id, tables)

    async def _name_of(self, base_id: str, at_most_seconds: float) -> str:
        """The base's name, which the schema's answer does not tell; its id where bases may not be listed."""
        bases = await self._bases.get(_ALL, at_most_seconds=at_most_seconds)
        for base in () if isinstance(bases, Refused) else bases:
            if base.id == base_id:
                return base.name
        return base_id


def _taken_for_id(base: str) -> str:
    """The base as part of a path, when it cannot be looked up. Raises BaseNotFound for what is no id."""
    if base.isascii() and base.isalnum():
        return base
    raise BaseNotFound(base, hint="This token may not list bases: give the base's id, which begins with app.")


def _taken_for_name(table: str) -> str:
    """The table as part of a path, when it cannot be looked up. Raises TableNotFound for what is no path."""
    if table.strip(".") == "":
        raise TableNotFound(table)
    return table
