"""Build dist/pyairtable-mcp.mcpb: the server as one file for Claude Desktop and other hosts of MCP bundles.

A bundle is a zip archive with a manifest (MCPB manifest specification 0.4). Of its type "uv" the host brings
Python and installs the dependencies, so one file is good for every platform. The same sources give the same
bytes.
"""

import json
import re
import sys
import tomllib
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.wheel import WheelBuilder

from pyairtable_mcp import Selection

ROOT = Path(__file__).parents[1]
BUNDLE = ROOT / "dist" / "pyairtable-mcp.mcpb"
PACKAGE = "pyairtable-mcp"
ENTRY_POINT = "server/main.py"
_FIRST_INSTANT = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can name."""
_READABLE = 0o100644 << 16

ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "airtable_token": (
        "AIRTABLE_API_KEY",
        {
            "type": "string",
            "title": "Airtable personal access token",
            "description": "From Airtable's Builder hub (pat...). Empty: two sample bases to try it on.",
            "sensitive": True,
            "required": False,
        },
    ),
    "read_only": (
        "READ_ONLY",
        {
            "type": "boolean",
            "title": "Read only",
            "description": "Offer no tool that writes.",
            "default": False,
            "required": False,
        },
    ),
    "toolsets": (
        "TOOLSETS",
        {
            "type": "string",
            "title": "Toolsets",
            "description": "default, all, or names separated by commas: core, schema, comments, webhooks...",
            "default": "default",
            "required": False,
        },
    ),
    "allowed_bases": (
        "ALLOWED_BASES",
        {
            "type": "string",
            "title": "Allowed bases",
            "description": "Names or ids separated by commas; empty allows all that the token sees.",
            "default": "",
            "required": False,
        },
    ),
    "upload_folder": (
        "UPLOAD_DIR",
        {
            "type": "directory",
            "title": "Upload folder",
            "description": "The only folder from which files may be attached; none without it.",
            "required": False,
        },
    ),
}
"""What the host asks the person: the variable that takes the answer, and the question."""


def main() -> None:
    """Build the bundle and say where it is."""
    BUNDLE.parent.mkdir(exist_ok=True)
    build(BUNDLE)
    sys.stdout.write(f"{BUNDLE.relative_to(ROOT)}: {BUNDLE.stat().st_size:,} bytes\n")


def build(path: Path) -> None:
    """Write the bundle to `path`."""
    with TemporaryDirectory() as folder:
        wheel = Path(next(WheelBuilder(str(ROOT)).build(directory=folder, versions=["standard"])))
        files = {
            "manifest.json": as_json(manifest()),
            "pyproject.toml": project(wheel.name).encode(),
            ENTRY_POINT: (ROOT / "deploy" / "mcpb" / "main.py").read_bytes(),
            f"server/{wheel.name}": wheel.read_bytes(),
            "LICENSE": (ROOT / "LICENSE").read_bytes(),
            "THIRD_PARTY.md": (ROOT / "THIRD_PARTY.md").read_bytes(),
        }
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _FIRST_INSTANT)
            entry.external_attr = _READABLE
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=9)


def manifest() -> dict[str, Any]:
    """The bundle as the host shows it, asks for it and starts it."""
    about = _about()
    return {
        "manifest_version": "0.4",
        "name": PACKAGE,
        "display_name": "PyAirtable",
        "version": _about()["version"],
        "description": "Read, check and change Airtable bases; every write shown beforehand and undoable.",
        "long_description": about["description"],
        "author": {"name": "The PyAirtable MCP authors"},
        "license": about["license"],
        "keywords": about["keywords"],
        "server": {
            "type": "uv",
            "entry_point": ENTRY_POINT,
            "mcp_config": {
                "command": "uv",
                "args": ["run", "--directory", "${__dirname}", ENTRY_POINT],
                "env": {variable: f"${{user_config.{name}}}" for name, (variable, _) in ANSWERS.items()},
            },
        },
        "tools": [{"name": tool.name, "description": tool.description} for tool in Selection().members()],
        # Other toolsets offer more than these, and prompts are made for the arguments that they are given.
        "tools_generated": True,
        "prompts_generated": True,
        "privacy_policies": ["https://www.airtable.com/company/privacy"],
        "compatibility": {
            "platforms": ["darwin", "linux", "win32"],
            "runtimes": {"python": about["requires-python"]},
        },
        "user_config": {name: question for name, (_, question) in ANSWERS.items()},
    }


def project(wheel: str) -> str:
    """What uv installs: the wheel beside it, with the versions that our lock names."""
    pins = "".join(f"    {json.dumps(pin)},\n" for pin in locked())
    return (
        "[project]\n"
        f'name = "{PACKAGE}-bundle"\n'
        f'version = "{_about()["version"]}"\n'
        f'requires-python = "{_about()["requires-python"]}"\n'
        f'dependencies = ["{PACKAGE}"]\n\n'
        "[tool.uv]\n"
        "package = false\n"
        f"constraint-dependencies = [\n{pins}]\n\n"
        "[tool.uv.sources]\n"
        f'{PACKAGE} = {{ path = "server/{wheel}" }}\n'
    )


def locked() -> list[str]:
    """The requirements of the lock, without their hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return [line.strip() for line in re.findall(r"^([A-Za-z0-9][^\\\n]*==[^\\\n]*)", text, re.MULTILINE)]


def as_json(value: Any) -> bytes:
    """Indented, as a person reads it."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _about() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


if __name__ == "__main__":
    main()
