"""One release has one version, wherever it is told."""

import importlib.util
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

ROOT = Path(__file__).parents[2]
COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))
RELEASE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def manifest() -> Any:
    spec = importlib.util.spec_from_file_location("build_mcpb", ROOT / "scripts" / "build_mcpb.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.manifest()


def test_what_is_handed_out_has_the_version_of_the_release():
    registry = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))

    assert [registry["version"], *(one["version"] for one in registry["packages"])] == [RELEASE, RELEASE]
    assert manifest()["version"] == RELEASE


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_running_server_says_the_version_of_the_release(tmp_path, mode):
    server = StdioServerParameters(command=COMMAND, args=["stdio"], env={"DATA_DIR": str(tmp_path)})

    async with Client(server, mode=mode) as client:
        assert client.server_info
        told = client.server_info.version

    assert told == RELEASE


def test_the_command_says_the_version_of_the_release():
    told = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, check=True).stdout

    assert told == f"pyairtable-mcp {RELEASE}\n"
