"""What the MCP registry is told: the release that this is, in the registry's form."""

import importlib.util
import json
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from pyairtable_app.settings import VARIABLES

ROOT = Path(__file__).parents[2]
WRITTEN = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))

INPUT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "description"],
    "properties": {
        "name": {"type": "string", "pattern": "^[A-Z][A-Z_]*$"},
        "description": {"type": "string", "minLength": 1},
        "default": {"type": "string"},
        "placeholder": {"type": "string"},
        "format": {"enum": ["string", "number", "boolean", "filepath"]},
        "choices": {"type": "array", "items": {"type": "string"}},
        "isRequired": {"type": "boolean"},
        "isSecret": {"type": "boolean"},
    },
}
RULES: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["$schema", "name", "title", "description", "version", "packages"],
    "properties": {
        "$schema": {"const": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"},
        "name": {
            "type": "string",
            "minLength": 3,
            "maxLength": 200,
            "pattern": "^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$",
        },
        "title": {"type": "string", "minLength": 1, "maxLength": 100},
        "description": {"type": "string", "minLength": 1, "maxLength": 100},
        "version": {"type": "string", "pattern": r"^\d+\.\d+\.\d+([a-z.-][\w.-]*)?$"},
        "packages": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["registryType", "identifier", "version", "transport"],
                "properties": {
                    "registryType": {"enum": ["npm", "pypi", "oci", "nuget", "mcpb"]},
                    "identifier": {"type": "string"},
                    "version": {"type": "string", "pattern": r"^\d+\.\d+\.\d+([a-z.-][\w.-]*)?$"},
                    "runtimeHint": {"type": "string"},
                    "transport": {"const": {"type": "stdio"}},
                    "packageArguments": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["type", "value"],
                            "properties": {"type": {"const": "positional"}, "value": {"type": "string"}},
                        },
                    },
                    "environmentVariables": {"type": "array", "items": INPUT},
                },
            },
        },
    },
}
"""What of the registry's schema of 2025-12-11 this file touches, in words of our own."""


@pytest.fixture(scope="module")
def script() -> Any:
    spec = importlib.util.spec_from_file_location(
        "write_server_json", ROOT / "scripts" / "write_server_json.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_file_is_what_the_settings_and_the_package_make_it(script):
    """`python scripts/write_server_json.py` writes it anew."""
    assert (ROOT / "server.json").read_text(encoding="utf-8") == script.written()


def test_it_has_the_registrys_form():
    jsonschema.validate(WRITTEN, RULES, jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "pyairtable"},
        {"description": "x" * 101},
        {"version": ">=0.1"},
        {"packages": [{**WRITTEN["packages"][0], "version": "latest"}]},
        {"remote": "https://example.com"},
    ],
)
def test_the_form_refuses_what_the_registry_refuses(wrong):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**WRITTEN, **wrong}, RULES, jsonschema.Draft202012Validator)


def test_its_versions_and_its_package_are_those_that_are_installed():
    [package] = WRITTEN["packages"]

    assert WRITTEN["version"] == package["version"] == version("pyairtable-mcp")
    assert package["identifier"] == metadata("pyairtable-mcp")["Name"]


def test_every_secret_is_marked_and_every_variable_is_one_of_the_settings():
    asked = {one["name"]: one for one in WRITTEN["packages"][0]["environmentVariables"]}

    assert set(asked) <= {variable.name for variable in VARIABLES}
    assert [name for name, one in asked.items() if one.get("isSecret")] == ["AIRTABLE_API_KEY"]
