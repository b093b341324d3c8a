"""Who watches which table: addresses of resources, told when a table or a schema was changed through us."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from mcp.server.subscriptions import InMemorySubscriptionBus, ResourceUpdated, ServerEvent

from airtable_gateway import AirtableError, ForeignChanges, SchemaReader
from pyairtable_mcp.resources.addresses import records_addresses, schema_uri

Listener = Callable[[ServerEvent], None]

_joined: ContextVar[list[Listener] | None] = ContextVar("pyairtable_joined", default=None)


@contextmanager
def joining() -> Iterator[list[Listener]]:
    """Who subscribes inside stands in the list: who may be told what others must not hear of."""
    joined: list[Listener] = []
    token = _joined.set(joined)
    try:
        yield joined
    finally:
        _joined.reset(token)


class Watchers(InMemorySubscriptionBus):
    """The bus of the server's subscriptions, which tells nobody as long as nobody listens."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """See `SubscriptionBus.subscribe`."""
        leave = super().subscribe(listener)
        if (joined := _joined.get()) is not None:
            joined.append(listener)
        self._count += 1
        left = False

        def unsubscribe() -> None:
            nonlocal left
            leave()
            if not left:
                left = True
                self._count -= 1

        return unsubscribe

    async def table_changed(self, reader: SchemaReader, base: str, table: str) -> None:
        """Tell who watches the table's records, under whichever of its plain addresses."""
        if self._count:
            await self._publish(await _addresses(reader, base, table))

    async def schema_changed(self, reader: SchemaReader, base: str) -> None:
        """Tell who watches the base's schema."""
        if not self._count:
            return
        try:
            found = await reader.schema(base)
        except AirtableError:
            await self._publish([schema_uri(base)])
            return
        await self._publish([schema_uri(name) for name in dict.fromkeys((found.id, found.name, base))])

    async def heard(self, reader: SchemaReader, changes: ForeignChanges) -> None:
        """Tell of what others changed: see `Hearer`. One table too many does no harm, one too few does."""
        if not self._count or not changes:
            return
        for table in await _tables(reader, changes):
            await self.table_changed(reader, changes.base_id, table)
        if changes.reshapes:
            await self.schema_changed(reader, changes.base_id)

    async def _publish(self, addresses: list[str]) -> None:
        for address in addresses:
            await self.publish(ResourceUpdated(uri=address))


async def _tables(reader: SchemaReader, changes: ForeignChanges) -> list[str]:
    """The ids of the tables that may have changed."""
    if not changes.is_whole:
        return sorted(changes.table_ids)
    try:
        return [table.id for table in (await reader.schema(changes.base_id)).tables]
    except AirtableError:
        return sorted(changes.table_ids)


async def _addresses(reader: SchemaReader, base: str, table: str) -> list[str]:
    """By id, by name, and as the writer named them; the last alone when the schema cannot be read."""
    try:
        schema = await reader.schema(base)
        found = schema.table(table)
    except AirtableError:
        return records_addresses((base, base), (table, table))
    bases, tables = (schema.id, schema.name), (found.id, found.name)
    return list(
        dict.fromkeys(records_addresses(bases, tables) + records_addresses((base, base), (table, table)))
    )
