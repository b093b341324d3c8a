"""A call that its client cancels stops where it is: what was done is known, the rest is never sent."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from mcp import Client
from mcp.types import ElicitResult
from starlette.types import ASGIApp, Receive, Scope, Send

from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway, MemoryJournal
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, create_app
from pyairtable_mcp import TOOLS, ToolContext, build_server

TASKS = [f"recTask{number:010}" for number in range(1, 31)]
PLACE = {"base_id": "Work", "table_id": "Tasks"}

CALLS: dict[str, dict[str, Any]] = {
    "batch_update_records": {"records": [{"id": task, "fields": {"Hours": 77}} for task in TASKS]},
    "batch_create_records": {"records": [{"Name": f"New {number}"} for number in range(30)]},
    "upsert_records": {
        "records": [{"Name": f"Task {number}", "Hours": 77} for number in range(1, 31)],
        "merge_on": ["Name"],
    },
    "delete_records": {"record_ids": TASKS},
}
"""Three requests of ten records each."""


class SecondWriteWaits:
    """Lets the second write wait until it is released; counts the writes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.writes = 0
        self.reached = threading.Event()
        self.released = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        is_write = scope["method"] in {"PATCH", "DELETE"} or (
            scope["method"] == "POST" and not scope["path"].endswith("/listRecords")
        )
        self.writes += is_write
        if is_write and self.writes == 2:
            self.reached.set()
            await asyncio.to_thread(self.released.wait, 20)
        await self._app(scope, receive, send)


@pytest.fixture
def waiting(store: Store) -> SecondWriteWaits:
    return SecondWriteWaits(create_app(store, tokens=AnyToken()))


@pytest.fixture
def slow_airtable(waiting: SecondWriteWaits) -> Iterator[str]:
    with TwinServer(waiting) as url:
        yield url
        waiting.released.set()


async def agree(_: Any, __: Any) -> ElicitResult:
    return ElicitResult(action="accept", content={"agreed": True})


ASKED: dict[str, Any] = {"elicitation_callback": agree}


async def cells(client: Client) -> dict[str, Any]:
    found = await client.call_tool("get_records", PLACE | {"max_records": 200, "fields": ["Name", "Hours"]})
    assert not found.is_error
    return {record["id"]: record["fields"] for record in (found.structured_content or {})["records"]}


def told(records: dict[str, Any], ids: Sequence[str]) -> list[str]:
    """What stands in these records now; those that came back after a deletion have new ids."""
    names = {f"Task {int(record_id[7:])}" for record_id in ids}
    return sorted(str(fields) for fields in records.values() if fields["Name"] in names)


async def changes(client: Client) -> list[dict[str, Any]]:
    listed = await client.call_tool("list_changes", {"base_id": "Work"})
    return list((listed.structured_content or {})["changes"])


@pytest.mark.parametrize("mode", ["legacy", "auto"])
@pytest.mark.parametrize("tool", CALLS)
async def test_a_cancelled_write_sends_nothing_more_and_can_be_taken_back(
    slow_airtable: str, waiting: SecondWriteWaits, mode: str, tool: str
) -> None:
    endpoint = FixedEndpoint(Endpoint(slow_airtable, "patTest"))
    gateway = JournaledGateway(PyAirtableGateway(endpoint, rate_limit=None), MemoryJournal())
    async with gateway:
        server = build_server(ToolContext(gateway, endpoints=endpoint), tools=TOOLS)
        async with Client(server, mode=mode, **ASKED) as client:
            before = await cells(client)
            call = asyncio.create_task(client.call_tool(tool, PLACE | CALLS[tool]))
            await asyncio.to_thread(waiting.reached.wait, 20)
            call.cancel()
            await asyncio.wait([call])
            assert call.cancelled()
            waiting.released.set()

            second, first = await changes(client)
            assert (first["state"], second["state"]) == ("applied", "unknown")
            assert waiting.writes == 2, "the third request of the call was sent"

            undone = await client.call_tool("undo_change", {"change_id": first["id"]})
            assert not undone.is_error, undone
            after = await cells(client)
            assert told(after, TASKS[:10]) == told(before, TASKS[:10])
            assert told(after, TASKS[20:]) == told(before, TASKS[20:])
            assert not any(fields["Name"] == "New 0" for fields in after.values())
