"""Who subscribes to a resource is told of what others change in Airtable, in both eras of the protocol."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPDeprecationWarning, MCPError
from mcp.server import MCPServer
from mcp.types import ResourceUpdatedNotification

from airtable_gateway import Endpoint, FixedEndpoint, Gateway, RecordChange
from airtable_gateway.mirror.keeping import Keeping
from airtable_gateway.mirror.kept import KeptMirror
from airtable_gateway.mirror.mirrors import Mirrors
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import ListedTokens, Store, TwinServer, create_app
from pyairtable_mcp import AllowedGateway, AllowList, ToolContext, build_server
from pyairtable_mcp.resources import records_uri, schema_uri
from pyairtable_mcp.serving import LateGateway, ServedGateway
from pyairtable_mcp.subscribing.sessions import MOST
from pyairtable_mcp.watching import Watchers

TASK = "recTask0000000001"
TASKS, PEOPLE, SCHEMA = records_uri("Work", "Tasks"), records_uri("Work", "People"), schema_uri("Work")
_SCOPES = ["data.records:read", "data.records:write", "schema.bases:read", "schema.bases:write"]
_TOKENS = ListedTokens(
    {
        "patAll": {"user": "usrLocalDeveloper"},
        "patNoHooks": {"user": "usrLocalDeveloper", "scopes": _SCOPES},
    }
)


@pytest.fixture
def url(store: Store) -> Any:
    """An Airtable with the base Work."""
    with TwinServer(create_app(store, tokens=_TOKENS)) as url:
        yield url


@pytest.fixture
async def somebody(url) -> AsyncIterator[PyAirtableGateway]:
    """Who changes the base from elsewhere."""
    async with PyAirtableGateway(FixedEndpoint(Endpoint(url, "patAll")), rate_limit=None) as gateway:
        yield gateway


class Side:
    """A server with mirrors that look often, its gateway, and its bus."""

    def __init__(self, direct: PyAirtableGateway, gateway: Gateway, watchers: Watchers) -> None:
        self.direct = direct
        self.server: MCPServer[Any] = build_server(ToolContext(gateway), watchers=watchers)

    async def mirror(self) -> KeptMirror:
        mirror = await self.direct.mirror("Work")
        assert isinstance(mirror, KeptMirror)
        return mirror


@asynccontextmanager
async def serving(
    url: str,
    folder: Path | None,
    *,
    token: str = "patAll",
    allowed: AllowList | None = None,
    watchers: Watchers | None = None,
) -> AsyncIterator[Side]:
    """A server; without a folder, one that keeps no mirrors."""
    async with AsyncExitStack() as stack:
        keeping = Keeping(pause_seconds=0.05, sweep_seconds=0)
        mirrors = Mirrors(folder, keeping=keeping) if folder else None
        direct = PyAirtableGateway(
            FixedEndpoint(Endpoint(url, token)), rate_limit=None, ports=Ports(mirrors=mirrors)
        )
        inner = AllowedGateway(direct, allowed) if allowed else direct
        watchers = watchers or Watchers()
        choice = LateGateway(lambda: inner)
        gateway = await stack.enter_async_context(ServedGateway(choice, watchers))
        await choice.gateway("read")
        if mirrors is not None:
            await stack.enter_async_context(mirrors)
        yield Side(direct, gateway, watchers)


@asynccontextmanager
async def subscribed(server: Any, mode: str, *uris: str) -> AsyncIterator["asyncio.Queue[str]"]:
    """The addresses that a client is told of, as they come."""
    told: asyncio.Queue[str] = asyncio.Queue()

    async def note(message: Any) -> None:
        if isinstance(message, ResourceUpdatedNotification):
            told.put_nowait(message.params.uri)

    if mode == "legacy":
        async with Client(server, mode="legacy", message_handler=note) as client:
            for uri in uris:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", MCPDeprecationWarning)
                    await client.subscribe_resource(uri)
            yield told
        return
    async with Client(server) as client, client.listen(resource_subscriptions=list(uris)) as events:

        async def collect() -> None:
            async for event in events:
                told.put_nowait(getattr(event, "uri", ""))

        collecting = asyncio.create_task(collect())
        yield told
        collecting.cancel()
        await asyncio.gather(collecting, return_exceptions=True)


async def told_next(told: "asyncio.Queue[str]") -> str:
    async with asyncio.timeout(20):
        return await told.get()


async def copied(side: Side) -> None:
    """Return when the copy is there, so that what changes from now on is news."""
    await (await side.mirror()).refresh()


CHANGES: dict[str, tuple[Callable[[PyAirtableGateway], Any], str]] = {
    "created": (lambda other: other.create("Work", "Tasks", [{"Name": "New"}]), TASKS),
    "updated": (lambda other: other.update("Work", "Tasks", [RecordChange(TASK, {"Name": "X"})]), TASKS),
    "deleted": (lambda other: other.delete("Work", "Tasks", [TASK]), TASKS),
    "reshaped": (lambda other: other.create_field("Work", "People", "Age", "singleLineText"), SCHEMA),
}


@pytest.mark.parametrize("token", ["patAll", "patNoHooks"])
@pytest.mark.parametrize("kind", CHANGES)
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_who_subscribes_is_told_of_what_somebody_else_changes(
    url, tmp_path, somebody, mode, kind, token
):
    change, uri = CHANGES[kind]
    async with (
        serving(url, tmp_path, token=token) as side,
        subscribed(side.server, mode, TASKS, PEOPLE, SCHEMA) as told,
    ):
        await copied(side)
        await change(somebody)

        assert await told_next(told) == uri


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_who_subscribes_is_told_of_writes_through_the_server_without_any_mirror(url, mode):
    async with serving(url, None) as side, subscribed(side.server, mode, PEOPLE, TASKS) as told:
        async with Client(side.server) as writer:
            arguments = {"base_id": "Work", "table_id": "Tasks", "fields": {"Name": "New"}}
            await writer.call_tool("create_record", arguments)

        assert await told_next(told) == TASKS


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_mirror_works_from_the_first_subscription_to_the_last(url, tmp_path, mode):
    async def subscribe(uri: str, leave: asyncio.Event) -> None:
        async with subscribed(side.server, mode, uri):
            await leave.wait()

    async with serving(url, tmp_path) as side:
        mirror = await side.mirror()
        used = [mirror.is_used]
        leaves = [asyncio.Event(), asyncio.Event()]
        clients = [
            asyncio.create_task(subscribe(uri, leave))
            for uri, leave in zip((TASKS, PEOPLE), leaves, strict=True)
        ]
        await until(lambda: mirror.users == 2)
        leaves[0].set()
        await clients[0]
        used.append(mirror.is_used)
        leaves[1].set()
        await clients[1]
        used.append(mirror.is_used)

    assert used == [False, True, False]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)


async def test_who_unsubscribes_is_told_no_more(url, tmp_path):
    async with serving(url, tmp_path) as side:
        mirror = await side.mirror()
        async with Client(side.server, mode="legacy") as client:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", MCPDeprecationWarning)
                await client.subscribe_resource(TASKS)
                await until(lambda: mirror.is_used)
                await client.unsubscribe_resource(TASKS)

            assert not mirror.is_used


@pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")
async def test_a_subscription_too_many_is_refused_with_the_limit(url):
    others = [f"airtable://formula/functions/{number}" for number in range(MOST - 1)]
    async with serving(url, None) as side, Client(side.server, mode="legacy") as client:
        for uri in [*others, TASKS]:
            await client.subscribe_resource(uri)
        with pytest.raises(MCPError, match=f"told of {MOST} resources at most"):
            await client.subscribe_resource(PEOPLE)
        await client.subscribe_resource(TASKS)
        await client.unsubscribe_resource(others[0])
        await client.subscribe_resource(PEOPLE)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_both_eras_are_told_that_resources_can_be_subscribed_to(url, tmp_path, mode):
    async with serving(url, tmp_path) as side, Client(side.server, mode=mode) as client:
        assert client.server_capabilities.resources is not None
        assert client.server_capabilities.resources.subscribe


async def test_what_the_caller_cannot_see_is_left_out_of_the_subscription(url, tmp_path):
    allowed = AllowList(tables=("Tasks",))
    wanted = [TASKS, PEOPLE, records_uri("Elsewhere", "Tasks"), "airtable://formula/functions"]
    async with (
        serving(url, tmp_path, allowed=allowed) as side,
        Client(side.server) as client,
        client.listen(resource_subscriptions=wanted) as events,
    ):
        honored = events.honored.resource_subscriptions

    assert honored == [TASKS, "airtable://formula/functions"]


async def test_news_of_one_credential_reach_nobody_who_subscribed_with_another(url, tmp_path, somebody):
    shared = Watchers()
    async with (
        serving(url, tmp_path, watchers=shared) as side,
        serving(url, None, watchers=shared) as other,
        subscribed(side.server, "auto", TASKS) as told,
        subscribed(other.server, "auto", TASKS) as told_other,
    ):
        await copied(side)
        await somebody.create("Work", "Tasks", [{"Name": "New"}])

        assert await told_next(told) == TASKS
        assert told_other.empty()
