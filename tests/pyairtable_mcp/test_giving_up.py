"""A client that gives a call up from afar, over HTTP and stdio: the work stops, and the rest goes on."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.pyairtable_mcp.guarded import Plan, guarded
from tests.pyairtable_mcp.plain import SESSIONS, STATELESS, Plain, plainly

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document
from pyairtable_mcp.observing import Seen

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))
TASKS = [f"recTask{number:010}" for number in range(1, 351)]
PLACE = {"base_id": "Work", "table_id": "Tasks"}
COPY = {
    "source_base_id": "Work",
    "source_table_id": "Tasks",
    "target_base_id": "Work",
    "target_table_id": "Copies",
    "key_field": "Name",
    "dry_run": False,
}
CALLS: dict[str, dict[str, Any]] = {
    "get_records": PLACE | {"max_records": 350},
    "search_records": PLACE | {"query": "Task", "max_records": 350},
    "batch_update_records": PLACE
    | {"records": [{"id": task, "fields": {"Name": f"New {task}"}} for task in TASKS[:30]]},
    "sync_tables": COPY,
}
"""Each asks Airtable for far more than two pages, or writes far more than two tens."""
WRITES = ("batch_update_records", "sync_tables")


def _table(name: str, number: int) -> dict[str, Any]:
    field = {"id": f"fldName000000000{number}", "name": "Name", "type": "singleLineText"}
    view = {"id": f"viwGrid000000000{number}", "name": "Grid view", "type": "grid"}
    table_id = f"tbl{name:0<14}"
    return {"id": table_id, "name": name, "primaryFieldId": field["id"], "fields": [field], "views": [view]}


TABLES = [_table("Tasks", 1), _table("Copies", 2)]
BASE = {
    "id": "appWork0000000001",
    "name": "Work",
    "tables": TABLES,
    "records": {
        TABLES[0]["id"]: [{"id": task, "fields": {"Name": f"Task {task}"}} for task in TASKS],
    },
}


class SecondWaits:
    """An Airtable that holds the second read of a page, or the second write, until it is let go."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.url = ""
        self.hold("reads")

    def hold(self, kind: str) -> None:
        """Begin to count anew, what is of that kind."""
        self._kind = kind
        self.asked = 0
        self.reached = threading.Event()
        self.released = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if _kind(scope) == self._kind:
            self.asked += 1
            if self.asked == 2:
                self.reached.set()
                await asyncio.to_thread(self.released.wait, 20)
        await self._app(scope, receive, send)


def _kind(scope: Scope) -> str:
    if "/meta/" in scope["path"] or "/appWork" not in scope["path"]:
        return "other"
    reads = scope["method"] == "GET" or scope["path"].endswith("/listRecords")
    return "reads" if reads else "writes"


@pytest.fixture
def airtable() -> Iterator[SecondWaits]:
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": [BASE]})
        held = SecondWaits(create_app(store, tokens=AnyToken()))
        with TwinServer(held) as url:
            held.url = url
            yield held
            held.released.set()


async def reached(airtable: SecondWaits, call: "asyncio.Task[Any]") -> None:
    """Return when the second request waits. Raises AssertionError when the call ends before."""
    waiting = asyncio.create_task(asyncio.to_thread(airtable.reached.wait, 20))
    await asyncio.wait([waiting, call], return_when=asyncio.FIRST_COMPLETED)
    assert not call.done(), call.result()
    await waiting


async def changes(client: Client) -> list[str]:
    """The state of each change, the newest first, with the number of its records where it is known."""
    listed = await client.call_tool("list_changes", {"base_id": "Work"})
    assert not listed.is_error
    rows = (listed.structured_content or {})["changes"]
    # Nobody knows which records were made when the answer is lost.
    return [f"{row['records']} applied" if row["state"] == "applied" else row["state"] for row in rows]


