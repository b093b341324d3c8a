"""How long one client, and twenty at once, wait for a cached read of the MCP server over HTTP.

Latency is from sending a call to the last byte of its answer, on a kept connection, in a session of its own.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mcp_servers

CLIENTS, CALLS_A_SECOND = 20, 5
SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))


def measure(airtable: str) -> None:
    """Print the percentiles against the local Airtable at that address."""
    with _server(airtable) as port:
        alone = sorted(_one_after_another(port, SECONDS))
        together = sorted(_in_step(port, SECONDS))
    print("\na cached read over HTTP, milliseconds")
    print(f"  one client, one call after another   p50 {_at(alone, 50):6.2f}  (to hold: <= 5)")
    print(
        f"  {CLIENTS} clients of {CALLS_A_SECOND} calls/s each         p50 {_at(together, 50):6.2f}  (<= 10)"
        f"   p99 {_at(together, 99):6.2f}  (<= 30)   {len(together)} calls"
    )


@contextmanager
def _server(airtable: str) -> Iterator[int]:
    """The port of our server, which keeps records in memory."""
    program = str(Path(sys.executable).with_name("pyairtable-mcp"))
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "AIRTABLE_ENDPOINT_URL": airtable,
            "AIRTABLE_API_KEY": "pat12345678901234." + "0" * 64,
            "AIRTABLE_RATE_LIMIT": "off",
            "CACHE": "memory",
            "DATA_DIR": folder,
        }
        command = [program, "serve", "mcp", "--port", "0"]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdout
            health = next(line for line in process.stdout if "/health" in line)
            try:
                yield int(health.split("127.0.0.1:")[1].split("/")[0])
            finally:
                process.terminate()


class _Client:
    """A session on a connection of its own."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._headers = {
            "Accept": "application/json, text/event-stream",
            "Content-Type": "application/json",
            "MCP-Protocol-Version": "2025-11-25",
        }
        hello = {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "bench", "version": "1"},
        }
        self._post({"id": 1, "method": "initialize", "params": hello})
        self._post({"method": "notifications/initialized"})
        place = {"base_id": mcp_servers.BASE, "table_id": mcp_servers.TABLE}
        arguments = place | {"record_id": mcp_servers.RECORDS[0]}
        self._call = {
            "id": 2,
            "method": "tools/call",
            "params": {"name": "get_record", "arguments": arguments},
        }

    def seconds(self) -> float:
        """How long one read takes."""
        began = time.perf_counter()
        answer = self._post(self._call)
        taken = time.perf_counter() - began
        assert mcp_servers.RECORDS[0].encode() in answer, answer[:300]
        return taken

    def _post(self, message: dict[str, object]) -> bytes:
        body = json.dumps({"jsonrpc": "2.0", **message})
        self._connection.request("POST", "/mcp", body, self._headers)
        response = self._connection.getresponse()
        answer = response.read()
        assert response.status in (200, 202), answer[:300]
        if session := response.headers.get("Mcp-Session-Id"):
            self._headers["Mcp-Session-Id"] = session
        return answer


def _one_after_another(port: int, seconds: float) -> list[float]:
    client = _Client(port)
    client.seconds()
    end = time.perf_counter() + seconds
    taken = []
    while time.perf_counter() < end:
        taken.append(client.seconds())
    return taken


def _in_step(port: int, seconds: float) -> list[float]:
    """Twenty threads, each calling at its own beat; the beats are spread over the second."""
    taken: list[list[float]] = [[] for _ in range(CLIENTS)]

    def run(number: int) -> None:
        client = _Client(port)
        client.seconds()
        begin = started + number / (CLIENTS * CALLS_A_SECOND)
        for beat in range(int(seconds * CALLS_A_SECOND)):
            time.sleep(max(0.0, begin + beat / CALLS_A_SECOND - time.perf_counter()))
            taken[number].append(client.seconds())

    started = time.perf_counter() + 1
    threads = [threading.Thread(target=run, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [each for of_one in taken for each in of_one]


def _at(ordered: list[float], percent: int) -> float:
    return statistics.quantiles(ordered, n=100, method="inclusive")[percent - 1] * 1000
