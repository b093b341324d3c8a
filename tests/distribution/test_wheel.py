"""The wheel: all that an installation needs, and nothing else."""

import email
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    return zipfile.ZipFile(next(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])))


def test_it_carries_every_file_of_the_sources_and_no_other(wheel):
    source = ROOT / "src"
    ours = {
        str(path.relative_to(source))
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    carried = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert carried == ours


def test_every_room_of_the_house_is_in_it_and_is_typed(wheel):
    rooms = {path.name for path in (ROOT / "src").iterdir() if path.is_dir() and path.name != "__pycache__"}
    named = {
        Path(package).name for package in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    }

    assert named == rooms
    assert {f"{room}/py.typed" for room in rooms} <= set(wheel.namelist())


@pytest.mark.parametrize(
    "part",
    [
        "local_twins/airtable/page/static/index.html",
        "local_twins/airtable/samples/studio.json",
        "local_twins/airtable/samples/nyc_flights_2013.json.gz",
        "orchestrator/web/page/index.html",
        "pyairtable_app/migrations/env.py",
        "pyairtable_app/migrations/script.py.mako",
        "pyairtable_app/migrations/versions/0001_agent.py",
    ],
)
def test_pages_samples_and_migrations_come_along(wheel, part):
    assert wheel.read(part)


def test_its_metadata_say_what_it_is_and_name_no_host_of_ours(wheel):
    name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    told = email.message_from_bytes(wheel.read(name))

    assert (told["Name"], told["License-Expression"]) == ("pyairtable-mcp", "MIT")
    assert told["Requires-Python"] == ">=3.11"
    assert told.get_all("License-File") == ["LICENSE", "THIRD_PARTY.md"]
    assert told.get_all("Project-URL") is None
    # An index refuses a licence that is said twice, and classifiers that it does not know.
    assert not [line for line in told.get_all("Classifier", []) if line.startswith("License ::")]
    scripts = wheel.read(name.replace("METADATA", "entry_points.txt")).decode()
    assert "pyairtable-mcp = pyairtable_app.cli:main" in scripts
