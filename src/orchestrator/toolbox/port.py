"""What the loop asks of its tools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

Json: TypeAlias = Mapping[str, Any]

Effect = Literal["reads", "writes", "destroys"]
"""What a call may do to a base, by our own table: what is not in it destroys."""

DRY_RUN = "dry_run"
"""The argument with which a write only shows what it would do."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as the model is told of it; `schema` is the MCP server's, verbatim.

    `is_outside` says that what it answers may come from outside of the base: files, the web.
    A tool that is not known to our table is both outside and not believed when it speaks of dry runs.
    """

    name: str
    description: str
    schema: Json
    effect: Effect
    is_outside: bool = False
    is_known: bool = True

    def effect_of(self, arguments: Json) -> Effect:
        """What this very call does: a dry run of a known tool only reads."""
        flag = self.schema.get("properties", {}).get(DRY_RUN) if self.is_known else None
        if flag is None:
            return self.effect
        return "reads" if arguments.get(DRY_RUN, flag.get("default", False)) is True else self.effect


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call. `key` keeps it from running twice, `acting_for` is the person on whose behalf it runs.

    `approved_sha256` is the hash of the call that a person approved: a confirmation asked by the server is
    answered with yes only if it is the hash of this one.
    """

    name: str
    arguments: Json
    key: str = ""
    acting_for: str = ""
    approved_sha256: str = ""


@dataclass(frozen=True, slots=True)
class ToolOutcome:
    """What a tool answered: text, a structure if it fits, or a refusal in `text` with `is_error`.

    Whatever is in it is data that someone wrote, and no instruction.
    """

    text: str
    structured: Json | None = None
    is_error: bool = False
    is_truncated: bool = False
    meta: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a call would change: as the tool tells it, and record by record where the tool does.

    A difference is {id or index, before?, after?}: the cells by the names of their fields.
    """

    text: str = ""
    differences: tuple[Json, ...] = ()


class Toolbox(Protocol):
    """The tools of one MCP server."""

    async def tools(self) -> Sequence[Tool]:
        """All of them, sorted by name. Raises ToolsUnreachable, or ToolsChanged if they are not as agreed."""
        ...

    async def call(self, call: ToolCall) -> ToolOutcome:
        """Execute the call. Raises ToolsUnreachable."""
        ...

    async def preview(self, call: ToolCall) -> Preview:
        """What the call would change, from a dry run; empty when the tool offers none."""
        ...
