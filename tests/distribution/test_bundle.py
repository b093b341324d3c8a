"""The bundle for hosts that install a server from one file."""

import importlib.util
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.types import TextContent

from pyairtable_app.settings import VARIABLES
from pyairtable_mcp import Selection

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> Any:
    spec = importlib.util.spec_from_file_location("build_mcpb", ROOT / "scripts" / "build_mcpb.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bundle(script: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "pyairtable-mcp.mcpb"
    script.build(path)
    return path


@pytest.fixture(scope="module")
def unpacked(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    return folder


def manifest_of(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_the_same_sources_give_the_same_bytes(script, bundle, tmp_path):
    script.build(tmp_path / "again.mcpb")

    assert (tmp_path / "again.mcpb").read_bytes() == bundle.read_bytes()


def test_the_manifest_says_what_is_installed_and_what_is_in_the_archive(unpacked):
    manifest = manifest_of(unpacked)

    assert manifest["manifest_version"] == "0.4"
    assert manifest["version"] == version("pyairtable-mcp")
    assert (unpacked / manifest["server"]["entry_point"]).is_file()
    assert [tool["name"] for tool in manifest["tools"]] == [tool.name for tool in Selection().members()]
    assert all(tool["description"] for tool in manifest["tools"])
    assert manifest["compatibility"]["platforms"] == ["darwin", "linux", "win32"]


def test_every_answer_reaches_a_setting_and_the_token_is_kept_as_a_secret(unpacked):
    manifest = manifest_of(unpacked)
    env, questions = manifest["server"]["mcp_config"]["env"], manifest["user_config"]

    assert set(env) <= {variable.name for variable in VARIABLES}
    assert sorted(env.values()) == sorted(f"${{user_config.{name}}}" for name in questions)
    assert [name for name, question in questions.items() if question.get("sensitive")] == ["airtable_token"]
    assert "default" not in questions["airtable_token"]


def test_what_is_installed_is_what_was_tried(script, unpacked):
    """The host's uv installs the wheel beside the manifest, and of everything else the locked version."""
    project = tomllib.loads((unpacked / "pyproject.toml").read_text(encoding="utf-8"))
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    source = project["tool"]["uv"]["sources"]["pyairtable-mcp"]["path"]
    assert (unpacked / source).is_file()
    pins = project["tool"]["uv"]["constraint-dependencies"]
    assert len(pins) == lock.count("==") - lock.count(" == ")
    assert f"mcp=={version('mcp')}" in pins


async def test_what_was_unpacked_speaks_when_its_entry_point_is_started(unpacked, tmp_path):
    """By this interpreter and its packages: the manifest's own command (uv) is tried by `make test-dist`."""
    config = manifest_of(unpacked)["server"]["mcp_config"]
    directory, entry_point = config["args"][2], config["args"][-1]
    wheel = next((unpacked / "server").glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    # As a host does for what the person left open: a reference without an answer stays as it stands.
    env = {**config["env"], "READ_ONLY": "false", "TOOLSETS": "default", "ALLOWED_BASES": ""}
    env |= {"PYTHONPATH": str(tmp_path / "installed"), "DATA_DIR": str(tmp_path / "data")}
    server = StdioServerParameters(command=sys.executable, args=[entry_point], env=env, cwd=str(unpacked))

    async with Client(server) as client:
        tools = (await client.list_tools()).tools
        answer = (await client.call_tool("list_bases", {})).content[0]

    assert (config["command"], config["args"][:2], directory) == (
        "uv",
        ["run", "--directory"],
        "${__dirname}",
    )
    assert [tool.name for tool in tools] == [tool["name"] for tool in manifest_of(unpacked)["tools"]]
    assert isinstance(answer, TextContent)
    assert "NYC Flights 2013" in answer.text


def test_the_code_that_speaks_is_that_of_the_wheel(unpacked, tmp_path):
    with zipfile.ZipFile(next((unpacked / "server").glob("*.whl"))) as archive:
        archive.extractall(tmp_path)
    told = subprocess.run(
        [sys.executable, "-c", "import pyairtable_app.cli as cli; print(cli.__file__)"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == str(tmp_path / "pyairtable_app" / "cli.py")
