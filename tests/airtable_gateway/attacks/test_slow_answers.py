"""Answers that come byte by byte, or never end: no thread is held, and the call says what is known."""

import socket
import threading
import time as clocks
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from airtable_gateway import Endpoint, FixedEndpoint, Gateway, OutcomeUnknown, Unreachable
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from airtable_gateway.transport import patience

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime, ScriptedAirtable

BASE, TABLE = "appTestTestTest01", "tblTestTestTest01"
HEADS = {
    "of known length": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n",
    "in chunks": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    "without an end of its head": b"HTTP/1.1 200 OK\r\nX-Slow: ",
}


class Trickle:
    """Takes a request, answers with a head, and then sends a byte now and then until it is told to stop."""

    def __init__(self) -> None:
        self.head = b""
        self.requests = 0
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            self._threads.append(threading.Thread(target=self._trickle, args=(connection,)))
            self._threads[-1].start()

    def _trickle(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        with connection:
            if not connection.recv(65536):
                return
            self.requests += 1
            drop = b"1\r\n \r\n" if b"chunked" in self.head else b" "
            try:
                connection.sendall(self.head)
                while not self._stopped.wait(0.01):
                    connection.sendall(drop)
            except OSError:
                return

    def close(self) -> None:
        self._stopped.set()
        for thread in list(self._threads):
            thread.join()
        self._listener.close()


@pytest.fixture
def trickle() -> Iterator[Trickle]:
    trickle = Trickle()
    yield trickle
    trickle.close()


@pytest.mark.parametrize("head", HEADS)
async def test_an_answer_that_never_ends_is_given_up(
    trickle: Trickle, time: "FakeTime", monkeypatch: pytest.MonkeyPatch, head: str
) -> None:
    monkeypatch.setattr(patience, "WHOLE_SECONDS", 0.1)
    trickle.head = HEADS[head]
    began = clocks.monotonic()
    endpoints = FixedEndpoint(Endpoint(trickle.url, "patAny"))
    async with PyAirtableGateway(endpoints, rate_limit=None, ports=Ports(clock=time.clock)) as gateway:
        with pytest.raises(OutcomeUnknown):
            await gateway.create(BASE, TABLE, [{"fldTestTestTest0001": "A"}])
        time.now += 60
        with pytest.raises(Unreachable, match=r"in time|before the answer was complete|not whole"):
            await gateway.record(BASE, TABLE, "rec1")

    # None of the attempts held its thread for much longer.
    assert trickle.requests > 2
    assert clocks.monotonic() - began < 10


async def test_a_long_answer_is_whole(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    model = {"id": "rec1", "createdTime": "x", "fields": {"A": "b" * 300_000}}
    airtable.on(f"GET /v0/{BASE}/{TABLE}/rec1", model)

    assert (await gateway.record(BASE, TABLE, "rec1")).fields == model["fields"]


async def test_through_a_proxy_an_answer_that_never_ends_is_given_up_as_well(
    trickle: Trickle, time: "FakeTime", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "WHOLE_SECONDS", 0.1)
    for name in ("NO_PROXY", "no_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", trickle.url)
    trickle.head = HEADS["of known length"]
    endpoints = FixedEndpoint(Endpoint("http://airtable.example", "patAny"))
    async with PyAirtableGateway(endpoints, rate_limit=None, ports=Ports(clock=time.clock)) as gateway:
        with pytest.raises(Unreachable, match=r"in time|before the answer was complete|not whole"):
            await gateway.record(BASE, TABLE, "rec1")

    assert trickle.requests > 0
