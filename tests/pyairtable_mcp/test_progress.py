"""A call that lasts tells how far it is: in records where it is known how many are due, else in seconds."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest
from mcp import Client
from tests.pyairtable_mcp.guarded import in_one_task, over_http, sole_answers
from tests.pyairtable_mcp.plain import ERAS, plainly
from tests.pyairtable_mcp.test_hostile_arguments import sensible

import fields
from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway, MemoryJournal, RecordPage
from airtable_gateway.mirror.keeping import Keeping
from airtable_gateway.mirror.mirrors import Mirrors
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from formula import Compiled
from pyairtable_mcp import TOOLS, ToolContext, build_server
from pyairtable_mcp.analysis import csv_export, duplicates, profiles, sync_plan
from pyairtable_mcp.progress import ProgressTold
from pyairtable_mcp.serving import LateGateway, ServedGateway
from pyairtable_mcp.watching import Watchers

PLACE = {"base_id": "Work", "table_id": "Tasks"}
COPY = {
    "source_base_id": "Work",
    "source_table_id": "Tasks",
    "target_base_id": "Work",
    "target_table_id": "People",
    "key_field": "Name",
}
OFTEN = ProgressTold(every_seconds=0.002)
MORE: dict[str, dict[str, Any]] = {
    "evaluate_formula": PLACE,
    "validate_formula": PLACE,
    "batch_update_records": {"records": [{"id": "recTask0000000001", "fields": {"Name": "x"}}]},
    "update_table": {"description": "What was done"},
    "add_attachment": {"url": "https://example.com/a.png"},
}
"""Arguments with which these tools ask Airtable anything; without, nothing could slow them down."""


@dataclass(slots=True)
class Told:
    """What a client was told of one call, as progress, total and message."""

    all: list[tuple[float, float | None, str]] = field(default_factory=list)
    again: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, progress: float, total: float | None, message: str | None) -> None:
        """Hear of the progress."""
        self.all.append((progress, total, message or ""))
        self.again.set()

    @property
    def steps(self) -> list[float]:
        """The progress alone."""
        return [progress for progress, _, _ in self.all]

    @property
    def totals(self) -> set[float | None]:
        """All that was ever given as the total."""
        return {total for _, total, _ in self.all}


class Held:
    """Something that answers each question once the client was told of progress again."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.told: Told | None = None

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._inner.__aexit__(*exc)

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._inner, name)

        async def held(*args: Any, **kwargs: Any) -> Any:
            if self.told is not None:
                self.told.again.clear()
                await self.told.again.wait()
            return await asked(*args, **kwargs)

        return held


@dataclass(slots=True)
class Slow:
    """A server whose Airtable and whose journal are slow, and its client."""

    client: Client
    holds: tuple[Held, Held]

    async def call(self, tool: str, arguments: dict[str, Any]) -> Told:
        """What is told of this call. Raises TimeoutError when it is nothing at all."""
        told = Told()
        for hold in self.holds:
            hold.told = told
        async with asyncio.timeout(10):
            await self.client.call_tool(tool, arguments, progress_callback=told)
        for hold in self.holds:
            hold.told = None
        return told


@asynccontextmanager
async def slow(airtable: str, folder: Path, mode: str) -> AsyncIterator[Slow]:
    gateway = Held(PyAirtableGateway(FixedEndpoint(Endpoint(airtable, "patTest")), rate_limit=None))
    journal = Held(MemoryJournal())
    served: Any = ServedGateway(LateGateway(lambda: gateway), Watchers())
    async with JournaledGateway(served, journal) as journaled:
        context = ToolContext(journaled, exports=folder)
        server = build_server(context, tools=TOOLS, progress=OFTEN)
        async with Client(server, mode=mode) as client:
            yield Slow(client, (gateway, journal))


Calls = Callable[[str, dict[str, Any]], Awaitable[Told]]


