"""How often a principal may ask: a sliding window over the key-value store, told in `RateLimit` headers."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pyairtable_platform.kernel.errors import TooMany, Unavailable
from pyairtable_platform.kernel.http.problems import response_of
from pyairtable_platform.kernel.identity import Principal
from pyairtable_platform.kernel.keyvalue import KeyValue, MemoryKeyValue


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a limit after this request; `limit` None means there is none."""

    is_granted: bool
    limit: int | None = None
    window_seconds: int = 60
    remaining: int = 0
    resets_in_seconds: int = 0


class RequestLimit(Protocol):
    """Counts the requests of each principal."""

    async def count(self, principal: Principal) -> Allowance:
        """This request counted, and whether it is one too many."""
        ...


class NoLimit:
    """Anyone may ask as often as he likes."""

    async def count(self, principal: Principal) -> Allowance:  # noqa: ARG002 - there is nothing to count
        """See `RequestLimit.count`."""
        return Allowance(is_granted=True)


class RateLimit:
    """At most `limit` requests in any window of so many seconds, over all processes that share the store.

    The window before counts for the part of it that the sliding window still covers. While the shared store
    does not answer, each process counts for itself: nobody is locked out, and nobody is let loose.
    """

    def __init__(
        self,
        store: KeyValue,
        *,
        limit: int,
        window_seconds: int = 60,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._own = MemoryKeyValue()
        self._limit = limit
        self._window = window_seconds
        self._clock = clock

    async def count(self, principal: Principal) -> Allowance:
        """See `RequestLimit.count`."""
        try:
            return await self._count(self._store, principal)
        except Unavailable:
            return await self._count(self._own, principal)

    async def _count(self, store: KeyValue, principal: Principal) -> Allowance:
        window, into = divmod(self._clock(), self._window)
        key = f"rate:{principal.id}:{window:.0f}"
        before = int(await store.get(f"rate:{principal.id}:{window - 1:.0f}") or 0)
        now = await store.add(key, 1, ttl_seconds=2 * self._window)
        used = now + before * (1 - into / self._window)
        if is_granted := used <= self._limit:
            remaining = math.floor(self._limit - used)
        else:
            # A request that was refused must not keep the next ones out.
            await store.add(key, -1, ttl_seconds=2 * self._window)
            remaining = 0
        return Allowance(is_granted, self._limit, self._window, remaining, math.ceil(self._window - into))


class Counted:
    """Counts each request of a recognised principal, and refuses those that are too many."""

    def __init__(self, app: ASGIApp, limit: RequestLimit) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        principal = scope.get("state", {}).get("principal")
        if scope["type"] != "http" or principal is None:
            await self._app(scope, receive, send)
            return
        allowance = await self._limit.count(principal)
        told = _telling(allowance, send)
        if allowance.is_granted:
            await self._app(scope, receive, told)
            return
        await response_of(too_many(allowance))(scope, receive, told)


def too_many(allowance: Allowance) -> TooMany:
    """What is said of a request that was one too many."""
    return TooMany(
        f"At most {allowance.limit} requests in {allowance.window_seconds} seconds are answered; "
        f"ask again in {allowance.resets_in_seconds}.",
        retry_after_seconds=allowance.resets_in_seconds,
    )


def _telling(allowance: Allowance, send: Send) -> Send:
    """The headers of the IETF draft "RateLimit header fields for HTTP"."""
    if allowance.limit is None:
        return send
    policy = f'"default";q={allowance.limit};w={allowance.window_seconds}'
    state = f'"default";r={allowance.remaining};t={allowance.resets_in_seconds}'

    async def send_told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["RateLimit-Policy"] = policy
            headers["RateLimit"] = state
        await send(message)

    return send_told
