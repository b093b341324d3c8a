"""Events as AG-UI 1.0 tells them; see https://docs.ag-ui.com."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from orchestrator.events import (
    ApprovalRequested,
    CostCounted,
    Logged,
    ModelMessage,
    RunFinished,
    RunStarted,
    ThoughtDelta,
    ToolFinished,
)
from orchestrator.web.conversing import Happening
from orchestrator.web.speech import Speech, calls_of

Json = dict[str, Any]

_ANSWER = {
    "type": "object",
    "properties": {
        "approved": {"type": "boolean"},
        "arguments": {"type": "object", "description": "The call as it shall be made instead."},
        "reason": {"type": "string"},
    },
    "required": ["approved"],
}


_COUNTED = ("inputTokens", "outputTokens", "reasoningTokens", "cachedInputTokens", "totalTokens")


@dataclass(slots=True)
class AgUi:
    """One run as a client of AG-UI reads it; thread and run carry the client's own ids."""

    thread: str
    run: str
    _speech: Speech = field(default_factory=Speech)
    _open: str = ""
    _messages: int = 0
    _usage: dict[str, Json] = field(default_factory=dict)
    _interrupts: list[Json] = field(default_factory=list)

    def begun(self) -> Json:
        """The first event of every run."""
        return {"type": "RUN_STARTED", "threadId": self.thread, "runId": self.run}

    def failed(self, code: str, message: str) -> Json:
        """The last event of a run that broke."""
        return {"type": "RUN_ERROR", "code": code, "message": message}

    def events(self, happening: Happening) -> Iterator[Json]:
        """What the happening is to the client."""
        if text := self._speech.more(happening):
            yield from self._say(text)
        if isinstance(happening, ThoughtDelta):
            yield {"type": "CUSTOM", "name": "thought", "value": {"text": happening.text}}
        if isinstance(happening, Logged):
            yield from self._logged(happening)

    def _logged(self, logged: Logged) -> Iterator[Json]:
        match logged.event:
            case ModelMessage() as message:
                yield from self._message(message)
            case ToolFinished() as finished:
                yield self._result(finished)
            case CostCounted() as cost:
                yield {"type": "CUSTOM", "name": "cost", "value": _cost(cost)}
            case ApprovalRequested() as asked:
                self._interrupts.append(_interrupt(asked))
            case RunStarted(run=run):
                yield {"type": "CUSTOM", "name": "run", "value": {"run": run, "session": logged.session}}
            case RunFinished() as ended:
                yield from self._close()
                yield self._end(ended)

    def _say(self, text: str) -> Iterator[Json]:
        if not self._open:
            self._messages += 1
            self._open = f"{self.run}-{self._messages}"
            yield {"type": "TEXT_MESSAGE_START", "messageId": self._open, "role": "assistant"}
        yield {"type": "TEXT_MESSAGE_CONTENT", "messageId": self._open, "delta": text}

    def _close(self) -> Iterator[Json]:
        if self._open:
            yield {"type": "TEXT_MESSAGE_END", "messageId": self._open}
            self._open = ""

    def _message(self, message: ModelMessage) -> Iterator[Json]:
        parent = self._open
        yield from self._close()
        self._count(message)
        for call in calls_of(message):
            head = {"type": "TOOL_CALL_START", "toolCallId": call.id, "toolCallName": call.name}
            yield head | ({"parentMessageId": parent} if parent else {})
            yield {"type": "TOOL_CALL_ARGS", "toolCallId": call.id, "delta": json.dumps(call.arguments)}
            yield {"type": "TOOL_CALL_END", "toolCallId": call.id}

    def _result(self, finished: ToolFinished) -> Json:
        output = finished.output if isinstance(finished.output, str) else json.dumps(finished.output)
        return {
            "type": "TOOL_CALL_RESULT",
            "messageId": f"{self.run}-{finished.call}",
            "toolCallId": finished.call,
            "role": "tool",
            "content": json.dumps({"error": finished.error}) if finished.error else output,
        }

    def _count(self, message: ModelMessage) -> None:
        used = message.usage
        sum_ = self._usage.setdefault(
            message.model_served,
            {
                "inputTokens": 0,
                "outputTokens": 0,
                "reasoningTokens": 0,
                "cachedInputTokens": 0,
                "totalTokens": 0,
            },
        )
        sum_["inputTokens"] += used.get("prompt", 0) + used.get("tool", 0)
        sum_["outputTokens"] += used.get("output", 0) + used.get("thinking", 0)
        sum_["reasoningTokens"] += used.get("thinking", 0)
        sum_["cachedInputTokens"] += used.get("cached", 0)
        sum_["totalTokens"] = sum_["inputTokens"] + sum_["outputTokens"]

    def _end(self, finished: RunFinished) -> Json:
        usage = [{"provider": "google", "model": model, **used} for model, used in self._usage.items()]
        if finished.outcome in ("failed", "stopped"):
            return self.failed(finished.code, finished.message) | {"usage": usage}
        outcome: Json = {"type": "success"}
        if finished.outcome == "waiting" and self._interrupts:
            outcome = {"type": "interrupt", "interrupts": self._interrupts}
        if finished.outcome == "cancelled":
            outcome = {"type": "cancelled"}
        head = {"type": "RUN_FINISHED", "threadId": self.thread, "runId": self.run}
        return head | {"outcome": outcome, "usage": usage, "result": {"micros": finished.micros}}


def _interrupt(asked: ApprovalRequested) -> Json:
    return {
        "id": asked.approval,
        "reason": "tool_approval",
        "message": asked.reason,
        "toolCallId": asked.call,
        "responseSchema": _ANSWER,
        "expiresAt": asked.expires_at,
        "metadata": {
            "tool": asked.tool,
            "arguments": dict(asked.arguments),
            "arguments_sha256": asked.arguments_sha256,
            "preview": asked.preview,
        },
    }


def _cost(cost: CostCounted) -> Json:
    return {"micros": cost.micros, "run_micros": cost.run_micros, "is_estimated": cost.is_estimated}
