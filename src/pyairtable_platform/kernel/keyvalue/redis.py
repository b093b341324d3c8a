"""The key-value store of many processes: Redis, with short timeouts, no hidden retries and a breaker.

redis-py repeats a command ten times by default: a frozen server would hold a request for seconds.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from pyairtable_platform.kernel.errors import Unavailable

TIMEOUT_SECONDS = 0.1
_CONNECTIONS = 8
_TURN_SECONDS = 1.0

_FAILURES_TO_OPEN = 1
"""A request asks several times, and each time that is not answered holds up a person: one is enough."""

_OPEN_SECONDS = 2.0

_ADD = """
local total = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return total
"""


class RedisKeyValue:
    """See `KeyValue`. Keys and channels carry `prefix`, so that several systems may share a server."""

    def __init__(
        self, url: str, *, prefix: str = "pyairtable:", timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._url = url
        self._prefix = prefix
        self._timeout = timeout_seconds
        self._redis: Any = None
        self._breakers = AsyncCircuitBreakerFactory(
            default_threshold=_FAILURES_TO_OPEN, default_ttl=_OPEN_SECONDS
        )

    async def __aenter__(self) -> Self:
        self._redis = _client(self._url, connects_within=self._timeout, answers_within=self._timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._redis.aclose()

    async def get(self, key: str) -> bytes | None:
        """See `KeyValue.get`."""
        async with self._asking():
            value: bytes | None = await self._redis.get(self._prefix + key)
            return value

    async def set(self, key: str, value: bytes, *, ttl_seconds: float) -> None:
        """See `KeyValue.set`."""
        async with self._asking():
            await self._redis.set(self._prefix + key, value, px=_milliseconds(ttl_seconds))

    async def delete(self, key: str) -> None:
        """See `KeyValue.delete`."""
        async with self._asking():
            await self._redis.delete(self._prefix + key)

    async def add(self, key: str, amount: int, *, ttl_seconds: float) -> int:
        """See `KeyValue.add`."""
        async with self._asking():
            return int(
                await self._redis.eval(_ADD, 1, self._prefix + key, amount, _milliseconds(ttl_seconds))
            )

    async def publish(self, channel: str, message: bytes) -> None:
        """See `KeyValue.publish`."""
        async with self._asking():
            await self._redis.publish(self._prefix + channel, message)

    @asynccontextmanager
    async def listening(self, channel: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """See `KeyValue.listening`; whoever listens waits for as long as it takes, without a timeout."""
        client = _client(self._url, connects_within=self._timeout, answers_within=None)
        subscription = client.pubsub(ignore_subscribe_messages=True)
        try:
            async with self._asking():
                await subscription.subscribe(self._prefix + channel)
            yield self._messages(subscription)
        finally:
            await subscription.aclose()
            await client.aclose()

    async def ping(self) -> None:
        """See `KeyValue.ping`."""
        async with self._asking():
            await self._redis.ping()

    async def _messages(self, subscription: Any) -> AsyncIterator[bytes]:
        try:
            async for message in subscription.listen():
                yield message["data"]
        except (RedisError, OSError) as error:
            raise Unavailable("Redis does not answer.") from error

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        """One question: its failures count for the breaker, and while that is open nothing is asked."""
        try:
            async with await self._breakers.get_breaker("redis"):
                yield
        except OpenedState as error:
            raise Unavailable("Redis has not answered; it is asked again in a moment.") from error
        except (RedisError, OSError, TimeoutError) as error:
            raise Unavailable("Redis does not answer.") from error


def _client(url: str, *, connects_within: float, answers_within: float | None) -> Any:
    """A client of few connections, for which callers wait their turn: opening more takes longer than that."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=_CONNECTIONS,
        timeout=_TURN_SECONDS,
        socket_timeout=answers_within,
        socket_connect_timeout=connects_within,
        retry=Retry(NoBackoff(), 0),
    )
    return Redis.from_pool(pool)


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
