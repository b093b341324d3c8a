"""Events as the AI SDK's UI message stream (v1) tells them; see https://ai-sdk.dev."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from orchestrator.events import (
    ApprovalDecided,
    ApprovalRequested,
    BudgetWarned,
    CostCounted,
    Logged,
    ModelMessage,
    RunFinished,
    ToolFinished,
)
from orchestrator.web.conversing import Happening
from orchestrator.web.speech import Speech, calls_of

Json = dict[str, Any]


@dataclass(slots=True)
class UiMessages:
    """One answer as `useChat` reads it; `message` is the id of the message that grows."""

    message: str
    _speech: Speech = field(default_factory=Speech)
    _open: str = ""
    _texts: int = 0
    _denied: set[str] = field(default_factory=set)

    def begun(self, session: str) -> Iterator[Json]:
        """The first parts; the session is told, so that its page can be found again."""
        yield {"type": "start", "messageId": self.message, "messageMetadata": {"session": session}}
        yield {"type": "start-step"}

    def failed(self, message: str) -> Iterator[Json]:
        """The last parts of an answer that broke."""
        yield from self._close()
        yield {"type": "error", "errorText": message}
        yield {"type": "finish"}

    def parts(self, happening: Happening) -> Iterator[Json]:
        """What the happening is to the client."""
        if text := self._speech.more(happening):
            yield from self._say(text)
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
            case ApprovalDecided(decision="denied", call=call):
                self._denied.add(call)
            case ToolFinished() as finished:
                yield self._output(finished)
            case CostCounted() as cost:
                yield {"type": "data-cost", "data": {"micros": cost.micros, "run_micros": cost.run_micros}}
            case BudgetWarned() as warned:
                yield {"type": "data-budget", "data": {"scope": warned.scope, "spent": warned.spent_micros}}
            case RunFinished() as ended:
                yield from self._end(ended)

    def _say(self, text: str) -> Iterator[Json]:
        if not self._open:
            self._texts += 1
            self._open = f"{self.message}-{self._texts}"
            yield {"type": "text-start", "id": self._open}
        yield {"type": "text-delta", "id": self._open, "delta": text}

    def _close(self) -> Iterator[Json]:
        if self._open:
            yield {"type": "text-end", "id": self._open}
            self._open = ""

    def _message(self, message: ModelMessage) -> Iterator[Json]:
        yield from self._close()
        for call in calls_of(message):
            told = {"toolCallId": call.id, "toolName": call.name, "dynamic": True}
            yield {"type": "tool-input-start", **told}
            yield {"type": "tool-input-available", **told, "input": call.arguments}

    def _output(self, finished: ToolFinished) -> Json:
        told = {"toolCallId": finished.call}
        if finished.call in self._denied:
            return {"type": "tool-output-denied", **told}
        if finished.error:
            return {"type": "tool-output-error", **told, "dynamic": True, "errorText": finished.error}
        return {"type": "tool-output-available", **told, "dynamic": True, "output": finished.output}

    def _end(self, ended: RunFinished) -> Iterator[Json]:
        yield from self._close()
        if ended.outcome in ("failed", "stopped"):
            yield from self.failed(ended.message)
            return
        yield {"type": "finish-step"}
        metadata = {"run": ended.run, "outcome": ended.outcome, "micros": ended.micros}
        yield {"type": "finish", "messageMetadata": metadata}


def _approval(asked: ApprovalRequested) -> Json:
    return {
        "approval": asked.approval,
        "call": asked.call,
        "tool": asked.tool,
        "arguments": dict(asked.arguments),
        "preview": asked.preview,
        "reason": asked.reason,
        "expires_at": asked.expires_at,
    }
