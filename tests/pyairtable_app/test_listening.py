"""PUBLIC_URL: Airtable tells this process what others change, and clients of MCP hear of it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn
from mcp import Client
from mcp.shared.subscriptions import ResourceUpdated

from airtable_gateway import RecordQuery
from airtable_gateway.listening import HOOKS
from local_twins.airtable import AnyToken, Store, TwinServer, create_app, deliveries
from pyairtable_app.edge import MetricsPage, create_edge
from pyairtable_app.roles import GATEWAY
from pyairtable_app.settings import Settings
from pyairtable_app.wiring import Wiring
from pyairtable_mcp.resources import records_uri

BASE, TABLE = "Shop", "Tasks"
TASKS = {"name": TABLE, "fields": [{"name": "Title", "type": "singleLineText"}]}


@pytest.fixture
def airtable() -> Iterator[str]:
    shop = {"name": BASE, "workspaceId": "wspTestTestTest001", "tables": [TASKS]}
    with (
        Store.open(":memory:") as store,
        deliveries(store, allow_private_urls=True),
        TwinServer(create_app(store, tokens=AnyToken())) as url,
    ):
        ask(url, "POST", "meta/bases", shop)
        yield url


def process(airtable: str, folder: Path, **more: str) -> Wiring:
    """The parts of a process."""
    settings = {
        "AIRTABLE_ENDPOINT_URL": airtable,
        "AIRTABLE_API_KEY": "patAny",
        "AIRTABLE_RATE_LIMIT": "off",
        "CACHE": "memory",
        "DATA_DIR": str(folder),
    }
    return Wiring(Settings.from_env(settings | more), is_watched=True)


@pytest.fixture
async def served(
    airtable: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[tuple[Wiring, str]]:
    """The parts of a process that Airtable can reach, and its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    shared = {"REDIS_URL": request.getfixturevalue("redis_server")} if hasattr(request, "param") else {}
    wiring = process(airtable, tmp_path, PUBLIC_URL=f"{url}/", **shared)
    assert wiring.receiver is not None
    edge = create_edge({GATEWAY: wiring.proxy}, wiring.running, MetricsPage(), {HOOKS: wiring.receiver})
    server = uvicorn.Server(uvicorn.Config(edge, log_level="warning", lifespan="on"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.01)
    yield wiring, url
    server.should_exit = True
    await serving


def ask(airtable: str, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": "Bearer patAny"}
    return requests.request(method, f"{airtable}/v0/{path}", json=body, headers=headers, timeout=10).json()


async def webhooks(airtable: str, base: str) -> list[Any]:
    """Those of the base, as soon as there are any."""
    while True:
        told = await asyncio.to_thread(ask, airtable, "GET", f"bases/{base}/webhooks")
        if told["webhooks"]:
            return list(told["webhooks"])
        await asyncio.sleep(0.01)


async def test_a_client_of_mcp_hears_of_what_somebody_else_wrote(
    served: tuple[Wiring, str], airtable: str, tmp_path: Path
) -> None:
    wiring, url = served
    base = (await wiring.gateway.schema(BASE)).id
    watched = records_uri(BASE, TABLE)
    await wiring.gateway.page(BASE, TABLE, RecordQuery(max_records=1))
    hooks = await webhooks(airtable, base)

    async with Client(wiring.mcp) as client, client.listen(resource_subscriptions=[watched]) as events:
        await asyncio.to_thread(ask, airtable, "POST", f"{base}/{TABLE}", {"fields": {}})
        event = await asyncio.wait_for(anext(aiter(events)), 10)

    assert event == ResourceUpdated(uri=watched)
    assert [hook["notificationUrl"] for hook in hooks] == [f"{url}{HOOKS}/{base}"]
    assert (tmp_path / "webhooks.json").exists()


@pytest.mark.parametrize("served", ["over redis"], indirect=True)
@pytest.mark.parametrize("how", ["past us", "through the role gateway"])
async def test_a_client_of_another_process_hears_of_it_over_redis(
    served: tuple[Wiring, str], airtable: str, redis_server: str, tmp_path: Path, how: str
) -> None:
    ours, url = served
    theirs = process(airtable, tmp_path / "theirs", REDIS_URL=redis_server)
    base = (await ours.gateway.schema(BASE)).id
    await webhooks(airtable, base)
    watched = records_uri(BASE, TABLE)
    place = airtable if how == "past us" else f"{url}/airtable"

    async def write() -> None:
        """Until it is heard: a process hears the others some moments after it has begun."""
        upsert = {"records": [{"fields": {"Title": "A"}}], "performUpsert": {"fieldsToMergeOn": ["Title"]}}
        while True:
            await asyncio.to_thread(ask, place, "PUT", f"{base}/{TABLE}", upsert)
            await asyncio.sleep(0.1)

    async with (
        theirs.running(),
        Client(theirs.mcp) as client,
        client.listen(resource_subscriptions=[watched]) as events,
    ):
        writing = asyncio.create_task(write())
        event = await asyncio.wait_for(anext(aiter(events)), 10)
        writing.cancel()

    assert event == ResourceUpdated(uri=watched)
    assert not (tmp_path / "webhooks.json").exists()


async def test_the_receiver_needs_no_key_and_takes_nothing_unsigned(served: tuple[Wiring, str]) -> None:
    _, url = served

    answers = [
        await asyncio.to_thread(requests.request, method, f"{url}{HOOKS}/appTestTestTest01", timeout=10)
        for method in ("POST", "GET")
    ]

    assert [answer.status_code for answer in answers] == [403, 405]


def test_nothing_listens_without_a_public_address(tmp_path: Path) -> None:
    settings = Settings.from_env({"DATA_DIR": str(tmp_path)})

    assert Wiring(settings, is_watched=True).receiver is None
