"""A gateway that listens to the local Airtable, over real sockets in both directions."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import uvicorn
from redis.asyncio import Redis

from airtable_gateway import Endpoint, FixedEndpoint, ForeignChanges, all_of
from airtable_gateway.caching.redis_cache import RedisCache
from airtable_gateway.clock import Clock
from airtable_gateway.listening import HOOKS, Hooks, Listener, MemoryHooks, create_receiver
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, create_app, deliveries

TOKEN = "patTestTestTest.0123456789"
ORDERS = {"name": "Orders", "fields": [{"name": "Title", "type": "singleLineText"}]}


class Counting:
    """The local Airtable; keeps method and path of what it was asked."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.asked: list[tuple[str, str]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append((scope["method"], scope["path"]))
        await self.app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Shop:
    """The Airtable: one base with one table, Orders, and what somebody else does there."""

    url: str
    app: Counting
    base_id: str
    table_id: str

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(
            method,
            f"{self.url}/v0/{path}",
            json=body,
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=10,
        )
        return answer.json() if answer.text else None

    async def change(self, method: str, path: str, body: Any = None) -> Any:
        return await asyncio.to_thread(self.ask, method, path, body)

    def webhooks(self) -> list[Any]:
        return list(self.ask("GET", f"bases/{self.base_id}/webhooks")["webhooks"])

    def count(self, method: str, end: str) -> int:
        return sum(how == method and path.endswith(end) for how, path in self.app.asked)


@pytest.fixture
def shop(stage: Any) -> Iterator[Shop]:
    server, url = stage
    with Store.open(":memory:") as store, deliveries(store, allow_private_urls=True):
        server.app = app = Counting(create_app(store, tokens=AnyToken()))
        empty = Shop(url, app, "", "")
        made = empty.ask(
            "POST", "meta/bases", {"name": "Shop", "workspaceId": "wspTestTestTest001", "tables": [ORDERS]}
        )
        yield Shop(url, app, made["id"], made["tables"][0]["id"])


class Door:
    """The receiver of the test, behind a socket of the test's own loop."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@pytest.fixture
async def door() -> AsyncIterator[tuple[Door, str]]:
    door = Door()
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(door, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield door, f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving


@dataclass(slots=True)
class HandClock:
    """Sleeps until a test lets it go on."""

    slept: list[float] = field(default_factory=list)
    _next: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._next = asyncio.Event()
        await self._next.wait()

    def pass_by(self) -> None:
        self._next.set()

    @property
    def clock(self) -> Clock:
        return Clock(sleep=self.sleep)


@dataclass(slots=True)
class Listening:
    """A gateway that listens, and what it has heard."""

    gateway: PyAirtableGateway
    listener: Listener
    hooks: Hooks
    clock: HandClock
    url: str
    news: asyncio.Queue[ForeignChanges]

    async def heard(self) -> ForeignChanges:
        return await asyncio.wait_for(self.news.get(), 10)

    async def seen_to(self, base_id: str) -> None:
        """Until the base is listened to, and everything has been told that could be."""
        await asyncio.wait_for(self.listener.heard(base_id), 10)
        while not self.news.empty():
            self.news.get_nowait()


@pytest.fixture
async def shared_cache(redis_server: str, redis_prefix: str) -> AsyncIterator[Callable[[], RedisCache]]:
    """Gives each process of the test its side of the cache that all of them share."""
    redis = Redis.from_url(redis_server)
    yield lambda: RedisCache(redis, prefix=redis_prefix)
    await redis.aclose()


@pytest.fixture
def listening(shop: Shop, door: tuple[Door, str]) -> Any:
    """Makes a gateway that listens, with webhooks kept in `hooks` and what is read in `cache`."""

    @asynccontextmanager
    async def listen(hooks: Hooks | None = None, address: str = "", **ports: Any) -> AsyncIterator[Listening]:
        app, url = door
        news: asyncio.Queue[ForeignChanges] = asyncio.Queue()
        clock, kept = HandClock(), hooks or MemoryHooks()

        def keep(base_id: str) -> None:
            listener.want(base_id)

        gateway = PyAirtableGateway(
            FixedEndpoint(Endpoint(shop.url, TOKEN)),
            rate_limit=None,
            record_ttl_seconds=600,
            ports=Ports(keeps=keep, **ports),
        )
        listener = Listener(
            gateway, kept, (address or url) + HOOKS, all_of(gateway.heard, news.put), clock.clock
        )
        app.app = create_receiver(listener)
        async with gateway, listener:
            yield Listening(gateway, listener, kept, clock, url, news)

    return listen
