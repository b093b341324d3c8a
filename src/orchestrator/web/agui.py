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
    ToolFinished,
    ToolsListed,
)
from orchestrator.web.conversing import Happening
from orchestrator.web.speech import Speech, pieces, thought_of

Json = dict[str, Any]

PROTOCOL_VERSION = "1.0"

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
    _text: str = ""
    _thought: str = ""
    _messages: int = 0
    _usage: dict[tuple[str, str], Json] = field(default_factory=dict)
    _interrupts: list[Json] = field(default_factory=list)

    def begun(self) -> Json:
        """The first event of every run."""
        head = {"type": "RUN_STARTED", "threadId": self.thread, "runId": self.run}
        return head | {"protocolVersion": PROTOCOL_VERSION}

    def failed(self, code: str, message: str) -> Json:
        """The last event of a run that broke."""
        return {"type": "RUN_ERROR", "code": code, "message": message}

    def events(self, happening: Happening) -> Iterator[Json]:
        """What the happening is to the client."""
        if thought := thought_of(happening):
            yield from self._think(thought)
        if text := self._speech.more(happening):
            yield from self._say(text)
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
            case ToolsListed(differences=differences) if differences:
                yield {"type": "CUSTOM", "name": "tools_changed", "value": differences}
            case ApprovalRequested() as asked:
                self._interrupts.append(_interrupt(asked))
            case RunStarted(run=run):
                yield {"type": "CUSTOM", "name": "run", "value": {"run": run, "session": logged.session}}
            case RunFinished() as ended:
                yield from self._close()
                yield self._end(ended)

    def _say(self, text: str) -> Iterator[Json]:
        yield from self._close_thought()
        if not self._text:
            self._text = self._next_id()
            yield {"type": "TEXT_MESSAGE_START", "messageId": self._text, "role": "assistant"}
        for piece in pieces(text):
            yield {"type": "TEXT_MESSAGE_CONTENT", "messageId": self._text, "delta": piece}

    def _think(self, thought: str) -> Iterator[Json]:
        if not self._thought:
            self._thought = self._next_id()
            yield {"type": "REASONING_START", "messageId": self._thought}
            yield {"type": "REASONING_MESSAGE_START", "messageId": self._thought, "role": "reasoning"}
        for piece in pieces(thought):
            yield {"type": "REASONING_MESSAGE_CONTENT", "messageId": self._thought, "delta": piece}

    def _close_thought(self) -> Iterator[Json]:
        if self._thought:
            yield {"type": "REASONING_MESSAGE_END", "messageId": self._thought}
            yield {"type": "REASONING_END", "messageId": self._thought}
            self._thought = ""

    def _close(self) -> Iterator[Json]:
        yield from self._close_thought()
        if self._text:
            yield {"type": "TEXT_MESSAGE_END", "messageId": self._text}
            self._text = ""

    def _next_id(self) -> str:
        self._messages += 1
        return f"{self.run}-{self._messages}"

    def _message(self, message: ModelMessage) -> Iterator[Json]:
        parent = {"parentMessageId": self._text} if self._text else {}
        yield from self._close()
        self._count(message)
        for call in self._speech.calls(message):
            yield {"type": "TOOL_CALL_START", "toolCallId": call.id, "toolCallName": call.name, **parent}
            for piece in pieces(json.dumps(dict(call.arguments), ensure_ascii=False)):
                yield {"type": "TOOL_CALL_ARGS", "toolCallId": call.id, "delta": piece}
            yield {"type": "TOOL_CALL_END", "toolCallId": call.id}

    def _result(self, finished: ToolFinished) -> Json:
        output = {"error": finished.error} if finished.error else finished.output
        return {
            "type": "TOOL_CALL_RESULT",
            "messageId": f"{self.run}-{finished.call}",
            "toolCallId": finished.call,
            "role": "tool",
            "content": output if isinstance(output, str) else json.dumps(output, ensure_ascii=False),
        }

    def _count(self, message: ModelMessage) -> None:
        used = message.usage
        served = (message.provider, message.model_served)
        sum_ = self._usage.setdefault(served, dict.fromkeys(_COUNTED, 0))
        sum_["inputTokens"] += used.get("prompt", 0) + used.get("tool", 0)
        sum_["outputTokens"] += used.get("output", 0) + used.get("thinking", 0)
        sum_["reasoningTokens"] += used.get("thinking", 0)
        sum_["cachedInputTokens"] += used.get("cached", 0)
        sum_["totalTokens"] = sum_["inputTokens"] + sum_["outputTokens"]

    def _end(self, finished: RunFinished) -> Json:
        usage = [
            {"provider": provider, "model": model, **used} for (provider, model), used in self._usage.items()
        ]
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
            "differences": list(asked.differences),
        },
    }


def _cost(cost: CostCounted) -> Json:
    return {"micros": cost.micros, "run_micros": cost.run_micros, "is_estimated": cost.is_estimated}
