"""Where a process keeps what outlives it, and meets other processes."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from airtable_gateway import Journal
from pyairtable_app.errors import CannotServe
from pyairtable_app.settings import Settings

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from airtable_gateway.metrics.metrics import Metrics
    from airtable_gateway.mirror.mirrors import Mirrors
    from airtable_gateway.ports import Ports

_REDIS_TIMEOUT_SECONDS = 2.0


class Stores:
    """The stores of one process; with `is_watched`, the gateway's work is counted for Prometheus."""

    def __init__(self, settings: Settings, *, is_watched: bool) -> None:
        self._settings = settings
        self._is_watched = is_watched

    @cached_property
    def ports(self) -> "Ports":
        """What the gateway shares with other processes, and whom it tells of its work."""
        from airtable_gateway.caching.cache import MemoryCache
        from airtable_gateway.clock import Clock
        from airtable_gateway.ports import Ports

        # One cache for the gateways of all credentials, so that each hears what is written through another.
        memory = MemoryCache(Clock())
        if self.redis is None:
            return Ports(
                cache=memory,
                is_shared=self._is_watched,
                before_write=self._before_write,
                metrics=self._metrics,
                mirrors=self.mirrors,
            )
        from airtable_gateway.caching.redis_cache import RedisCache
        from airtable_gateway.settling.redis_claims import RedisClaims
        from airtable_gateway.traffic.redis_meter import RedisMeter

        airtable = self._settings.airtable
        return Ports(
            meter=RedisMeter(self.redis, airtable.requests_a_second),
            claims=RedisClaims(self.redis),
            cache=RedisCache(self.redis) if airtable.cache == "redis" else memory,
            is_shared=self._is_watched or airtable.cache == "redis",
            before_write=self._before_write,
            metrics=self._metrics,
            mirrors=self.mirrors,
        )

    @cached_property
    def mirrors(self) -> "Mirrors":
        """The local copies of bases, files of the data folder."""
        from airtable_gateway.mirror.mirrors import Mirrors

        return Mirrors(self._settings.data.folder / "mirrors")

    @cached_property
    def _metrics(self) -> "Metrics":
        if not self._is_watched:
            from airtable_gateway.metrics.metrics import NoMetrics

            return NoMetrics()
        from airtable_gateway.metrics.prometheus import PrometheusMetrics

        return PrometheusMetrics()

    @cached_property
    def redis(self) -> "Redis | None":
        """Where processes meet, None when there is one alone. Raises CannotServe without the package."""
        url = self._settings.stores.redis_url
        if url is None:
            return None
        try:
            from redis.asyncio import Redis
            from redis.asyncio.retry import Retry
            from redis.backoff import NoBackoff
        except ModuleNotFoundError as error:
            raise CannotServe(
                "REDIS_URL needs the package redis: install pyairtable-mcp[platform]."
            ) from error
        timeout = _REDIS_TIMEOUT_SECONDS
        return Redis.from_url(
            url.value,
            retry=Retry(NoBackoff(), retries=1),
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
        )

    @cached_property
    def journal(self) -> Journal:
        """Where changes are kept: in the services' PostgreSQL, else in a file of the data folder.

        Raises CannotServe without the package.
        """
        database = self._settings.stores.database_url
        if database is not None and database.value.startswith("postgres"):
            try:
                from airtable_gateway.journal.postgres import PostgresJournal
            except ModuleNotFoundError as error:
                raise CannotServe(
                    "DATABASE_URL needs the package asyncpg: install pyairtable-mcp[platform]."
                ) from error
            return PostgresJournal(database.value)
        from airtable_gateway.journal.sqlite import SqliteJournal

        return SqliteJournal(self._settings.data.folder / "journal.db", sender_waits_for_disk=True)

    @property
    def _before_write(self) -> Callable[[], None]:
        return self.journal.bring_to_disk if self._settings.journal.is_on else lambda: None
