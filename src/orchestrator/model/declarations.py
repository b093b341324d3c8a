"""The tools as functions of the model: names that it allows, their schemas, arguments by schema."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from orchestrator.model.coercing import coerced
from orchestrator.model.keywords import known
from orchestrator.toolbox.port import Tool

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,63}")
_ELSE = re.compile(r"[^A-Za-z0-9_.\-]")
_HASHED = 8


@dataclass(frozen=True, slots=True)
class Declarations:
    """What the model is told of the tools, and what its calls mean. `by_name` has the names told.

    `schemas` are the tools' own, without words that JSON Schema does not know.
    """

    by_name: Mapping[str, Tool]
    schemas: Mapping[str, Any]

    @classmethod
    def of(cls, tools: Iterable[Tool]) -> "Declarations":
        """The declarations of these tools; the order stays, the names stay where they can."""
        given = list(tools)
        names = {tool.name for tool in given}
        by_name = {_told(tool.name, names): tool for tool in given}
        return cls(by_name, {name: known(tool.schema) for name, tool in by_name.items()})

    def to_json(self) -> list[dict[str, Any]]:
        """Function declarations."""
        return [
            {"name": name, "description": tool.description, "parameters_json_schema": self.schemas[name]}
            for name, tool in self.by_name.items()
        ]

    def tool(self, name: str) -> Tool | None:
        """The tool that is told by that name."""
        return self.by_name.get(name)

    def arguments(self, tool: Tool, given: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments with whole numbers where the schema wants integers: the wire may say 3.0."""
        arguments: dict[str, Any] = coerced(given, tool.schema)
        return arguments

    def near(self, name: str) -> list[str]:
        """Names like that one."""
        return get_close_matches(name, self.by_name, n=3)


def _told(name: str, taken: set[str]) -> str:
    """The name, or one like it that the model allows and no other tool has."""
    if _NAME.fullmatch(name):
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()
    plain = _ELSE.sub("_", name)
    plain = plain if re.match(r"[A-Za-z_]", plain) else f"_{plain}"
    for place in range(0, len(digest) - _HASHED, _HASHED):
        told = f"{plain[: 63 - _HASHED]}_{digest[place : place + _HASHED]}"
        if told not in taken:
            taken.add(told)
            return told
    raise ValueError(f"No name can be made for the tool {name!r}.")
