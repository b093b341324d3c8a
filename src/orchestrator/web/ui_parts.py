"""The parts of the AI SDK's UI message stream that are sent, as shapes."""

from typing import Any, Literal, NotRequired, TypeAlias

from typing_extensions import TypedDict

from orchestrator.events import Outcome
from orchestrator.web.openapi import At


class SessionMetadata(TypedDict):
    """The session of ours that the chat stands for."""

    session: str


class RunMetadata(TypedDict):
    """How the run ended, and what it cost in micro-dollars."""

    run: str
    outcome: Outcome
    micros: int


class StartPart(TypedDict):
    """The message begins, or goes on after an approval."""

    type: Literal["start"]
    messageId: str
    messageMetadata: NotRequired[SessionMetadata]


class StepPart(TypedDict):
    """A reply of the model with the results of its calls begins or ends."""

    type: Literal["start-step", "finish-step"]


class BlockPart(TypedDict):
    """A text or a thought begins or ends."""

    type: Literal["text-start", "text-end", "reasoning-start", "reasoning-end"]
    id: str


class DeltaPart(TypedDict):
    """More of a text or a thought."""

    type: Literal["text-delta", "reasoning-delta"]
    id: str
    delta: str


class CallStartPart(TypedDict):
    """A tool is called."""

    type: Literal["tool-input-start"]
    toolCallId: str
    toolName: str
    dynamic: Literal[True]


class CallPart(TypedDict):
    """The call with its arguments."""

    type: Literal["tool-input-available"]
    toolCallId: str
    toolName: str
    dynamic: Literal[True]
    input: dict[str, Any]


class ApprovalPart(TypedDict):
    """The call waits for a decision."""

    type: Literal["tool-approval-request"]
    approvalId: str
    toolCallId: str


class OutputPart(TypedDict):
    """What the tool answered."""

    type: Literal["tool-output-available"]
    toolCallId: str
    dynamic: Literal[True]
    output: Any


class CallErrorPart(TypedDict):
    """Why the tool did not do it."""

    type: Literal["tool-output-error"]
    toolCallId: str
    dynamic: Literal[True]
    errorText: str


class DeniedPart(TypedDict):
    """The call was denied, or nobody approved it in time."""

    type: Literal["tool-output-denied"]
    toolCallId: str


class ApprovalData(TypedDict):
    """The call that waits, and what a rehearsal of it says."""

    approval: str
    call: str
    tool: str
    arguments: dict[str, Any]
    preview: str
    differences: list[dict[str, Any]]
    reason: str
    expires_at: At


class ApprovalDataPart(TypedDict):
    """What a person needs to know to decide."""

    type: Literal["data-approval"]
    data: ApprovalData


class CostData(TypedDict):
    """What a model call cost, and the run so far, in micro-dollars."""

    micros: int
    run_micros: int
    is_estimated: bool


class CostPart(TypedDict):
    """The cost so far."""

    type: Literal["data-cost"]
    data: CostData


class BudgetData(TypedDict):
    """A budget, and what was spent of it in micro-dollars."""

    scope: str
    spent: int


class BudgetPart(TypedDict):
    """A budget is nearly used up."""

    type: Literal["data-budget"]
    data: BudgetData


class ToolsData(TypedDict, total=False):
    """The names of tools that came, went, or are told otherwise since the session began."""

    added: list[str]
    removed: list[str]
    changed: list[str]


class ToolsPart(TypedDict):
    """The tools are not those that the session began with."""

    type: Literal["data-tools"]
    data: ToolsData


class MetadataPart(TypedDict):
    """How the run ended."""

    type: Literal["message-metadata"]
    messageMetadata: RunMetadata


class ErrorPart(TypedDict):
    """What went wrong."""

    type: Literal["error"]
    errorText: str


class AbortPart(TypedDict):
    """The run was cancelled."""

    type: Literal["abort"]
    reason: str


class FinishPart(TypedDict):
    """The message is over; at `tool-calls` it waits for a decision."""

    type: Literal["finish"]
    finishReason: Literal["stop", "tool-calls", "error"]


UiPart: TypeAlias = (
    StartPart
    | StepPart
    | BlockPart
    | DeltaPart
    | CallStartPart
    | CallPart
    | ApprovalPart
    | OutputPart
    | CallErrorPart
    | DeniedPart
    | ApprovalDataPart
    | CostPart
    | BudgetPart
    | ToolsPart
    | MetadataPart
    | ErrorPart
    | AbortPart
    | FinishPart
)
