"""A tool: a function over Airtable, with what a model must know to call it."""

import inspect
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import (
    BaseSchema,
    EndpointSource,
    FieldNotFound,
    Gateway,
    JournaledGateway,
    TableNotFound,
    TableSchema,
)
from pyairtable_mcp import cursors
from pyairtable_mcp.allow_list import EVERYTHING, AllowList
from pyairtable_mcp.caller import NOBODY, Caller
from pyairtable_mcp.consent import Handles, Question, require_consent
from pyairtable_mcp.cursors import Position

P = ParamSpec("P")
R = TypeVar("R", bound=Mapping[str, Any])

Validation = Literal["airtable", "strict", "off"]

RESULT_BUDGET = 60_000
"""Characters of a result's JSON: about 15,000 tokens, well below the 25,000 at which clients cut."""


@dataclass(frozen=True, slots=True)
class Caps:
    """How many records one call may read and write."""

    read: int = 100_000
    written: int = 10_000


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool may use: Airtable, the size of a result, folders, limits, the time.

    `validation` is what a write is held to before it is sent: what Airtable takes, with warnings where strict
    rules would refuse; the strict rules themselves; or nothing. `exports` takes what is too large for a
    result, `uploads` is the only folder from which files are sent, `secrets` is where those of webhooks are
    kept for the server's owner, and `endpoints` name the one server whose files are fetched unasked.
    `allowed` is what the gateway is limited to. `seal_key` seals cursors: processes that share it take each
    other's. `caller` is who makes the call, `journal` where it is noted, and `hidden` the tools that are not
    offered, which no word may name; the server fills them in.
    """

    gateway: Gateway
    result_budget: int = RESULT_BUDGET
    exports: Path | None = None
    uploads: Path | None = None
    secrets: Path | None = None
    endpoints: EndpointSource | None = None
    validation: Validation = "airtable"
    caps: Caps = Caps()
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    handles: Handles = field(default_factory=lambda: Handles(time.time))
    seal_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    caller: Caller = NOBODY
    journal: JournaledGateway | None = None
    allowed: AllowList = EVERYTHING
    hidden: frozenset[str] = frozenset()

    async def table(
        self, base: str, table: str, fields: Sequence[str] = (), *, rechecked: bool = False
    ) -> TableSchema:
        """The table of that name or id: see `schema_with`. Raises TableNotFound besides."""
        return (await self.schema_with(base, table, fields, rechecked=rechecked)).table(table)

    async def schema_with(
        self, base: str, table: str, fields: Sequence[str] = (), *, rechecked: bool = False
    ) -> BaseSchema:
        """The base's schema; not a kept one that lacks that table or those fields, which may be newer.

        `rechecked` as in `SchemaReader.schema`. Raises BaseNotFound and Refused.
        """
        kept = await self.gateway.schema(base, rechecked=rechecked)
        return kept if _has(kept, table, fields) else await self.gateway.schema(base, fresh=True)

    def cursor(self, position: Position, question: object) -> str:
        """A cursor that goes on at `position`, for this caller and this question alone."""
        bound = [self.caller.principal, question]
        return cursors.encode(position, bound, self.seal_key, now=self.now().timestamp())

    def position(self, cursor: str, question: object) -> Position:
        """Where `cursor` goes on; "" is the start. Raises ToolError."""
        bound = [self.caller.principal, question]
        return cursors.decode(cursor, bound, self.seal_key, now=self.now().timestamp())

    async def require_consent(self, question: Question, confirm: str) -> None:
        """Return when what the question is about may be done. Raises ToolError."""
        await require_consent(self.handles, self.caller, question, confirm)

    def require_few(self, count: int) -> None:
        """Raises ToolError when a call would write more records than one call may."""
        if count > self.caps.written:
            raise ToolError(
                f"One call may write {self.caps.written:,} records, and this one would write {count:,}. "
                "Nothing was written; split it."
            )


def _has(schema: BaseSchema, table: str, fields: Sequence[str]) -> bool:
    try:
        found = schema.table(table)
        for name in fields:
            found.field(name)
    except (TableNotFound, FieldNotFound):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Effect:
    """What a call does to the base, as MCP's annotations say it (spec: tool annotations)."""

    reads_only: bool
    destroys: bool = False
    repeats_safely: bool = False


READS = Effect(reads_only=True, repeats_safely=True)
ADDS = Effect(reads_only=False)
CHANGES = Effect(reads_only=False, destroys=True, repeats_safely=True)


@dataclass(frozen=True, slots=True)
class Lean:
    """A way to say less: the result without `left_out`, for when the whole is too long for one answer."""

    left_out: str
    make: Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Narrowable(dict[str, Any]):
    """A result of which a part is told when the whole is too long for one answer: `narrowed` makes it."""

    def __init__(self, whole: Mapping[str, Any], narrowed: Callable[[], Mapping[str, Any]]) -> None:
        super().__init__(whole)
        self.narrowed = narrowed


@dataclass(frozen=True, slots=True)
class Tool:
    """A member of TOOLS. `run` takes the context and the arguments and returns the structured result.

    `narrower` tells a model how to ask for less, and `lean` says what goes first when a result is too long.
    `extra` is the extra of the distribution that installs what the tool needs, "" for none.
    """

    name: str
    description: str
    effect: Effect
    run: Callable[..., Awaitable[Mapping[str, Any]]] = field(repr=False)
    narrower: str = ""
    lean: Lean | None = None
    extra: str = ""


def parameters_of(tool: Tool) -> dict[str, bool]:
    """The names of a tool's parameters, and whether each is required."""
    given = list(inspect.signature(tool.run).parameters.values())[1:]
    return {parameter.name: parameter.default is parameter.empty for parameter in given}


def tool(
    effect: Effect, *, narrower: str = "", lean: Lean | None = None, extra: str = ""
) -> Callable[[Callable[Concatenate[ToolContext, P], Awaitable[R]]], Tool]:
    """Make a Tool of a function: its name, its docstring, its typed parameters and its TypedDict result."""

    def declare(function: Callable[Concatenate[ToolContext, P], Awaitable[R]]) -> Tool:
        return Tool(
            name=function.__name__,
            description=" ".join((function.__doc__ or "").split()),
            effect=effect,
            run=function,
            narrower=narrower,
            lean=lean,
            extra=extra,
        )

    return declare
