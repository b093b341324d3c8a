"""The embedded Airtable of a data folder: one owner, found by the others, taken over when it ends."""

import asyncio
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from airtable_gateway import FixedEndpoint, Unreachable
from airtable_gateway.clock import Clock
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from pyairtable_app.embedded import EmbeddedAirtable
from pyairtable_app.errors import CannotOpenData

OWNER = """
import asyncio, sys
from pathlib import Path
from pyairtable_app.embedded import EmbeddedAirtable

owner = EmbeddedAirtable(Path(sys.argv[1]))
print(asyncio.run(owner.endpoint()).url, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def seeded(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(seeded, tmp_path_factory.mktemp("embedded") / "data"))


@pytest.fixture
def folder(seeded: Path) -> Iterator[EmbeddedAirtable]:
    with closing(EmbeddedAirtable(seeded)) as embedded:
        yield embedded


@pytest.fixture
def owner(seeded: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that owns the folder, and where it serves."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(seeded)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield process, process.stdout.readline().strip()
        process.kill()


async def bases_at(embedded: EmbeddedAirtable, ports: Ports | None = None) -> list[str]:
    async with PyAirtableGateway(embedded, rate_limit=None, ports=ports or Ports()) as gateway:
        return sorted(base.name for base in await gateway.bases())


async def test_an_empty_folder_is_seeded_with_the_sample_bases(tmp_path):
    with closing(EmbeddedAirtable(tmp_path / "new" / "folder")) as embedded:
        assert await bases_at(embedded) == ["NYC Flights 2013", "Studio"]


async def test_the_folder_is_served_here_when_nobody_owns_it(folder, seeded):
    endpoint = await folder.endpoint()

    assert endpoint.url.startswith("http://127.0.0.1:")
    assert (seeded / "airtable.url").read_text() == endpoint.url
    assert await folder.endpoint() == endpoint


async def test_its_token_is_for_its_owner_alone(folder, seeded):
    endpoint = await folder.endpoint()

    mode = stat.S_IMODE((seeded / "airtable.token").stat().st_mode)
    assert mode == 0o600
    assert endpoint.token not in repr(endpoint)


async def test_a_second_process_finds_the_owner(owner, folder):
    _, url = owner

    assert (await folder.endpoint()).url == url
    assert await bases_at(folder) == ["NYC Flights 2013", "Studio"]
    assert folder.claimed_store() is None


async def test_the_folder_is_taken_over_when_its_owner_is_killed(owner, folder):
    process, url = owner
    async with PyAirtableGateway(folder, rate_limit=None) as gateway:
        await gateway.bases()
        process.kill()
        process.wait()

        bases = await gateway.bases()

    assert (await folder.endpoint()).url != url
    assert len(bases) == 2


async def test_many_who_ask_at_once_get_one_address(folder):
    endpoints = await asyncio.gather(*(folder.endpoint() for _ in range(20)))

    assert len({endpoint.url for endpoint in endpoints}) == 1


async def test_another_token_is_refused(folder):
    endpoint = await folder.endpoint()
    stranger = FixedEndpoint(type(endpoint)(endpoint.url, "patStranger"))

    async with PyAirtableGateway(stranger, rate_limit=None) as gateway:
        with pytest.raises(Exception, match="Authentication required"):
            await gateway.bases()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotOpenData, match="DATA_DIR="):
        EmbeddedAirtable(tmp_path / "file" / "below").migrate()


async def test_a_database_that_is_none_is_an_airtable_that_cannot_be_reached(tmp_path):
    (tmp_path / "airtable.db").write_text("not a database")
    hurried = Ports(clock=Clock(sleep=lambda _: asyncio.sleep(0)))

    with (
        closing(EmbeddedAirtable(tmp_path)) as embedded,
        pytest.raises(Unreachable, match="cannot be opened") as refusal,
    ):
        await bases_at(embedded, hurried)

    assert not refusal.value.may_be_applied
    assert "DATA_DIR" in refusal.value.hint
