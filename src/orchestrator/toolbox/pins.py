"""What tools were agreed to, by hashes over all that a model is told of them, and what differs after."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestrator.toolbox.port import Tool

_DIGITS = 16
"""Of a tool's own hash: enough to see a change, and short in every session's log."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The names of the tools that came, went, or are told otherwise now."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The difference in words."""
        parts = (("new", self.added), ("gone", self.removed), ("changed", self.changed))
        return "; ".join(f"{word}: {', '.join(names)}" for word, names in parts if names)


def fingerprint(tools: Sequence[Tool]) -> str:
    """The same for the same names, descriptions and schemas, in any order."""
    return _hash(sorted([tool.name, tool.description, tool.schema] for tool in tools))


def digests(tools: Sequence[Tool]) -> dict[str, str]:
    """A short hash of each tool by its name."""
    return {tool.name: _hash([tool.description, tool.schema])[:_DIGITS] for tool in tools}


def difference(before: Mapping[str, str], now: Mapping[str, str]) -> Difference:
    """What differs between the digests of two lists."""
    return Difference(
        added=tuple(sorted(now.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - now.keys())),
        changed=tuple(sorted(name for name in now.keys() & before.keys() if now[name] != before[name])),
    )


def _hash(value: object) -> str:
    said = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
