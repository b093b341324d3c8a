"""Packages that only some tools need: looked for when the server starts, not when a model calls."""

from collections.abc import Iterable, Mapping
from importlib.util import find_spec

from pyairtable_app.errors import CannotServe
from pyairtable_mcp import Tool

_PACKAGES: Mapping[str, str] = {"sql": "duckdb"}
"""What each extra of the distribution installs."""


def require_extras(tools: Iterable[Tool], packages: Mapping[str, str] = _PACKAGES) -> None:
    """Raises CannotServe when a tool is offered whose package is not installed."""
    for tool in tools:
        package = packages.get(tool.extra, "")
        if package and find_spec(package) is None:
            raise CannotServe(
                f"The tool {tool.name} needs the package {package}: install pyairtable-mcp[{tool.extra}], "
                f"or leave the tool out (--exclude-tools {tool.name})."
            )
