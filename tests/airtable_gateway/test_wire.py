"""Threads, connections and endpoints: bounded, found again when lost, usable after a cancellation."""

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from airtable_gateway import Endpoint, FixedEndpoint, Gateway, NothingListens, RecordQuery, Unreachable
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from airtable_gateway.transport.connection import Connection

if TYPE_CHECKING:
    from pathlib import Path

    from tests.airtable_gateway.conftest import FakeTime, ScriptedAirtable

BASE, TABLE, RECORD, FIELD = (
    "appTestTestTest01",
    "tblTestTestTest01",
    "recTestTestTest01",
    "fldTestTestTest01",
)
PAGE = f"/v0/{BASE}/{TABLE}"
MODEL = {"id": RECORD, "createdTime": "2026-01-01T00:00:00.000Z", "fields": {}}
EMPTY: dict[str, Any] = {"records": []}
TOKEN = "patTestTestTest.0123456789"
NOWHERE = Endpoint("http://127.0.0.1:1", TOKEN)


class Moving:
    """An endpoint source whose first places have gone."""

    def __init__(self, *places: Endpoint) -> None:
        self._places = list(places)
        self.losses = 0

    async def endpoint(self) -> Endpoint:
        return self._places[0]

    async def lost(self, endpoint: Endpoint) -> bool:
        self.losses += 1
        self._places.remove(endpoint)
        return bool(self._places)


@pytest.fixture
def moving(airtable: "ScriptedAirtable") -> Moving:
    return Moving(NOWHERE, Endpoint(airtable.url, TOKEN))


async def test_a_read_and_a_write_follow_an_endpoint_that_moved(
    airtable: "ScriptedAirtable", moving: Moving
) -> None:
    airtable.on(f"POST {PAGE}", {"records": [MODEL]})

    async with PyAirtableGateway(moving, rate_limit=None) as gateway:
        [record] = await gateway.create(BASE, TABLE, [{FIELD: 1}])

    assert record.id == RECORD
    assert airtable.count(f"POST {PAGE}") == 1


async def test_many_who_lose_an_endpoint_ask_for_the_next_one_once(
    airtable: "ScriptedAirtable", moving: Moving
) -> None:
    airtable.on(f"GET {PAGE}", EMPTY)

    async with PyAirtableGateway(moving, rate_limit=None) as gateway:
        await asyncio.gather(*(gateway.page(BASE, TABLE, RecordQuery()) for _ in range(10)))

    assert moving.losses == 1


async def test_an_endpoint_is_looked_for_once_an_attempt(time: "FakeTime") -> None:
    places = [Endpoint(f"http://127.0.0.1:{port}", TOKEN) for port in range(1, 11)]
    moving = Moving(*places)

    async with PyAirtableGateway(moving, rate_limit=None, ports=Ports(clock=time.clock)) as gateway:
        with pytest.raises(NothingListens, match=r"127\.0\.0\.1:6"):
            await gateway.create(BASE, TABLE, [{FIELD: 1}])

    # Five attempts, each of which moves on once.
    assert moving.losses == 5


async def test_a_lost_answer_is_no_lost_endpoint(airtable: "ScriptedAirtable", time: "FakeTime") -> None:
    airtable.on(f"POST {PAGE}", "drop")
    moving = Moving(Endpoint(airtable.url, TOKEN), NOWHERE)

    async with PyAirtableGateway(moving, rate_limit=None, ports=Ports(clock=time.clock)) as gateway:
        with pytest.raises(Unreachable):
            await gateway.create(BASE, TABLE, [{FIELD: 1}])

    assert moving.losses == 0


async def test_a_cancelled_call_leaves_its_thread_to_others_when_it_ends(
    airtable: "ScriptedAirtable",
) -> None:
    airtable.on(f"GET {PAGE}", "wait", EMPTY)

    async with PyAirtableGateway(
        FixedEndpoint(Endpoint(airtable.url, TOKEN)), rate_limit=None, threads=1
    ) as gateway:
        call = asyncio.create_task(gateway.page(BASE, TABLE, RecordQuery()))
        await airtable.arrival()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        airtable.released.set()

        assert (await gateway.page(BASE, TABLE, RecordQuery())).records == []


async def test_a_call_cancelled_before_it_has_a_thread_is_not_sent(airtable: "ScriptedAirtable") -> None:
    airtable.on(f"GET {PAGE}", "wait")
    airtable.on(f"POST {PAGE}", {"records": [MODEL]})

    async with PyAirtableGateway(
        FixedEndpoint(Endpoint(airtable.url, TOKEN)), rate_limit=None, threads=1
    ) as gateway:
        first = asyncio.create_task(gateway.page(BASE, TABLE, RecordQuery()))
        await airtable.arrival()
        create = asyncio.create_task(gateway.create(BASE, TABLE, [{FIELD: 1}]))
        await _a_few_turns()
        create.cancel()
        await _a_few_turns()
        airtable.released.set()
        await asyncio.gather(first, create, return_exceptions=True)

    assert airtable.count(f"POST {PAGE}") == 0


