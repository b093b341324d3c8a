"""The Gateway over pyairtable: names resolved, calls paced and repeated, work in threads of its own."""

from typing import Self

from airtable_gateway.clock import Clock
from airtable_gateway.endpoint import EndpointSource
from airtable_gateway.methods.attachments import AttachmentMethods
from airtable_gateway.methods.comments import CommentMethods
from airtable_gateway.methods.records import RecordMethods
from airtable_gateway.methods.schemas import SchemaMethods
from airtable_gateway.methods.webhooks import WebhookMethods
from airtable_gateway.metrics.metrics import Metrics, NoMetrics
from airtable_gateway.naming.desk import Desk
from airtable_gateway.naming.names import Names
from airtable_gateway.traffic.breaker import Breaker
from airtable_gateway.traffic.meter import MemoryMeter, Meter
from airtable_gateway.traffic.retries import Retries
from airtable_gateway.traffic.turns import Turns
from airtable_gateway.transport.wire import Wire


class PyAirtableGateway(RecordMethods, SchemaMethods, CommentMethods, AttachmentMethods, WebhookMethods):
    """See `Gateway`. Nothing is imported, connected or asked before the first call.

    `rate_limit` is calls a second and base, None for no limit; `timeout` is seconds to connect and to answer;
    `threads` is how many calls may be under way at once; `schema_ttl_seconds` 0 keeps no schema. `meter`
    counts calls for several processes, in place of `rate_limit`.
    """

    def __init__(
        self,
        endpoints: EndpointSource,
        *,
        rate_limit: float | None = 5.0,
        schema_ttl_seconds: float = 300,
        timeout: tuple[int, int] = (5, 30),
        threads: int = 8,
        meter: Meter | None = None,
        metrics: Metrics | None = None,
        clock: Clock | None = None,
    ) -> None:
        clock = clock or Clock()
        metrics = metrics or NoMetrics()
        self._wire = Wire(endpoints, timeout=timeout, threads=threads)
        self._turns = Turns(
            self._wire,
            meter or MemoryMeter(rate_limit, clock),
            Breaker(clock, metrics.breaker_changed),
            metrics,
            clock,
        )
        line = Retries(self._turns, clock)
        super().__init__(Desk(line, Names(line, ttl_seconds=schema_ttl_seconds, clock=clock)))

    async def __aenter__(self) -> Self:
        self._wire.open()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._desk.names.close()
        await self._turns.close()
        await self._wire.close()
