"""The import contracts hold, and each of them catches the violation that it is there for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")

VIOLATIONS = {
    "a pure room knows the gateway": ("formula/stray.py", "import airtable_gateway"),
    "a neighbour knows its neighbour": ("fields/stray.py", "import formula"),
    "the lowest room knows a higher one": ("moments/stray.py", "import fields"),
    "the gateway knows the tools": ("airtable_gateway/stray.py", "import pyairtable_mcp"),
    "a twin knows the gateway's callers": ("local_twins/stray.py", "import pyairtable_mcp"),
    "a service knows the tools": ("pyairtable_platform/language/stray.py", "import pyairtable_mcp"),
    "the agent knows the tools": ("orchestrator/stray.py", "import pyairtable_mcp"),
    "the agent knows the gateway": ("orchestrator/stray.py", "import airtable_gateway"),
    "the kernel knows the agent": ("pyairtable_platform/kernel/stray.py", "import orchestrator"),
    "the root is known": ("pyairtable_mcp/stray.py", "import pyairtable_app"),
    "a pure room opens a socket": ("formula/stray.py", "import socket"),
    "a pure room reads the clock": ("moments/stray.py", "import time"),
    "a pure room knows a database": ("fields/stray.py", "import sqlite3"),
    "pyairtable outside the gateway": ("pyairtable_mcp/stray.py", "import pyairtable"),
    "an adapter outside the wiring": (
        "pyairtable_mcp/stray.py",
        "import airtable_gateway.pyairtable_gateway",
    ),
    "a database in the MCP server": ("pyairtable_mcp/stray.py", "import sqlite3"),
    "the kernel in the MCP server": ("pyairtable_mcp/stray.py", "import pyairtable_platform.kernel"),
    "a twin knows another": ("local_twins/gemini/stray.py", "import local_twins.airtable"),
    "the kernel knows a service": (
        "pyairtable_platform/kernel/stray.py",
        "import pyairtable_platform.language",
    ),
    "what a model is shown knows how records are written": (
        "pyairtable_mcp/answers/stray.py",
        "import pyairtable_mcp.writing.checking",
    ),
    "google-genai outside the agent": ("pyairtable_platform/stray.py", "import google.genai"),
}


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINTER), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_as_it_stands_keeps_every_contract(house):
    result = check(house)

    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_a_violation_is_caught(house, violation):
    place, line = VIOLATIONS[violation]
    (house / "src" / place).write_text(f'"""A stray import."""\n\n{line}\n')

    result = check(house)

    assert result.returncode == 1, f"{violation} was not caught: {result.stdout}{result.stderr}"
    assert "stray" in result.stdout
