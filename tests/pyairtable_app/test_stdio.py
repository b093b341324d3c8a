"""`pyairtable-mcp stdio`: nothing but the protocol on standard output, whatever happens."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))
OPENING: list[dict[str, Any]] = [
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
]


def call(number: int, tool: str, **arguments: object) -> dict[str, object]:
    return {
        "jsonrpc": "2.0",
        "id": number,
        "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }


def lines(messages: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(message) + "\n" for message in messages)


def served(data_dir: Path) -> Any:
    """The server as a client starts it, to be used as a context."""
    return subprocess.Popen(
        [COMMAND, "stdio"],
        env={"DATA_DIR": str(data_dir)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def say(process: Any, messages: Iterable[Mapping[str, Any]]) -> None:
    process.stdin.write(lines(messages))
    process.stdin.flush()


def test_every_line_of_output_is_a_message_even_when_calls_fail(data_dir):
    calls = [
        call(2, "list_tables", base_id="Studio"),
        call(3, "list_tables", base_id="Nowhere"),
        call(4, "no_such_tool"),
        call(5, "evaluate_formula", formula="1+"),
    ]

    with served(data_dir) as process:
        say(process, [*OPENING, *calls])
        answers: dict[int, dict[str, Any]] = {}
        while len(answers) < 5:
            message = json.loads(process.stdout.readline())
            answers[message["id"]] = message["result"]
        process.stdin.close()
        rest = process.stdout.read()
        complaints = process.stderr.read()

    assert rest == ""
    assert process.returncode == 0
    assert "Traceback" not in complaints
    assert not answers[2].get("isError")
    assert all(answers[number]["isError"] for number in (3, 4, 5))
    assert '"Studio"' in answers[3]["content"][0]["text"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_though_the_client_holds_the_line(tmp_path, number):
    with served(tmp_path) as process:
        calls = [call(2, "list_tables", base_id="Studio")]
        say(process, [*OPENING, *calls])
        while json.loads(process.stdout.readline())["id"] != 2:
            pass

        process.send_signal(number)
        status = process.wait(timeout=20)
        complaints = process.stderr.read()

    assert status == 128 + number
    [line] = complaints.splitlines()
    assert json.loads(line)["tool"] == "list_tables"


@pytest.mark.parametrize("kind", ["file", "socket"])
def test_it_serves_whatever_standard_input_is(tmp_path, kind):
    said = tmp_path / "said.jsonl"
    said.write_text(lines(OPENING))
    ours, theirs = socket.socketpair()
    with said.open() as file, ours, theirs:
        ours.sendall(lines(OPENING).encode())
        ours.shutdown(socket.SHUT_WR)
        done = subprocess.run(
            [COMMAND, "stdio"],
            env={"DATA_DIR": str(tmp_path)},
            stdin=(file if kind == "file" else theirs).fileno(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    [answer] = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert answer["result"]["serverInfo"]["name"] == "pyairtable"


def test_it_ends_when_nobody_reads_its_answers(tmp_path):
    with served(tmp_path) as process:
        process.stdout.close()
        say(process, OPENING[:1])

        assert process.wait(timeout=20) == 1
        assert (
            process.stderr.read() == "pyairtable-mcp: the client closed the pipe that answers go through.\n"
        )


LATE = {
    "airtable_gateway.pyairtable_gateway",
    "airtable_gateway.journal.record_writes",
    "airtable_gateway.journal.resolving",
    "airtable_gateway.journal.undoing",
    "airtable_gateway.mirror.kept",
    "pyairtable_app.commands.doctor",
    "formula",
    "fields",
    "moments",
    "pyairtable",
    "duckdb",
}
"""What no list of tools needs: a client waits for that list whenever it starts the server."""

START = """\
import asyncio, sys
from mcp import Client
from pyairtable_app.cli import main
from pyairtable_app.settings import Settings
from pyairtable_app.wiring import Wiring

async def start():
    wiring = Wiring(Settings.from_env({"DATA_DIR": sys.argv[1]}))
    async with wiring.running(), Client(wiring.local_mcp) as client:
        await client.list_tools()
        print(*sys.modules)
        await client.call_tool("list_bases", {})
        print(*sys.modules)

asyncio.run(start())
"""


def test_a_start_loads_no_more_than_the_list_of_tools_needs(data_dir):
    told = subprocess.run(
        [sys.executable, "-c", START, str(data_dir)], capture_output=True, text=True, check=True
    ).stdout
    after_list, after_call = (set(line.split()) for line in told.splitlines())

    assert LATE & after_list == set()
    assert "airtable_gateway.pyairtable_gateway" in after_call
