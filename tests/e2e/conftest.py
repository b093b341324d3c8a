"""The system as a person starts it: processes of their own, over real transports."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from mcp import Client, StdioServerParameters

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))


def environment(data_dir: Path) -> dict[str, str]:
    """A clean environment on this data folder, without pacing: the local Airtable has no limit."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "COVERAGE_PROCESS_START") if name in os.environ
    }
    return {**kept, "DATA_DIR": str(data_dir), "AIRTABLE_RATE_LIMIT": "off"}


@pytest.fixture
def served(data_dir: Path) -> Iterator[str]:
    """The address of `pyairtable-mcp serve` on that folder."""
    with _serving(data_dir) as address:
        yield address


@pytest.fixture(scope="session")
def library(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample bases for all tests that only read."""
    return shutil.copytree(seeded, tmp_path_factory.mktemp("library") / "data")


@pytest.fixture(scope="session")
def served_library(library: Path) -> Iterator[str]:
    """The address of `pyairtable-mcp serve` for them."""
    with _serving(library) as address:
        yield address


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    with subprocess.Popen(
        [COMMAND, "serve", "--port", "0"], env=environment(folder), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        health = next(found for line in lines if (found := re.search(r"(http://\S+)/health", line)))
        try:
            yield health[1]
        finally:
            process.terminate()
            process.stdout.read()


@pytest.fixture(params=["stdio", "http"])
def server(request: pytest.FixtureRequest, data_dir: Path) -> StdioServerParameters | str:
    """What a client connects to: a command to start, or an address."""
    if request.param == "http":
        return f"{request.getfixturevalue('served')}/mcp"
    return _command(data_dir)


@pytest.fixture(scope="session", params=["stdio", "http"])
def library_server(request: pytest.FixtureRequest) -> StdioServerParameters | str:
    """The same for a client that only reads."""
    if request.param == "http":
        return f"{request.getfixturevalue('served_library')}/mcp"
    return _command(request.getfixturevalue("library"))


def _command(folder: Path) -> StdioServerParameters:
    return StdioServerParameters(command=COMMAND, args=["stdio"], env=environment(folder))


@pytest_asyncio.fixture(loop_scope="session")
async def client(server: StdioServerParameters | str) -> AsyncIterator[Client]:
    """A session of the official SDK's client on bases of its own."""
    async with _session(server) as session:
        yield session


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def reader(library_server: StdioServerParameters | str) -> AsyncIterator[Client]:
    """A session that others use too, on bases that they read: nothing may be written."""
    async with _session(library_server) as session:
        yield session


@asynccontextmanager
async def _session(server: StdioServerParameters | str) -> AsyncIterator[Client]:
    """The session, held open by one task: a fixture begins and ends in two."""
    opened: asyncio.Queue[Client] = asyncio.Queue()
    done = asyncio.Event()

    async def hold() -> None:
        async with Client(server) as session:
            opened.put_nowait(session)
            await done.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(hold())
        yield await opened.get()
        done.set()
