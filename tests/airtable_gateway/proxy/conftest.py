"""The proxy in front of the local Airtable with a field of every type, and what that Airtable answered."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
import requests

from airtable_gateway import (
    Author,
    Change,
    Endpoint,
    FixedEndpoint,
    ForeignChanges,
    JournaledGateway,
    MemoryJournal,
)
from airtable_gateway.proxy import Keys, create_proxy
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, create_app, export_document, import_document

TOKEN = "patTestTestTest.0123456789"
BASE = "appGallery0000000"
_GALLERY = Path(__file__).parents[2] / "clients" / "gallery.json"


class Answering:
    """The local Airtable; keeps the last answer as it gave it."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.said = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        said = bytearray()

        async def tell(message: Any) -> None:
            said.extend(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, tell)
        self.said = bytes(said)


@dataclass(slots=True)
class Airtable:
    """The Airtable behind the proxy."""

    url: str
    app: Answering
    store: Store
    opened: ExitStack

    def export(self) -> dict[str, Any]:
        return dict(export_document(self.store)["bases"][0])

    def begin_anew(self) -> None:
        """All is as it was before the test."""
        self.store = _gallery(self.opened)
        self.app.app = create_app(self.store, tokens=AnyToken())

    def comments(self, table: str, record: str) -> Any:
        """The comments of the record."""
        said = self.app.said
        _, answer = self.straight("GET", f"{BASE}/{table}/{record}/comments")
        self.app.said = said
        return json.loads(answer)["comments"]

    def straight(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Status and answer without the proxy."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = requests.request(method, f"{self.url}/v0/{path}", json=body, headers=headers, timeout=10)
        return answer.status_code, answer.content


@dataclass(slots=True)
class Proxy:
    """A client of the proxy, by name, and the journal behind it."""

    client: httpx2.AsyncClient
    gateway: JournaledGateway
    heard: list[ForeignChanges] = field(default_factory=list)

    async def ask(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        headers = {"Authorization": "Bearer key1", "Content-Type": "application/json"}
        return await self.client.request(method, f"http://here/v0/{path}", content=content, headers=headers)

    async def changes(self) -> list[Change]:
        return list((await self.gateway.changes()).changes)


@pytest.fixture
def airtable(stage: Any) -> Iterator[Airtable]:
    server, url = stage
    with ExitStack() as opened:
        store = _gallery(opened)
        server.app = Answering(create_app(store, tokens=AnyToken()))
        yield Airtable(url, server.app, store, opened)


def _gallery(opened: ExitStack) -> Store:
    store = opened.enter_context(Store.open(":memory:"))
    import_document(store, json.loads(_GALLERY.read_text(encoding="utf-8")))
    return store


@pytest.fixture
async def proxy(airtable: Airtable) -> AsyncIterator[Proxy]:
    inner = PyAirtableGateway(FixedEndpoint(Endpoint(airtable.url, TOKEN)), rate_limit=None)
    heard: list[ForeignChanges] = []

    async def hear(changes: ForeignChanges) -> None:
        heard.append(changes)

    async with JournaledGateway(inner, MemoryJournal(), settling_seconds=0) as gateway:
        app = create_proxy(
            lambda name: gateway.signed(Author(name, "Web API")), inner, Keys({"ada": "key1"}), hear
        )
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app)) as client:
            yield Proxy(client, gateway, heard)