class Ended:
    """Hears of the calls that ended, and how."""

    def __init__(self) -> None:
        self._seen: asyncio.Queue[Seen] = asyncio.Queue()

    def saw(self, call: Seen) -> None:
        """See `Observer.saw`."""
        self._seen.put_nowait(call)

    async def outcome_of(self, tool: str) -> str:
        """How the next call of that tool ended."""
        async with asyncio.timeout(20):
            while (seen := await self._seen.get()).tool != tool:
                pass
        return seen.outcome


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("tool", CALLS)
async def test_over_http_the_work_stops_and_the_connection_stays(
    airtable: SecondWaits, tool: str, mode: str
) -> None:
    """By closing the stream of the call, and in a session by the word of the protocol."""
    ended = Ended()
    async with (
        guarded(airtable.url, Plan(observers=(ended,))) as server,
        server.client("ada", mode) as client,
    ):
        airtable.hold("writes" if tool in WRITES else "reads")
        call = asyncio.create_task(client.call_tool(tool, CALLS[tool]))
        await reached(airtable, call)
        call.cancel()
        outcome = await ended.outcome_of(tool)
        airtable.released.set()
        written = await changes(client)
        listed = await client.call_tool("list_bases", {})

    assert outcome == "cancelled"
    assert written == (["unknown", "10 applied"] if tool in WRITES else [])
    assert not listed.is_error
    assert airtable.asked == 2, "what was left of the call was asked for still"
    assert call.cancelled()


@asynccontextmanager
async def stdio(airtable: SecondWaits, folder: Path, mode: str) -> AsyncIterator[Client]:
    """A client of the server as a program starts it."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "COVERAGE_PROCESS_START") if name in os.environ
    }
    env = {
        **kept,
        "DATA_DIR": str(folder),
        "AIRTABLE_ENDPOINT_URL": airtable.url,
        "AIRTABLE_TOKEN": "patTest",
        "AIRTABLE_RATE_LIMIT": "off",
    }
    server = StdioServerParameters(command=COMMAND, args=["stdio"], env=env)
    async with Client(server, mode=mode) as client:
        yield client


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_over_stdio_the_work_stops_and_the_connection_stays(
    airtable: SecondWaits, tmp_path: Path, mode: str
) -> None:
    """One process for all of the calls: each finds the connection as good as the one before."""
    asked = {}
    async with stdio(airtable, tmp_path, mode) as client:
        for tool, arguments in CALLS.items():
            airtable.hold("writes" if tool in WRITES else "reads")
            call = asyncio.create_task(client.call_tool(tool, arguments))
            await reached(airtable, call)
            call.cancel()
            await asyncio.wait([call])
            # Messages of one pipe are taken in turn: with this answer, the word of the end has arrived too.
            assert not (await client.call_tool("list_bases", {})).is_error
            airtable.released.set()
            written = await changes(client)
            asked[tool] = airtable.asked

    assert asked == dict.fromkeys(CALLS, 2)
    assert written == ["unknown", "10 applied"] * 2


@asynccontextmanager
async def in_front_of(airtable: SecondWaits, ended: Ended, era: str) -> AsyncIterator[Plain]:
    """A plain client of a server in front of that Airtable."""
    async with (
        guarded(airtable.url, Plan(observers=(ended,))) as server,
        plainly(f"{server.url}/mcp", era, bearer="key-of-ada") as plain,
    ):
        yield plain


async def test_a_stream_that_is_closed_before_anything_was_sent_ends_its_call(airtable: SecondWaits) -> None:
    """The answer is held until it is known whether it comes alone; the client may leave before."""
    ended = Ended()
    async with in_front_of(airtable, ended, STATELESS) as plain:
        airtable.hold("writes")
        call = asyncio.create_task(plain.call("sync_tables", COPY))
        await reached(airtable, call)
        call.cancel()
        outcome = await ended.outcome_of("sync_tables")
        airtable.released.set()

    assert outcome == "cancelled"
    assert airtable.asked == 2


async def test_in_a_session_a_lost_stream_is_no_word_of_the_client(airtable: SecondWaits) -> None:
    """Spec 2025-11-25, "Sending Messages": a disconnection is not to be taken for a cancellation."""
    ended = Ended()
    async with in_front_of(airtable, ended, SESSIONS) as plain:
        airtable.hold("writes")
        call = asyncio.create_task(plain.call("batch_update_records", CALLS["batch_update_records"]))
        await reached(airtable, call)
        call.cancel()
        await asyncio.wait([call])
        between = await plain.call("list_bases", {})
        airtable.released.set()
        outcome = await ended.outcome_of("batch_update_records")

    assert between.status_code == 200
    assert outcome == "ok"
    assert airtable.asked == 3
