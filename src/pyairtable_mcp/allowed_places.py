"""Where a call may go when the server's owner lists bases and tables: found, or refused as unknown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from airtable_gateway import BaseInfo, BaseNotFound, BaseSchema, Gateway, Refused, TableNotFound
from pyairtable_mcp.allow_list import AllowList
from pyairtable_mcp.allowed_links import addition_refused, require_no_way_out

HINT = "The server's owner chose which bases and tables it may use (ALLOWED_BASES, ALLOWED_TABLES)."


@dataclass(frozen=True, slots=True)
class AllowedPlaces:
    """The bases and tables behind `inner` that are listed."""

    inner: Gateway
    allowed: AllowList

    async def bases(self) -> list[BaseInfo]:
        """Those that are listed."""
        return [base for base in await self.inner.bases() if self.allowed.base(base.id, base.name)]

    async def schema(self, base: str, *, fresh: bool = False, rechecked: bool = False) -> BaseSchema:
        """The schema of the base with the tables that are listed. Raises BaseNotFound."""
        schema = await self.inner.schema(await self.base(base), fresh=fresh, rechecked=rechecked)
        tables = tuple(table for table in schema.tables if self.allowed.table(table.id, table.name))
        return replace(schema, tables=tables)

    async def base(self, base: str) -> str:
        """The base as given, if it is allowed. Raises BaseNotFound.

        One that was listed by name may be asked for by id, and the reverse: the list of bases knows both.
        """
        if self.allowed.base(base):
            return base
        permitted = await self.bases()
        for known in permitted:
            if base == known.id or base.strip().casefold() == known.name.casefold():
                return known.id
        raise BaseNotFound(base, (known.name for known in permitted), hint=HINT)

    async def place(self, base: str, table: str) -> tuple[str, str]:
        """The base and the table, if they are allowed. Raises BaseNotFound and TableNotFound."""
        base = await self.base(base)
        if not self.allowed.tables:
            return base, table
        try:
            return base, (await self.schema(base)).table(table).id
        except Refused:
            # Without schemas names cannot be matched with ids, so that only what is listed word by word is.
            if self.allowed.table(table):
                return base, table
            raise TableNotFound(table, self.allowed.tables, hint=HINT) from None

    async def require_no_way_out(self, base: str, options: Any) -> None:
        """Raises TableNotFound when a field with these options would show, or write to, a hidden table."""
        if not self.allowed.tables or not isinstance(options, Mapping):
            return
        require_no_way_out(await self.schema(base), options)

    async def written(
        self, base: str, table: str, rows: Iterable[Mapping[str, Any]], *, typecast: bool
    ) -> tuple[str, str]:
        """The same of rows to be written. Raises Refused for those that would add to a hidden table."""
        base, table = await self.place(base, table)
        if self.allowed.tables and typecast:
            schema = await self.schema(base, rechecked=True)
            target = schema.table(table)
            for row in rows:
                if refused := addition_refused(schema, target, row):
                    raise refused
        return base, table

    async def whole_base(self, base: str) -> str:
        """The base, if all of its tables are allowed: a webhook tells of every one. Raises Refused."""
        if self.allowed.tables:
            raise Refused("Webhooks tell of every table, and this server may see some only.", hint=HINT)
        return await self.base(base)
