"""An Airtable that says what a test wrote down, a real local one, and a clock that nobody waits for."""

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from starlette.types import ASGIApp, Receive, Scope, Send

from airtable_gateway import Endpoint, FixedEndpoint
from airtable_gateway.clock import Clock
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, create_app

BASE, TABLE = "appTestTestTest01", "tblTestTestTest01"
TOKEN = "patTestTestTest.0123456789"

Reply = dict[str, Any] | tuple[Any, ...] | str
"""JSON for status 200; or (status, JSON or text, headers); or "drop", "cut", "wait": see _Handler."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, list[str]]
    authorization: str
    body: Any


class ScriptedAirtable:
    """Answers each request with the next reply that is written down for it; the last one stays in force."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.replies: dict[str, list[Reply]] = defaultdict(list)
        self.released = threading.Event()
        self.waited_reply: Reply = {}
        self.arrived = threading.Semaphore(0)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.script = self  # type: ignore[attr-defined]  # how a handler of http.server is told things
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def on(self, request: str, *replies: Reply) -> None:
        self.replies[request] = list(replies)

    def reply(self, request: str) -> Reply:
        replies = self.replies[request] or [(404, {"error": "NOT_FOUND"})]
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def count(self, request: str) -> int:
        return sum(f"{seen.method} {seen.path}" == request for seen in self.requests)

    @staticmethod
    def bases(*names: str) -> dict[str, Any]:
        """Up to three bases of those names, the first one BASE."""
        ids = (BASE, "appOtherOtherOth1", "appThirdThirdThi1")
        models = [
            {"id": base, "name": name, "permissionLevel": "read"}
            for base, name in zip(ids, names, strict=False)
        ]
        return {"bases": models}

    @staticmethod
    def schema(*fields: str, table: str = TABLE) -> dict[str, Any]:
        """A base with one table, Orders, that has those text fields and one view, All."""
        names = enumerate(fields)
        models = [{"id": f"fld{index:014}", "name": name, "type": "singleLineText"} for index, name in names]
        orders = {"id": table, "name": "Orders", "primaryFieldId": models[0]["id"], "fields": models}
        views = [{"id": "viwTestTestTest01", "name": "All", "type": "grid"}]
        return {"tables": [orders | {"views": views}]}

    async def arrival(self) -> None:
        """Until one more request has come."""
        await asyncio.to_thread(self.arrived.acquire)

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    """`drop` closes without an answer, `cut` in the middle of one, `wait` answers after `released`."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def _any(self) -> None:
        script: ScriptedAirtable = self.server.script  # type: ignore[attr-defined]  # see ScriptedAirtable
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = Seen(
            self.command,
            parts.path,
            parse_qs(parts.query, keep_blank_values=True),
            self.headers.get("Authorization", ""),
            json.loads(body) if body else None,
        )
        script.requests.append(seen)
        reply = script.reply(f"{seen.method} {seen.path}")
        script.arrived.release()
        self._give(reply, script)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any  # noqa: N815 - http.server's names

    def _give(self, reply: Reply, script: ScriptedAirtable) -> None:
        match reply:
            case "drop":
                self.close_connection = True
            case "cut":
                self._write(200, '{"records": [', {"Content-Length": "500"})
                self.close_connection = True
            case "wait":
                script.released.wait(10)
                self._give(script.waited_reply, script)
            case (int(status), content, *more):
                text = content if isinstance(content, str) else json.dumps(content)
                self._write(status, text, more[0] if more else {})
            case _:
                self._write(200, json.dumps(reply), {})

    def _write(self, status: int, text: str, headers: dict[str, str]) -> None:
        content = text.encode()
        kind = "text/html" if text.startswith("<") else "application/json"
        self.send_response(status)
        everything = {"Content-Type": kind, "Content-Length": str(len(content))} | headers
        for name, value in everything.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Keep the test's output clean."""


@dataclass(slots=True)
class FakeTime:
    """Time that passes only when somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, self.sleep)


@pytest.fixture
def airtable() -> Iterator[ScriptedAirtable]:
    scripted = ScriptedAirtable()
    yield scripted
    scripted.close()


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
async def gateway(airtable: ScriptedAirtable, time: FakeTime) -> AsyncIterator[PyAirtableGateway]:
    """A gateway to the scripted Airtable, without a pace."""
    endpoints = FixedEndpoint(Endpoint(airtable.url, TOKEN))
    async with PyAirtableGateway(endpoints, rate_limit=None, ports=Ports(clock=time.clock)) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Twin:
    """The local Airtable with one base, Shop, that has one table, Orders."""

    url: str
    base_id: str
    table_id: str

    def change(self, method: str, path: str, body: Any) -> Any:
        """What somebody else does meanwhile."""
        address = f"{self.url}/v0/{path}"
        return requests.request(method, address, json=body, headers=_bearer(), timeout=10).json()


ORDERS = {
    "name": "Orders",
    "fields": [
        {"name": "Title", "type": "singleLineText"},
        {"name": "Amount", "type": "number", "options": {"precision": 0}},
        {
            "name": "Status",
            "type": "singleSelect",
            "options": {"choices": [{"name": "Open"}, {"name": "Done"}]},
        },
    ],
}


def _bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


class Stage:
    """The application of the current test, behind a server that is started once: a start takes longer."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Iterator[tuple[Stage, str]]:
    """The stage and its address."""
    stage = Stage()
    with TwinServer(stage) as url:
        yield stage, url


@pytest.fixture
def twin(stage: tuple[Stage, str]) -> Iterator[Twin]:
    server, url = stage
    with Store.open(":memory:") as store:
        server.app = create_app(store, tokens=AnyToken())
        body = {"name": "Shop", "workspaceId": "wspTestTestTest001", "tables": [ORDERS]}
        made = requests.post(f"{url}/v0/meta/bases", json=body, headers=_bearer(), timeout=10).json()
        yield Twin(url, made["id"], made["tables"][0]["id"])


class Recorded:
    """What the local Airtable was asked: each request with its body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.requests: list[tuple[str, str, bytearray]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()
        self.requests.append((scope["method"], scope["path"], body))

        async def listen() -> Any:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        await self._app(scope, listen, send)

    def bodies(self, method: str) -> list[Any]:
        return [json.loads(body) for asked, _, body in self.requests if asked == method]


@pytest.fixture
def recorded(stage: tuple[Stage, str], twin: Twin) -> Recorded:
    """What the local Airtable of this test is asked from now on."""
    server, _ = stage
    assert server.app is not None
    server.app = recorded = Recorded(server.app)
    return recorded


@pytest.fixture
async def shop(twin: Twin) -> AsyncIterator[PyAirtableGateway]:
    """A gateway to the local Airtable."""
    async with PyAirtableGateway(FixedEndpoint(Endpoint(twin.url, TOKEN)), rate_limit=None) as opened:
        yield opened
