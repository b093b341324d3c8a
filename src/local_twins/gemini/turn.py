"""What a model says in one turn: thoughts, text, calls, and what goes wrong on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """A function that the model asks for; without an id the twin gives one."""

    name: str
    args: Mapping[str, Any]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request instead of the whole reply.

    `status` alone refuses the request; with `after` chunks it is an error in the middle of the stream.
    `drop` closes the socket after so many chunks; `truncate` ends the stream there without a finish reason.
    """

    status: int = 0
    message: str = "The service is currently unavailable."
    retry_delay: str = ""
    after: int | None = None
    drop: int | None = None
    truncate: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One reply. `texts` and `thoughts` are streamed a chunk each, then the calls, then the finish reason.

    `usage` overrides what the twin counts (prompt, cached, output, thinking, tool: tokens). `served` is the
    modelVersion of the reply when it is not the model that was asked. `block` refuses the prompt.
    `pause_seconds` pass before each chunk. `signed` False leaves the thought signature away.
    """

    texts: tuple[str, ...] = ()
    thoughts: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    finish: str = "STOP"
    usage: Mapping[str, int] | None = None
    served: str = ""
    block: str = ""
    continuation: str = ""
    pause_seconds: float = 0.0
    signed: bool = True
    faults: tuple[Fault, ...] = ()
