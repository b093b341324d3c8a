"""A tool: a function over Airtable, with what a model must know to call it."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

from airtable_gateway import Gateway

P = ParamSpec("P")
R = TypeVar("R", bound=Mapping[str, Any])

Validation = Literal["airtable", "strict", "off"]

RESULT_BUDGET = 60_000
"""Characters of a result's JSON: about 15,000 tokens, well below the 25,000 at which clients cut."""


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool may use: Airtable, the size of a result, a folder for large exports, the time.

    `validation` is what a write is held to before it is sent: what Airtable takes, with warnings where strict
    rules would refuse; the strict rules themselves; or nothing.
    """

    gateway: Gateway
    result_budget: int = RESULT_BUDGET
    exports: Path | None = None
    validation: Validation = "airtable"
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


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


@dataclass(frozen=True, slots=True)
class Tool:
    """A member of TOOLS. `run` takes the context and the arguments and returns the structured result.

    `narrower` tells a model how to ask for less, and `lean` says what goes first when a result is too long.
    """

    name: str
    description: str
    effect: Effect
    run: Callable[..., Awaitable[Mapping[str, Any]]] = field(repr=False)
    narrower: str = ""
    lean: Lean | None = None


def parameters_of(tool: Tool) -> dict[str, bool]:
    """The names of a tool's parameters, and whether each is required."""
    given = list(inspect.signature(tool.run).parameters.values())[1:]
    return {parameter.name: parameter.default is parameter.empty for parameter in given}


def tool(
    effect: Effect, *, narrower: str = "", lean: Lean | None = None
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
        )

    return declare
