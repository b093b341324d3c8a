"""One server for all clients: on the sample bases, over HTTP with a key, or as a command to start."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.mcp_clients.desk import ALONE, COMMAND, KEY, PROGRAMS, Desk, environment


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample bases, made once."""
    folder = tmp_path_factory.mktemp("library")
    subprocess.run([COMMAND, "migrate"], env=environment(folder), check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def url(library: Path) -> Iterator[str]:
    """The address of a server that asks for KEY."""
    with _serving(library, API_KEY=KEY) as address:
        yield address


@pytest.fixture(scope="session")
def open_url(library: Path) -> Iterator[str]:
    """The address of one that asks for nothing."""
    with _serving(library) as address:
        yield address


@pytest.fixture
def desk(library: Path, tmp_path: Path) -> Desk:
    (tmp_path / "home").mkdir()
    (tmp_path / "work").mkdir()
    env = {**environment(library), **ALONE, "HOME": str(tmp_path / "home"), "PYAIRTABLE_MCP_KEY": KEY}
    return Desk(tmp_path / "work", {**env, "PATH": f"{PROGRAMS}{os.pathsep}{env['PATH']}"})


@pytest.fixture
def program(desk: Desk) -> Callable[..., str]:
    """Runs one of the npm packages at the desk: program("claude", "mcp", "list")."""

    def run(name: str, *words: str, **env: str) -> str:
        assert shutil.which(name, path=str(PROGRAMS)), f"{name} is not installed: make test-mcp-clients"
        return desk.run(name, *words, **env)

    return run


@contextmanager
def _serving(folder: Path, **env: str) -> Iterator[str]:
    with subprocess.Popen(
        [COMMAND, "serve", "mcp", "--port", "0"],
        env={**environment(folder), **env},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        address = next(found for line in lines if (found := re.search(r"(http://\S+)/mcp", line)))
        try:
            yield f"{address[1]}/mcp"
        finally:
            process.terminate()
            process.stdout.read()