@pytest.fixture(params=["auto", "legacy"])
def call(airtable: str, tmp_path: Path, request: pytest.FixtureRequest) -> Calls:
    """Calls a tool of a slow server, in either era."""

    async def call(tool: str, arguments: dict[str, Any]) -> Told:
        async with slow(airtable, tmp_path, request.param) as server:
            return await server.call(tool, arguments)

    return call


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_tool_tells_of_its_progress_when_it_lasts(
    airtable: str, tmp_path: Path, mode: str
) -> None:
    async with slow(airtable, tmp_path, mode) as server:
        steps = {
            tool.name: (await server.call(tool.name, sensible(tool) | MORE.get(tool.name, {}))).steps
            for tool in TOOLS
        }

    assert [tool for tool, told in steps.items() if not told] == []
    assert [tool for tool, told in steps.items() if told != sorted(set(told))] == []


async def test_a_batch_counts_the_records_that_are_done_with_out_of_those_that_are_due(call: Calls) -> None:
    records: list[dict[str, Any]] = [
        {"id": f"recTask{number:010}", "fields": {"Hours": 7}} for number in range(1, 26)
    ]
    records[14]["id"] = "recMissing0000000"

    told = await call("batch_update_records", PLACE | {"records": records})

    assert told.totals == {25}
    assert told.steps == sorted(set(told.steps))
    # Ten, then one by one because Airtable refuses ten, then the rest; between them signs of life.
    assert {10, 11, 14, 15, 20} <= set(told.steps)
    assert told.all[-1][:2] == (25, 25)
    assert "24 of 25 records written, 1 refused" in told.all[-1][2]


@pytest.mark.parametrize("tool", ["batch_create_records", "upsert_records", "delete_records"])
async def test_so_does_everything_that_writes_what_it_is_given(call: Calls, tool: str) -> None:
    rows = [{"Name": f"New {number}"} for number in range(12)]
    arguments: dict[str, dict[str, Any]] = {
        "batch_create_records": {"records": rows},
        "upsert_records": {"records": rows, "merge_on": ["Name"]},
        "delete_records": {"record_ids": [f"recTask{number:010}" for number in range(1, 13)]},
    }

    told = await call(tool, PLACE | arguments[tool])

    assert told.totals == {12}
    assert told.all[0][0] == 0
    if tool != "delete_records":  # which is refused until somebody agreed
        assert 10 in told.steps
        assert told.all[-1][:2] == (12, 12)


THINKING: dict[str, tuple[dict[str, Any], object, str]] = {
    "analyze_table_data": (PLACE, profiles, "profile_table"),
    "find_duplicates": (PLACE | {"fields": ["Name"]}, duplicates, "find"),
    "export_table_csv": (PLACE, csv_export, "export"),
    "convert_field_preview": (PLACE | {"field": "Name", "to_type": "number"}, fields, "convert_column"),
    "evaluate_formula": (PLACE | {"formula": "{Hours} + 1"}, Compiled, "map"),
    "sync_tables": (COPY, sync_plan, "plan"),
    "batch_create_records": (PLACE | {"records": [{"Name": "x"}] * 101}, fields, "check_records"),
}
"""Calls, and the function that thinks about all of their records."""


