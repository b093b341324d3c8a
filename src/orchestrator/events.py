"""What happens in a session: the events of its log, and the moments between them that are only shown.

The log is the truth. A conversation is what its events say when they are read in order, so a run can be
resumed by any process from the log alone. Moments (`TextDelta`, `ThoughtDelta`) are never kept: whoever
missed them reads the message that they became.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias

Json: TypeAlias = Mapping[str, Any]

Outcome = Literal["done", "waiting", "cancelled", "failed", "stopped"]
"""How a run ended: with an answer; at an approval; by its person; by a fault; at a limit."""

Decision = Literal["approved", "denied", "edited", "expired"]


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run began; `model` is what will be asked, `options` what the person chose for this run."""

    kind: ClassVar[str] = "run_started"
    run: str
    model: str
    options: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UserMessage:
    """The person said something."""

    kind: ClassVar[str] = "user_message"
    run: str
    text: str


@dataclass(frozen=True, slots=True)
class ToolsListed:
    """The tools that the session works with from here on: a digest of what is told of each, by its name.

    The others name what differs from the list before, if there was one.
    """

    kind: ClassVar[str] = "tools_listed"
    run: str
    tools: Json
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def differences(self) -> dict[str, list[str]]:
        """What differs, by kind; empty for the first list of a session."""
        kinds = {"added": self.added, "removed": self.removed, "changed": self.changed}
        return {kind: list(names) for kind, names in kinds.items() if names}


@dataclass(frozen=True, slots=True)
class ModelMessage:
    """The model answered. `parts` are the wire's own, verbatim: signatures in them must survive.

    `finish` is the wire's finish reason; `usage` counts tokens: prompt (with cached ones), cached, output,
    thinking, tool. With `continuation` the next message is the rest of this one. `provider` says whose model
    `model_served` is.
    """

    kind: ClassVar[str] = "model_message"
    run: str
    parts: tuple[Json, ...]
    finish: str
    usage: Json
    model_served: str
    continuation: str = ""
    provider: str = "google"


@dataclass(frozen=True, slots=True)
class CostCounted:
    """What a model call cost, in micro-dollars, and what the run has cost so far."""

    kind: ClassVar[str] = "cost_counted"
    run: str
    request: str
    micros: int
    run_micros: int
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class BudgetWarned:
    """A budget is nearly used up: `scope` names it, both amounts are micro-dollars."""

    kind: ClassVar[str] = "budget_warned"
    run: str
    scope: str
    spent_micros: int
    limit_micros: int


@dataclass(frozen=True, slots=True)
class ApprovalRequested:
    """A call waits for a person: exactly this call, and what it would change.

    `differences` are {id or index, before?, after?} a record, where the tool tells them and they are few.
    """

    kind: ClassVar[str] = "approval_requested"
    run: str
    approval: str
    call: str
    tool: str
    arguments: Json
    arguments_sha256: str
    preview: str
    reason: str
    expires_at: str
    differences: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovalDecided:
    """A person, or time, decided; `arguments` are the edited ones."""

    kind: ClassVar[str] = "approval_decided"
    run: str
    approval: str
    call: str
    decision: Decision
    by: str
    reason: str = ""
    arguments: Json | None = None


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A call is about to be executed; logged before it is, under the key that keeps it from running twice."""

    kind: ClassVar[str] = "tool_started"
    run: str
    call: str
    tool: str
    arguments: Json
    key: str


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """A call has its answer: `output` for programs, or `error`; never both.

    `text` is the answer as the model reads it, in far fewer characters; without one it reads `output`.
    """

    kind: ClassVar[str] = "tool_finished"
    run: str
    call: str
    tool: str
    output: Any = None
    error: str = ""
    is_truncated: bool = False
    seconds: float = 0.0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Compacted:
    """The conversation up to and with event `until` is from now on told by `summary`."""

    kind: ClassVar[str] = "compacted"
    run: str
    until: int
    summary: str


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event of every run. `code` and `message` say why it did not end with an answer."""

    kind: ClassVar[str] = "run_finished"
    run: str
    outcome: Outcome
    micros: int
    code: str = ""
    message: str = ""


Event: TypeAlias = (
    RunStarted
    | UserMessage
    | ToolsListed
    | ModelMessage
    | CostCounted
    | BudgetWarned
    | ApprovalRequested
    | ApprovalDecided
    | ToolStarted
    | ToolFinished
    | Compacted
    | RunFinished
)

EVENTS: tuple[type[Event], ...] = (
    RunStarted,
    UserMessage,
    ToolsListed,
    ModelMessage,
    CostCounted,
    BudgetWarned,
    ApprovalRequested,
    ApprovalDecided,
    ToolStarted,
    ToolFinished,
    Compacted,
    RunFinished,
)
"""Every kind of event that a log may hold."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer, while the model speaks."""

    kind: ClassVar[str] = "text_delta"
    run: str
    text: str


@dataclass(frozen=True, slots=True)
class ThoughtDelta:
    """More of what the model thinks, in summary."""

    kind: ClassVar[str] = "thought_delta"
    run: str
    text: str


Delta: TypeAlias = TextDelta | ThoughtDelta


@dataclass(frozen=True, slots=True)
class Logged:
    """An event in its place: `number` counts from 1 within its session and has no gaps."""

    session: str
    number: int
    at: datetime
    event: Event


_BY_KIND: Mapping[str, type[Event]] = {event.kind: event for event in EVENTS}


def told(event: Event | Delta) -> dict[str, Any]:
    """The event's fields, without its kind, for whoever writes them as JSON at once."""
    return {part.name: getattr(event, part.name) for part in fields(event)}


def to_json(event: Event | Delta) -> dict[str, Any]:
    """The event's fields as JSON, without its kind."""
    made: dict[str, Any] = json.loads(json.dumps(told(event)))
    return made


def from_json(kind: str, data: Json) -> Event:
    """The event of that kind. Raises KeyError for a kind that is not known."""
    made = _BY_KIND[kind]
    known = {part.name for part in fields(made)}
    given = {name: _frozen(value) for name, value in data.items() if name in known}
    return made(**given)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
