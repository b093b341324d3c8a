"""`pyairtable-mcp stdio`: nothing but the protocol on standard output, whatever happens."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))
OPENING = [
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


def test_every_line_of_output_is_a_message_even_when_calls_fail(data_dir):
    calls = [
        call(2, "list_tables", base_id="Studio"),
        call(3, "list_tables", base_id="Nowhere"),
        call(4, "no_such_tool"),
        call(5, "evaluate_formula", formula="1+"),
    ]

    with subprocess.Popen(
        [COMMAND, "stdio"],
        env={"DATA_DIR": str(data_dir)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write("".join(json.dumps(message) + "\n" for message in [*OPENING, *calls]))
        process.stdin.flush()
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
    with subprocess.Popen(
        [COMMAND, "stdio"],
        env={"DATA_DIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        calls = [call(2, "list_tables", base_id="Studio")]
        process.stdin.write("".join(json.dumps(message) + "\n" for message in [*OPENING, *calls]))
        process.stdin.flush()
        while json.loads(process.stdout.readline())["id"] != 2:
            pass

        process.send_signal(number)
        status = process.wait(timeout=20)
        complaints = process.stderr.read()

    assert status == 128 + number
    assert "Traceback" not in complaints


@pytest.mark.parametrize("kind", ["file", "socket"])
def test_it_serves_whatever_standard_input_is(tmp_path, kind):
    messages = "".join(json.dumps(message) + "\n" for message in OPENING)
    said = tmp_path / "said.jsonl"
    said.write_text(messages)
    ours, theirs = socket.socketpair()
    with said.open() as file, ours, theirs:
        ours.sendall(messages.encode())
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
    with subprocess.Popen(
        [COMMAND, "stdio"],
        env={"DATA_DIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.close()
        process.stdin.write(json.dumps(OPENING[0]) + "\n")
        process.stdin.flush()

        assert process.wait(timeout=20) != 0
