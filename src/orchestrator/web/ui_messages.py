"""Events as the AI SDK's UI message stream (v1) tells them; see https://ai-sdk.dev."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from orchestrator.events import (
    ApprovalDecided,
    ApprovalRequested,
    BudgetWarned,
    CostCounted,
    Event,
    Logged,
    ModelMessage,
    RunFinished,
    ToolFinished,
    ToolsListed,
)
from orchestrator.web.conversing import Happening
from orchestrator.web.speech import Speech, pieces, thought_of

Json = dict[str, Any]


@dataclass(slots=True)
class UiMessages:
    """One answer as `useChat` reads it; `message` is the id of the message that grows.

    A step is a reply of the model with the results of its calls. `calls` are those that the message holds
    already: the client breaks at a result of any other.
    """

    message: str
    calls: set[str] = field(default_factory=set)
    _speech: Speech = field(default_factory=Speech)
    _open: str = ""
    _is_thought: bool = False
    _blocks: int = 0
    _has_spoken: bool = False
    _denied: set[str] = field(default_factory=set)

    def begun(self, session: str) -> Iterator[Json]:
        """The first parts; the session is told, so that its page can be found again."""
        yield {"type": "start", "messageId": self.message, "messageMetadata": {"session": session}}
        yield {"type": "start-step"}

    def failed(self, message: str) -> Iterator[Json]:
        """The last parts of an answer that broke."""
        yield from self._close()
        yield {"type": "error", "errorText": message}
        yield {"type": "finish", "finishReason": "error"}

    def parts(self, happening: Happening) -> Iterator[Json]:
        """What the happening is to the client."""
        thought, text = thought_of(happening), self._speech.more(happening)
        if thought or text:
            yield from self._next_step()
            yield from self._say(thought or text, is_thought=bool(thought))
        if isinstance(happening, Logged):
            yield from self._logged(happening)

    def _logged(self, logged: Logged) -> Iterator[Json]:
        match logged.event:
            case ModelMessage() as message:
                yield from self._message(message)
            case ApprovalRequested() as asked:
                yield {"type": "data-approval", "data": _approval(asked)}
                yield {
                    "type": "tool-approval-request",
                    "approvalId": asked.approval,
                    "toolCallId": asked.call,
                }
            case ApprovalDecided(decision="denied" | "expired", call=call):
                self._denied.add(call)
            case ToolFinished(call=call) as finished if call in self.calls:
                yield self._output(finished)
            case RunFinished() as ended:
                yield from self._end(ended)
            case other:
                yield from _beside(other)

    def _next_step(self) -> Iterator[Json]:
        """A reply after another one begins a step of its own."""
        if self._has_spoken:
            self._has_spoken = False
            yield {"type": "finish-step"}
            yield {"type": "start-step"}

    def _say(self, text: str, *, is_thought: bool) -> Iterator[Json]:
        if self._open and self._is_thought != is_thought:
            yield from self._close()
        kind = "reasoning" if is_thought else "text"
        if not self._open:
            self._blocks += 1
            self._open, self._is_thought = f"{self.message}-{self._blocks}", is_thought
            yield {"type": f"{kind}-start", "id": self._open}
        for piece in pieces(text):
            yield {"type": f"{kind}-delta", "id": self._open, "delta": piece}

    def _close(self) -> Iterator[Json]:
        if self._open:
            yield {"type": "reasoning-end" if self._is_thought else "text-end", "id": self._open}
            self._open = ""

    def _message(self, message: ModelMessage) -> Iterator[Json]:
        yield from self._close()
        if calls := self._speech.calls(message):
            yield from self._next_step()
        for call in calls:
            self.calls.add(call.id)
            told = {"toolCallId": call.id, "toolName": call.name, "dynamic": True}
            yield {"type": "tool-input-start", **told}
            yield {"type": "tool-input-available", **told, "input": dict(call.arguments)}
        self._has_spoken = True

    def _output(self, finished: ToolFinished) -> Json:
        told = {"toolCallId": finished.call}
        if finished.call in self._denied:
            return {"type": "tool-output-denied", **told}
        if finished.error:
            return {"type": "tool-output-error", **told, "dynamic": True, "errorText": finished.error}
        return {"type": "tool-output-available", **told, "dynamic": True, "output": finished.output}

    def _end(self, ended: RunFinished) -> Iterator[Json]:
        metadata = {"run": ended.run, "outcome": ended.outcome, "micros": ended.micros}
        yield {"type": "message-metadata", "messageMetadata": metadata}
        if ended.outcome in ("failed", "stopped"):
            yield from self.failed(ended.message)
            return
        yield from self._close()
        if ended.outcome == "cancelled":
            yield {"type": "abort", "reason": ended.message}
            return
        yield {"type": "finish-step"}
        yield {"type": "finish", "finishReason": "tool-calls" if ended.outcome == "waiting" else "stop"}


def _cost(cost: CostCounted) -> Json:
    return {"micros": cost.micros, "run_micros": cost.run_micros, "is_estimated": cost.is_estimated}


def _beside(event: Event) -> Iterator[Json]:
    """What is said beside the message: cost, and warnings."""
    match event:
        case CostCounted() as cost:
            yield {"type": "data-cost", "data": _cost(cost)}
        case BudgetWarned() as warned:
            yield {"type": "data-budget", "data": {"scope": warned.scope, "spent": warned.spent_micros}}
        case ToolsListed(differences=differences) if differences:
            yield {"type": "data-tools", "data": differences}


def _approval(asked: ApprovalRequested) -> Json:
    return {
        "approval": asked.approval,
        "call": asked.call,
        "tool": asked.tool,
        "arguments": dict(asked.arguments),
        "preview": asked.preview,
        "differences": list(asked.differences),
        "reason": asked.reason,
        "expires_at": asked.expires_at,
    }
