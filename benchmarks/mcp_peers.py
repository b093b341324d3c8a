"""This server beside airtable-mcp-server 1.14: speed and tokens, over stdio and HTTP, on one local Airtable.

Both answer the same questions from the same records in one run. `make bench-mcp` installs the other one.
A machine's speed changes within seconds, so there are many short turns, and each gives a ratio of its own:
what is printed is their median, and beside it the middle half of them, which shows how much they scatter.
"""

import asyncio
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TextIO

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

import mcp_latency
import mcp_servers
from mcp_servers import Job, Server

HERE = Path(__file__).parent
PEER = HERE.parent / "tests" / "clients" / "javascript"
SECONDS = float(os.environ.get("BENCH_SECONDS", "0.75"))
TURNS = 12


def main() -> None:
    """Print everything, one table a transport."""
    with _airtable() as url:
        asyncio.run(_compare(url))
        mcp_latency.measure(url)


@contextmanager
def _airtable() -> Iterator[str]:
    """The address of a local Airtable in a process of its own, so that it shares nobody's interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "base.json")
        file.write_text(json.dumps({"users": [], "bases": [mcp_servers.document()]}), encoding="utf-8")
        program = str(Path(sys.executable).with_name("pyairtable-mcp"))
        command = [program, "twin", "airtable", "--port", "0", "--db", f"{folder}/twin.db"]
        command += ["--import", str(file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            addresses = (re.search(r"http://[\w.]+:\d+", line) for line in process.stdout)
            try:
                yield next(found[0] for found in addresses if found)
            finally:
                process.terminate()


async def _compare(url: str) -> None:
    ours, peer, bare = mcp_servers.ours(), mcp_servers.peer(), mcp_servers.bare()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "AIRTABLE_ENDPOINT_URL": url,
            "AIRTABLE_API_KEY": "pat12345678901234." + "0" * 64,
            "AIRTABLE_RATE_LIMIT": "off",
            "CACHE": "off",
            "DATA_DIR": folder,
        }
        without = environment | {"JOURNAL": "off"}
        await _speed("stdio", _over_stdio, ours, peer, bare, environment, without)
        await _speed("HTTP", _over_http, ours, peer, bare, environment, without)
        await _tokens(ours, peer, environment)


Connect = Callable[[Server, dict[str, str]], Any]


async def _speed(
    transport: str,
    connect: Connect,
    ours: Server,
    peer: Server,
    bare: Server,
    environment: dict[str, str],
    without: dict[str, str],
) -> None:
    print(f"\ncalls a second over {transport}, median of {TURNS} turns of {SECONDS:g} s, one client")
    async with (
        connect(ours, environment) as journaled,
        connect(ours, without) as plain,
        connect(peer, environment) as other,
        connect(bare, environment) as empty,
    ):
        echoes = statistics.median(rate for (rate,) in await _turns([(empty, bare.jobs["echo"])]))
        print(
            f"  {'':16} {'ours':>8} {'no journal':>11} {'peer':>8} {'ratio':>7}   {'middle half':13}"
            f"   empty server {echoes:.0f}"
        )
        for name, job in ours.jobs.items():
            turns = await _turns([(journaled, job), (plain, job), (other, peer.jobs[name])])
            with_journal, alone, theirs = (statistics.median(column) for column in zip(*turns, strict=True))
            ratios = [turn[0] / turn[2] for turn in turns]
            low, ratio, high = statistics.quantiles(ratios, n=4, method="inclusive")
            print(
                f"  {name:16} {with_journal:8.1f} {alone:11.1f} {theirs:8.1f} {ratio:7.2f}"
                f"   {low:.2f} to {high:.2f}"
            )


async def _turns(rivals: Sequence[tuple[Client, Job]]) -> list[list[float]]:
    """The rates of all, turn by turn; the order changes each time, so that nobody always goes first."""
    orders = itertools.cycle(itertools.permutations(range(len(rivals))))
    turns = []
    for order in itertools.islice(orders, TURNS):
        rates = {each: await _rate(*rivals[each]) for each in order}
        turns.append([rates[each] for each in range(len(rivals))])
    return turns


async def _rate(client: Client, job: Job) -> float:
    """Jobs a second. Raises AssertionError when one is refused."""
    await _done(client, job)
    begun, count = time.perf_counter(), 0
    while (taken := time.perf_counter() - begun) < SECONDS:
        await _done(client, job)
        count += 1
    return count / taken


async def _done(client: Client, job: Job) -> None:
    result = await job(client)
    assert not getattr(result, "is_error", False), str(result)[:500]


async def _tokens(ours: Server, peer: Server, environment: dict[str, str]) -> None:
    print("\ntokens (characters / 4): the tool list, and the answers to ten questions")
    async with _over_stdio(ours, environment) as mine, _over_stdio(peer, environment) as other:
        for server, client in ((ours, mine), (peer, other)):
            tools = (await client.list_tools()).model_dump(mode="json", by_alias=True, exclude_none=True)
            short = [
                {key: value for key, value in tool.items() if key != "outputSchema"}
                for tool in tools["tools"]
            ]
            print(
                f"  {server.name:22} {len(tools['tools'])} tools: {_size(tools['tools'])}, "
                f"{_size(short)} without output schemas"
            )
        print(f"  {'':20} {'our text':>9} {'theirs':>9} {'our struct.':>12} {'theirs':>9}")
        sums = [0, 0, 0, 0]
        for question, asked in ours.questions.items():
            mine_told = await _told(mine, *asked)
            other_told = await _told(other, *peer.questions[question])
            row = [mine_told[0], other_told[0], mine_told[1], other_told[1]]
            sums = [total + part for total, part in zip(sums, row, strict=True)]
            print(f"  {question:20} {row[0]:9} {row[1]:9} {row[2]:12} {row[3]:9}")
        print(f"  {'together':20} {sums[0]:9} {sums[1]:9} {sums[2]:12} {sums[3]:9}")
        print(f"  our text / theirs: {sums[0] / sums[1]:.2f}  (to hold: <= 0.60)")


async def _told(client: Client, tool: str, arguments: dict[str, Any]) -> tuple[int, int]:
    result = await client.call_tool(tool, arguments)
    text = "".join(getattr(block, "text", "") for block in result.content)
    assert not result.is_error, text
    return len(text) // 4, _size(result.structured_content or {})


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) // 4


@asynccontextmanager
async def _over_stdio(server: Server, environment: dict[str, str]) -> AsyncIterator[Client]:
    parameters = StdioServerParameters(
        command=server.command[0], args=server.command[1:], env=environment, cwd=_folder(server)
    )
    with _nowhere() as nowhere:
        async with Client(stdio_client(parameters, errlog=nowhere), mode="legacy") as client:
            yield client


@asynccontextmanager
async def _over_http(server: Server, environment: dict[str, str]) -> AsyncIterator[Client]:
    port = _free_port()
    command = [str(port) if part == "0" else part for part in server.http]
    environment = environment | server.environment | {"PORT": str(port)}
    with tempfile.TemporaryDirectory() as data:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment | {"DATA_DIR": data},
            cwd=_folder(server),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await _listening(port)
            async with Client(f"http://127.0.0.1:{port}/mcp", mode="legacy") as client:
                yield client
        finally:
            process.terminate()
            await process.wait()


def _nowhere() -> TextIO:
    """Where servers log to: as over HTTP, and not among the figures."""
    return Path(os.devnull).open("w", encoding="utf-8")


def _folder(server: Server) -> str:
    return str(PEER if server.command[0] == "node" else HERE)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _listening(port: int) -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise TimeoutError(f"nothing listens at port {port}")


if __name__ == "__main__":
    main()
