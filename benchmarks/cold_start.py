"""How long a client waits for the tool list of a server that it has just started, beside a bare server."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
MESSAGES = (
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "benchmark", "version": "1"},
        },
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
    {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
)


def main() -> None:
    """Print the medians of both and their ratio, pair by pair."""
    bare_command = [sys.executable, str(Path(__file__).with_name("bare_server.py"))]
    ours_command = [str(Path(sys.executable).with_name("pyairtable-mcp")), "stdio"]
    seconds_until_tools(bare_command), seconds_until_tools(ours_command)
    pairs = [(seconds_until_tools(ours_command), seconds_until_tools(bare_command)) for _ in range(RUNS)]
    ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"cold start, spawn to tools/list, median of {RUNS} pairs")
    print(f"  pyairtable-mcp stdio       {ours:.3f} s")
    print(f"  bare server, five tools    {bare:.3f} s")
    print(f"  ratio                      {ratio:.2f}  (to hold: <= 1.40)")


def seconds_until_tools(command: list[str]) -> float:
    """Start the server, ask for its tools, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "DATA_DIR": folder},
            text=True,
        ) as process:
            assert process.stdin
            assert process.stdout
            for message in MESSAGES:
                process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
            while json.loads(process.stdout.readline()).get("id") != 2:
                pass
            taken = time.perf_counter() - begun
            process.stdin.close()
            process.wait(timeout=10)
    return taken


if __name__ == "__main__":
    main()
