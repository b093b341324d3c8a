"""The events of AG-UI 1.0 that are sent, as shapes."""

from typing import Any, Literal, NotRequired, TypeAlias

from typing_extensions import TypedDict

from orchestrator.web.openapi import At


class RunStartedEvent(TypedDict):
    """The first event of every run; the ids are the client's."""

    type: Literal["RUN_STARTED"]
    threadId: str
    runId: str
    protocolVersion: str


class TextStartEvent(TypedDict):
    """A message of the agent begins."""

    type: Literal["TEXT_MESSAGE_START"]
    messageId: str
    role: Literal["assistant"]


class ReasoningStartEvent(TypedDict):
    """A thought begins."""

    type: Literal["REASONING_MESSAGE_START"]
    messageId: str
    role: Literal["reasoning"]


class ContentEvent(TypedDict):
    """More of a message or of a thought."""

    type: Literal["TEXT_MESSAGE_CONTENT", "REASONING_MESSAGE_CONTENT"]
    messageId: str
    delta: str


class BoundaryEvent(TypedDict):
    """A message or a thought ends, or the span around a thought begins or ends."""

    type: Literal["TEXT_MESSAGE_END", "REASONING_START", "REASONING_MESSAGE_END", "REASONING_END"]
    messageId: str


class CallStartEvent(TypedDict):
    """A tool is called."""

    type: Literal["TOOL_CALL_START"]
    toolCallId: str
    toolCallName: str
    parentMessageId: NotRequired[str]


class CallArgumentsEvent(TypedDict):
    """More of the call's arguments, as JSON."""

    type: Literal["TOOL_CALL_ARGS"]
    toolCallId: str
    delta: str


class CallEndEvent(TypedDict):
    """The call is whole."""

    type: Literal["TOOL_CALL_END"]
    toolCallId: str


class CallResultEvent(TypedDict):
    """What the tool answered: JSON, or text."""

    type: Literal["TOOL_CALL_RESULT"]
    messageId: str
    toolCallId: str
    role: Literal["tool"]
    content: str


class CostValue(TypedDict):
    """What a model call cost, and the run so far, in micro-dollars."""

    micros: int
    run_micros: int
    is_estimated: bool


class CostEvent(TypedDict):
    """The cost so far."""

    type: Literal["CUSTOM"]
    name: Literal["cost"]
    value: CostValue


class RunValue(TypedDict):
    """Our own ids of the run and its session."""

    run: str
    session: str


class RunEvent(TypedDict):
    """Where the run can be found again."""

    type: Literal["CUSTOM"]
    name: Literal["run"]
    value: RunValue


class InterruptMetadata(TypedDict):
    """The call that waits, and what a rehearsal of it says."""

    tool: str
    arguments: dict[str, Any]
    arguments_sha256: str
    preview: str
    differences: list[dict[str, Any]]


class Interrupt(TypedDict):
    """A call that waits for a decision, to be answered in `resume`."""

    id: str
    reason: Literal["tool_approval"]
    message: str
    toolCallId: str
    responseSchema: dict[str, Any]
    expiresAt: At
    metadata: InterruptMetadata


class PlainOutcome(TypedDict):
    """The run is over."""

    type: Literal["success", "cancelled"]


class InterruptOutcome(TypedDict):
    """The run waits for decisions."""

    type: Literal["interrupt"]
    interrupts: list[Interrupt]


class TokenUsage(TypedDict):
    """Tokens of one model."""

    provider: str
    model: str
    inputTokens: int
    outputTokens: int
    reasoningTokens: int
    cachedInputTokens: int
    totalTokens: int


class Result(TypedDict):
    """What the run cost, in micro-dollars."""

    micros: int


class RunFinishedEvent(TypedDict):
    """The last event of a run that did not fail."""

    type: Literal["RUN_FINISHED"]
    threadId: str
    runId: str
    outcome: PlainOutcome | InterruptOutcome
    usage: list[TokenUsage]
    result: Result


class RunErrorEvent(TypedDict):
    """The last event of a run that failed, or that a limit stopped."""

    type: Literal["RUN_ERROR"]
    code: str
    message: str
    usage: NotRequired[list[TokenUsage]]


AgUiEvent: TypeAlias = (
    RunStartedEvent
    | TextStartEvent
    | ReasoningStartEvent
    | ContentEvent
    | BoundaryEvent
    | CallStartEvent
    | CallArgumentsEvent
    | CallEndEvent
    | CallResultEvent
    | CostEvent
    | RunEvent
    | RunFinishedEvent
    | RunErrorEvent
)