async def test_closing_waits_for_what_is_under_way(airtable: "ScriptedAirtable") -> None:
    airtable.on(f"GET {PAGE}", "wait")
    gateway = PyAirtableGateway(FixedEndpoint(Endpoint(airtable.url, TOKEN)), rate_limit=None)
    await gateway.__aenter__()
    call = asyncio.create_task(gateway.page(BASE, TABLE, RecordQuery()))
    await airtable.arrival()
    call.cancel()

    closing = asyncio.create_task(gateway.__aexit__())
    await _a_few_turns()
    closed_early = closing.done()
    airtable.released.set()
    await closing

    assert not closed_early


async def test_no_more_calls_are_under_way_than_there_are_threads(airtable: "ScriptedAirtable") -> None:
    airtable.on(f"GET {PAGE}", "wait")

    async with PyAirtableGateway(
        FixedEndpoint(Endpoint(airtable.url, TOKEN)), rate_limit=None, threads=3
    ) as gateway:
        calls = [asyncio.create_task(gateway.page(BASE, TABLE, RecordQuery())) for _ in range(5)]
        for _ in range(3):
            await airtable.arrival()
        under_way = len(airtable.requests)
        airtable.released.set()
        await asyncio.gather(*calls, return_exceptions=True)

    assert under_way == 3


async def test_a_gateway_that_is_not_open_says_so(airtable: "ScriptedAirtable") -> None:
    gateway = PyAirtableGateway(FixedEndpoint(Endpoint(airtable.url, TOKEN)))

    with pytest.raises(RuntimeError, match="not open"):
        await gateway.page(BASE, TABLE, RecordQuery())


async def test_a_gateway_can_be_opened_again(airtable: "ScriptedAirtable") -> None:
    airtable.on(f"GET {PAGE}", EMPTY)
    gateway = PyAirtableGateway(FixedEndpoint(Endpoint(airtable.url, TOKEN)), rate_limit=None)

    for _ in range(2):
        async with gateway:
            assert (await gateway.page(BASE, TABLE, RecordQuery())).records == []


async def test_a_token_is_not_replaced_by_the_password_of_a_netrc_file(
    gateway: Gateway, airtable: "ScriptedAirtable", monkeypatch: pytest.MonkeyPatch, tmp_path: "Path"
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    airtable.on(f"GET {PAGE}", EMPTY)

    await gateway.page(BASE, TABLE, RecordQuery())

    assert airtable.requests[-1].authorization == f"Bearer {TOKEN}"


def test_proxies_and_certificates_of_the_environment_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/ours.pem")
    monkeypatch.setenv("NO_PROXY", "inside.example")

    outside = _connection("https://api.airtable.com").api.session
    inside = _connection("https://inside.example").api.session

    assert outside.proxies["https"] == "http://proxy.example:3128"
    assert "https" not in inside.proxies
    assert outside.verify == "/etc/ours.pem"
    assert not outside.trust_env


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("https://api.airtable.com", "https://content.airtable.com"),
        ("http://127.0.0.1:8020", "http://127.0.0.1:8020"),
        ("http://127.0.0.1:8002/airtable", "http://127.0.0.1:8002/airtable"),
    ],
)
def test_uploads_go_where_the_endpoint_takes_them(endpoint: str, host: str) -> None:
    connection = _connection(endpoint)

    url = connection.upload_url(BASE, RECORD, "My files")

    assert url == f"{host}/v0/{BASE}/{RECORD}/My%20files/uploadAttachment"
    assert connection.table(BASE, TABLE).urls.records == f"{endpoint}/v0/{BASE}/{TABLE}"


def test_pyairtable_repeats_nothing_by_itself() -> None:
    adapter = _connection("https://api.airtable.com").api.session.get_adapter("https://api.airtable.com")

    assert adapter.max_retries.total == 0  # type: ignore[attr-defined]  # an HTTPAdapter has it


def test_neither_pyairtable_nor_requests_is_imported_before_the_first_call() -> None:
    program = (
        "import sys; from airtable_gateway.pyairtable_gateway import PyAirtableGateway; "
        "from airtable_gateway import Endpoint, FixedEndpoint; "
        "PyAirtableGateway(FixedEndpoint(Endpoint('http://x', 't'))); "
        "sys.exit(any(name in sys.modules for name in ('pyairtable', 'requests', 'urllib3')))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def _connection(url: str) -> Connection:
    return Connection(Endpoint(url, TOKEN), timeout=(1, 1), connections=2)


async def _a_few_turns() -> None:
    """Let the loop go round, so that all that can start has started."""
    for _ in range(10):
        await asyncio.sleep(0)
