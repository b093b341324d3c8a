"""Install what is handed out into empty places, from the package index, and speak with what it starts.

The wheel with pip into a new environment, and through uvx; the bundle with the command of its manifest. Each
must say its version, list its tools and read the sample bases. Needs the network: `make test-dist`.
"""

import asyncio
import json
import os
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from hatchling.builders.wheel import WheelBuilder
from mcp import Client, StdioServerParameters
from mcp.types import TextContent

from build_mcpb import build
from pyairtable_app.settings import VARIABLES

ROOT = Path(__file__).parents[1]
UV = str(Path(sys.executable).with_name("uv"))


def main() -> None:
    """Try each way in a folder of its own."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        wheel = next(WheelBuilder(str(ROOT)).build(directory=folder, versions=["standard"]))
        for name, trial in (("pip", _pip), ("uvx", _uvx), ("mcpb", _mcpb)):
            (place / name).mkdir()
            sys.stdout.write(f"{name}: {trial(place / name, wheel)}\n")


def _pip(place: Path, wheel: str) -> str:
    subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
    pip = [place / "venv" / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", wheel]
    subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
    command = str(place / "venv" / "bin" / "pyairtable-mcp")
    told = subprocess.run([command, "--version"], check=True, capture_output=True, text=True).stdout
    _expect(told.strip() == f"pyairtable-mcp {version('pyairtable-mcp')}", told)
    return asyncio.run(_spoken(StdioServerParameters(command=command, args=["stdio"], env=_env(place))))


def _uvx(place: Path, wheel: str) -> str:
    arguments = ["tool", "run", "--from", wheel, "pyairtable-mcp", "stdio"]
    return asyncio.run(_spoken(StdioServerParameters(command=UV, args=arguments, env=_env(place))))


def _mcpb(place: Path, _: str) -> str:
    """As a host does: unpack, put answers in place of the references, start the command."""
    build(place / "bundle.mcpb")
    with zipfile.ZipFile(place / "bundle.mcpb") as archive:
        archive.extractall(place / "unpacked")
    config = json.loads((place / "unpacked" / "manifest.json").read_text())["server"]["mcp_config"]
    arguments = [word.replace("${__dirname}", str(place / "unpacked")) for word in config["args"]]
    command = UV if config["command"] == "uv" else config["command"]
    env = {**config["env"], **_env(place)}
    return asyncio.run(_spoken(StdioServerParameters(command=command, args=arguments, env=env)))


async def _spoken(server: StdioServerParameters) -> str:
    """What a client gets from the server."""
    async with Client(server) as client:
        tools = (await client.list_tools()).tools
        answer = (await client.call_tool("list_bases", {})).content[0]
    _expect(isinstance(answer, TextContent) and "NYC Flights 2013" in answer.text, str(answer))
    return f"{len(tools)} tools, and the sample bases"


def _env(place: Path) -> dict[str, str]:
    """The environment without our own packages and settings."""
    ours = {"PYTHONPATH", "VIRTUAL_ENV", *(variable.name for variable in VARIABLES)}
    given = {name: value for name, value in os.environ.items() if name not in ours}
    return {**given, "DATA_DIR": str(place / "data"), "UV_PYTHON": sys.executable}


def _expect(holds: bool, told: str) -> None:  # noqa: FBT001 - what holds is the whole sense of it
    if not holds:
        raise SystemExit(f"It did not do what it should: {told}")


if __name__ == "__main__":
    main()
