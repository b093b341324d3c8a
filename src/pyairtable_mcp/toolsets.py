"""Which tools a server offers: by toolset and by name, chosen when it starts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType

from pyairtable_mcp.tool import Tool
from pyairtable_mcp.tools import TOOLS
from pyairtable_mcp.tools.sets import DEFAULT, SETS

TOOLSETS = MappingProxyType(SETS)

_NAMES = {tool.name: tool for tool in TOOLS}


class UnknownTool(ValueError):
    """There is no toolset, or no tool, of that name."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = list(known)
        near = get_close_matches(name.casefold(), names, n=1, cutoff=0.4)
        remedy = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names)}."
        super().__init__(f"there is no {kind} {name!r}. {remedy}")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wished for; `toolsets` and `tools` empty is the default.

    `toolsets` are names, "default" or "all"; `tools` are offered beside them, or alone without any toolset;
    `excluded` are not offered, whatever offers them; `is_read_only` wins over everything.
    """

    toolsets: Sequence[str] = ()
    tools: Sequence[str] = ()
    excluded: Sequence[str] = ()
    is_read_only: bool = False

    def members(self) -> tuple[Tool, ...]:
        """The tools that are offered, in the fixed order of all. Raises UnknownTool."""
        wished = {tool.name for name in self._sets() for tool in _set(name)}
        wished |= {_tool(name).name for name in self.tools}
        wished -= {_tool(name).name for name in self.excluded}
        return tuple(
            tool
            for tool in TOOLS
            if tool.name in wished and (tool.effect.reads_only or not self.is_read_only)
        )

    def _sets(self) -> Sequence[str]:
        return self.toolsets or (() if self.tools else ("default",))


def _set(name: str) -> tuple[Tool, ...]:
    match name:
        case "all":
            return TOOLS
        case "default":
            return tuple(tool for each in DEFAULT for tool in SETS[each])
        case _ if name in SETS:
            return SETS[name]
        case _:
            raise UnknownTool("toolset", name, ["default", "all", *SETS])


def _tool(name: str) -> Tool:
    if name not in _NAMES:
        raise UnknownTool("tool", name, _NAMES)
    return _NAMES[name]
