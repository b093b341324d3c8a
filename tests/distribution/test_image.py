"""The recipe of the image, as far as it can be judged without building it."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from pyairtable_app.clients import IMAGE_USER
from pyairtable_app.roles import ALL_ROLES_PORT

ROOT = Path(__file__).parents[2]
RECIPE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
STAGES = re.split(r"^FROM ", RECIPE, flags=re.MULTILINE)[1:]
ADMITTED = [
    line.removeprefix("!")
    for line in (ROOT / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    if line.startswith("!")
]
COPIED = [
    source
    for line in re.findall(r"^COPY (?!--from)(.*)$", RECIPE, re.MULTILINE)
    for source in line.split()[:-1]
]


@pytest.mark.parametrize("source", COPIED)
def test_what_is_copied_is_there_and_let_through(source):
    assert (ROOT / source).exists()
    assert any(fnmatch(source, pattern) for pattern in ADMITTED)


def test_what_the_package_is_built_from_is_copied():
    assert {"pyproject.toml", "README.md", "LICENSE", "THIRD_PARTY.md", "src", "requirements.lock"} == set(
        COPIED
    )


def test_the_last_stage_runs_as_a_user_without_rights_and_says_how_it_is():
    last = STAGES[-1]

    assert len(STAGES) == 2
    assert re.findall(r"^USER (.*)$", last, re.MULTILINE) == [str(IMAGE_USER)]
    assert f"--uid {IMAGE_USER} " in last
    assert IMAGE_USER > 0
    assert f"http://127.0.0.1:{ALL_ROLES_PORT}/health" in last
    assert last.index("\nUSER ") < last.index("\nENTRYPOINT ")
    assert "pip install" not in last


def test_no_secret_is_in_it():
    given = re.findall(r"^(?:ENV|ARG) (.*)$", RECIPE, re.MULTILINE)

    assert not [line for line in given if re.search("KEY|TOKEN|SECRET|PASSWORD", line)]
    assert ".env" not in ADMITTED