@pytest.mark.parametrize("tool", THINKING)
async def test_a_call_that_thinks_for_long_keeps_nobody_waiting(
    airtable: str, tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the client that waits for the progress, nor another one."""
    arguments, where, name = THINKING[tool]
    think, begun, others_served = getattr(where, name), threading.Event(), threading.Event()
    in_time = []

    def long(*args: Any, **kwargs: Any) -> Any:
        begun.set()
        in_time.append(others_served.wait(10))
        return think(*args, **kwargs)

    async def serve_others(progress: float, total: float | None, message: str | None) -> None:
        if begun.is_set():
            await client.call_tool("list_bases", {})
            others_served.set()

    monkeypatch.setattr(where, name, long)
    gateway = PyAirtableGateway(FixedEndpoint(Endpoint(airtable, "patTest")), rate_limit=None)
    server = build_server(ToolContext(gateway), tools=TOOLS, progress=OFTEN)
    async with gateway, Client(server) as client:
        answer = await client.call_tool(tool, arguments, progress_callback=serve_others)

    assert not answer.is_error
    assert in_time
    assert all(in_time)


async def test_what_is_only_tried_has_nothing_due(call: Calls) -> None:
    rows = [{"Name": f"New {number}"} for number in range(12)]

    told = await call("batch_create_records", PLACE | {"records": rows, "dry_run": True})

    assert told.totals == {None}


async def test_the_measure_stays_what_it_was_at_first(call: Calls) -> None:
    """A sync has read two tables before it knows what is due."""
    told = await call("sync_tables", COPY | {"dry_run": False})

    assert told.totals == {None}
    assert told.steps == sorted(set(told.steps))
    assert "32 records read" in told.all[-1][2]
    assert "of 30 records written" in told.all[-1][2]


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_that_wants_no_progress_is_sent_none(airtable: str, era: str) -> None:
    gateway = Delayed(FixedEndpoint(Endpoint(airtable, "patTest")), rate_limit=None)
    server = build_server(ToolContext(gateway), progress=OFTEN)
    app = server.streamable_http_app()
    async with (
        gateway,
        sole_answers(),
        in_one_task(server.session_manager.run()),
        over_http(app) as url,
        plainly(f"{url}/mcp", era) as plain,
    ):
        answer = await plain.call("get_records", PLACE)
        other = await plain.call("get_records", PLACE, progressToken="p")

    # A notification before the answer would have made a stream of it.
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["result"]["structuredContent"]["total"] == 30
    assert other.headers["content-type"] == "text/event-stream"
    assert "notifications/progress" in other.text


@pytest.mark.parametrize("era", ERAS)
async def test_an_answer_that_comes_at_once_comes_alone(airtable: str, era: str) -> None:
    gateway = PyAirtableGateway(FixedEndpoint(Endpoint(airtable, "patTest")), rate_limit=None)
    server = build_server(ToolContext(gateway), progress=ProgressTold(every_seconds=600))
    app = server.streamable_http_app()
    async with (
        gateway,
        sole_answers(),
        in_one_task(server.session_manager.run()),
        over_http(app) as url,
        plainly(f"{url}/mcp", era) as plain,
    ):
        answer = await plain.call(
            "batch_create_records", PLACE | {"records": [{"Name": "New"}]}, progressToken="p"
        )

    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["result"]["structuredContent"]["message"] == "1 created"


class Delayed(PyAirtableGateway):
    """Gives a page after many turns of the event loop, more than a call needs to tell of its progress."""

    async def page(self, *args: Any, **kwargs: Any) -> RecordPage:
        """See `RecordReader.page`."""
        await asyncio.sleep(20 * OFTEN.every_seconds)
        return await super().page(*args, **kwargs)


class SlowPages(PyAirtableGateway):
    """Gives each page once the client was told of progress again."""

    told = Told()

    async def page(self, *args: Any, **kwargs: Any) -> RecordPage:
        """See `RecordReader.page`."""
        self.told.again.clear()
        await self.told.again.wait()
        return await super().page(*args, **kwargs)


async def test_the_first_local_copy_of_a_base_tells_what_it_has_read(airtable: str, tmp_path: Path) -> None:
    endpoint = FixedEndpoint(Endpoint(airtable, "patTest"))
    mirrors = Mirrors(tmp_path, keeping=Keeping(pause_seconds=3600))
    gateway = SlowPages(endpoint, rate_limit=None, ports=Ports(mirrors=mirrors))
    async with (
        gateway,
        mirrors,
        Client(build_server(ToolContext(gateway), tools=TOOLS, progress=OFTEN)) as client,
    ):
        gateway.told = told = Told()
        query = {"base_id": "Work", "sql": "SELECT count(*) FROM Tasks"}
        answer = await client.call_tool("query_mirror", query, progress_callback=told)

    assert not answer.is_error
    assert any(" s: 2 records read" in message for _, _, message in told.all), (
        "People, while Tasks is awaited"
    )
