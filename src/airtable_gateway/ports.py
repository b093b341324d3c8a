"""What the gateway is handed from outside: where several processes meet, whom it tells, and its clock."""

from collections.abc import Callable
from dataclasses import dataclass, field

from airtable_gateway.caching.cache import Cache
from airtable_gateway.clock import Clock
from airtable_gateway.metrics.metrics import Metrics, NoMetrics
from airtable_gateway.mirror.port import MirrorKeeper
from airtable_gateway.settling.claims import Claims
from airtable_gateway.traffic.meter import Meter


@dataclass(frozen=True, slots=True)
class Ports:
    """Adapters; None stands for that of one process, in memory.

    `mirrors` keeps local copies of bases, and without it there are none.
    `meter` counts calls in place of the gateway's own rate limit, `claims` tells whose new records are, and
    `cache` keeps records. One that `is_shared` also tells of schemas that others have changed, be it through
    another process or another gateway. `keeps` is told the id of each base of which something is kept.
    `before_write` is called before each write is sent, by the thread that sends it, and may keep it back by
    raising AirtableError.
    """

    cache: Cache | None = None
    mirrors: MirrorKeeper | None = None
    is_shared: bool = False
    meter: Meter | None = None
    claims: Claims | None = None
    keeps: Callable[[str], None] = lambda _base_id: None
    before_write: Callable[[], None] = lambda: None
    metrics: Metrics = field(default_factory=NoMetrics)
    clock: Clock = field(default_factory=Clock)
