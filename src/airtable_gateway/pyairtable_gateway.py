"""The Gateway over pyairtable: names resolved, calls paced and repeated, work in threads of its own."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Self

from airtable_gateway.caching.cache import MemoryCache
from airtable_gateway.caching.reads import CachedReads
from airtable_gateway.endpoint import EndpointSource
from airtable_gateway.errors import AirtableError
from airtable_gateway.hearing import ForeignChanges
from airtable_gateway.methods.attachments import AttachmentMethods
from airtable_gateway.methods.comments import CommentMethods
from airtable_gateway.methods.forwarding import ForwardingMethods
from airtable_gateway.methods.records import RecordMethods
from airtable_gateway.methods.schemas import SchemaMethods
from airtable_gateway.methods.webhooks import WebhookMethods
from airtable_gateway.mirror.errors import MirrorsNotKept
from airtable_gateway.mirror.port import BaseMirror
from airtable_gateway.naming.desk import Desk
from airtable_gateway.naming.names import Names
from airtable_gateway.ports import Ports
from airtable_gateway.settling.claims import MemoryClaims
from airtable_gateway.settling.creations import Creations
from airtable_gateway.traffic.breaker import Breaker
from airtable_gateway.traffic.meter import MemoryMeter
from airtable_gateway.traffic.retries import Retries
from airtable_gateway.traffic.turns import Turns
from airtable_gateway.transport.wire import Wire


class PyAirtableGateway(
    RecordMethods, SchemaMethods, CommentMethods, AttachmentMethods, WebhookMethods, ForwardingMethods
):
    """See `Gateway`. Nothing is imported, connected or asked before the first call.

    `rate_limit` is calls a second and base, None for no limit; `timeout` is seconds to connect and to answer;
    `threads` is how many calls may be under way at once; `schema_ttl_seconds` 0 keeps no schema, and
    `record_ttl_seconds` 0 no record. In tables that have a text field named `mark_field`, creates hold a mark
    in it and can be repeated.
    """

    def __init__(
        self,
        endpoints: EndpointSource,
        *,
        rate_limit: float | None = 5.0,
        schema_ttl_seconds: float = 300,
        record_ttl_seconds: float = 0,
        timeout: tuple[int, int] = (5, 30),
        threads: int = 8,
        mark_field: str = "",
        ports: Ports | None = None,
    ) -> None:
        ports = ports or Ports()
        clock, metrics = ports.clock, ports.metrics
        meter = ports.meter or MemoryMeter(rate_limit, clock)
        self._endpoints, self._mirrors = endpoints, ports.mirrors
        self._wire = Wire(endpoints, timeout=timeout, threads=threads, before_write=ports.before_write)
        self._turns = Turns(self._wire, meter, Breaker(clock, metrics.breaker_changed), metrics, clock)
        self._reads = CachedReads(
            Retries(self._turns, clock),
            self._wire,
            ports.cache or MemoryCache(clock),
            metrics,
            ttl_seconds=record_ttl_seconds,
            keeps=ports.keeps,
        )
        names = Names(
            self._reads,
            ttl_seconds=schema_ttl_seconds,
            clock=clock,
            stamp=self._reads.schema_stamp if ports.is_shared else None,
            keeps=ports.keeps if schema_ttl_seconds > 0 else None,
        )
        desk = Desk(self._reads, names)
        creations = Creations(desk, ports.claims or MemoryClaims(clock), self._wire, clock)
        super().__init__(desk, creations, mark_field)

    async def __aenter__(self) -> Self:
        self._wire.open()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._desk.names.close()
        await self._reads.close()
        await self._turns.close()
        await self._wire.close()

    def server_time(self) -> datetime | None:
        """Airtable's time by its last answer, None before the first one."""
        return self._wire.now()

    async def heard(self, changes: ForeignChanges) -> None:
        """Forget what is kept of what others changed: see `Hearer`.

        Of records all in the base is forgotten, for links, lookups and rollups show them in other tables.
        """
        if not changes:
            return
        if changes.reshapes:
            self._desk.names.forget(changes.base_id)
        with suppress(AirtableError):
            await self._reads.spoil(changes.base_id, reshapes=changes.reshapes)

    async def invalidate(self, base: str, table: str = "") -> None:
        """See `Invalidation.invalidate`."""
        base_id = await self._desk.names.base_id(base)
        if not table:
            self._desk.names.forget(base_id)
            await self._reads.spoil(base_id, reshapes=True)
            return
        place = await self._desk.names.place(base_id, table)
        await self._reads.spoil(base_id, place.table_id)

    async def mirror(self, base: str, *, tables: Collection[str] = ()) -> BaseMirror:
        """See `Mirroring.mirror`."""
        if self._mirrors is None:
            raise MirrorsNotKept("This process keeps no local copies of bases.")
        base_id = await self._desk.names.base_id(base)
        return await self._mirrors.mirror(self, await self._endpoints.endpoint(), base_id, tables)
