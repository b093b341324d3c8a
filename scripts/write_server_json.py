"""Write server.json, which tells the MCP registry of a release.

Format: the registry's server.json of 2025-12-11. A test holds the file against what this would write, so that
its version is the package's and its variables are the settings'.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

from pyairtable_app.settings import VARIABLES

ROOT = Path(__file__).parents[1]
FILE = ROOT / "server.json"
SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
NAME = "io.github.pyairtable-mcp/pyairtable-mcp"
"""Whoever publishes proves that the part before the slash is theirs; the README's marker says the same."""
MARKER = f"<!-- mcp-name: {NAME} -->"
"""The line by which the registry sees that the package on the index is that of server.json."""

_FORMATS: dict[str, dict[str, Any]] = {
    "AIRTABLE_API_KEY": {"isSecret": True, "placeholder": "pat..."},
    "AIRTABLE_API_KEY_FILE": {"format": "filepath"},
    "TOOLSETS": {},
    "READ_ONLY": {"choices": ["off", "on"]},
    "ALLOWED_BASES": {},
    "ALLOWED_TABLES": {},
    "UPLOAD_DIR": {"format": "filepath"},
    "DATA_DIR": {"format": "filepath"},
}
"""The variables that a client asks a person for, with what it must know of each."""


def server_json() -> dict[str, Any]:
    """The server as the registry tells clients of it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "$schema": SCHEMA,
        "name": NAME,
        "title": "PyAirtable MCP",
        "description": "Read, check and change Airtable bases: formulas, validation, every write undoable.",
        "version": project["version"],
        "packages": [
            {
                "registryType": "pypi",
                "identifier": project["name"],
                "version": project["version"],
                "runtimeHint": "uvx",
                "transport": {"type": "stdio"},
                "packageArguments": [{"type": "positional", "value": "stdio"}],
                "environmentVariables": [
                    {
                        "name": variable.name,
                        "description": variable.meaning,
                        **({"default": variable.default} if variable.default else {}),
                        **_FORMATS[variable.name],
                    }
                    for variable in VARIABLES
                    if variable.name in _FORMATS
                ],
            }
        ],
    }


def written() -> str:
    """The file's text."""
    return json.dumps(server_json(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
