"""The shipped samples as documents, and a sample made from invented CSV files."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[3]
SAMPLES = REPOSITORY / "src/local_twins/airtable/samples"
INVENTED = Path(__file__).parent / "invented"

Document = dict[str, Any]


def read(path: Path) -> Document:
    content = path.read_bytes()
    document: Document = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
    return document


@pytest.fixture(scope="session")
def option_shapes() -> dict[str, tuple[set[str], set[str]]]:
    """Type to the options that it always and that it sometimes has."""
    lines = (Path(__file__).parent / "option_shapes.txt").read_text(encoding="utf-8").splitlines()
    cases = ([part.strip() for part in line.split("|")] for line in lines if not line.startswith("#"))
    return {kind: (set(always.split()), set(sometimes.split())) for kind, always, sometimes in cases}


@pytest.fixture(scope="session")
def flights() -> Document:
    return read(SAMPLES / "nyc_flights_2013.json.gz")


@pytest.fixture(scope="session")
def studio() -> Document:
    return read(SAMPLES / "studio.json")


@pytest.fixture(scope="session")
def figures() -> Document:
    """What was computed from the original CSV files, by name."""
    written = read(REPOSITORY / "tests/e2e/flights_figures.json")
    return {name: figure["value"] for name, figure in written["figures"].items()}


@pytest.fixture(params=["flights", "studio"])
def sample(request: pytest.FixtureRequest) -> Document:
    document: Document = request.getfixturevalue(request.param)
    return document


@pytest.fixture
def make_flights(tmp_path: Path) -> Callable[..., Path]:
    """Run the script on the invented files, or on `source`, and give the file that it wrote."""

    def run(*options: str, source: Path = INVENTED, name: str = "base.json.gz") -> Path:
        output = tmp_path / name
        script = REPOSITORY / "scripts/make_flights.py"
        target = ("--figures", str(output)) if name.endswith(".json") else ("--output", str(output))
        subprocess.run([sys.executable, str(script), str(source), *target, *options], check=True)
        return output

    return run
