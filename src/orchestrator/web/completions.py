"""Events as OpenAI's chat completions tell them: text, what is being done as reasoning, usage at the end.

Calls that were carried out are never told as `tool_calls`: a client would try to carry them out itself.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrator.events import (
    ApprovalRequested,
    Logged,
    ModelMessage,
    RunFinished,
    ToolStarted,
)
from orchestrator.web.conversing import Happening
from orchestrator.web.speech import Speech, dollars, pieces, thought_of

Json = dict[str, Any]

YES = frozenset({"approve", "approved", "yes", "ja", "ok", "okay"})
NO = frozenset({"deny", "denied", "no", "nein", "reject"})

_COUNTED = ("prompt_tokens", "completion_tokens", "total_tokens")

_FINISHES = {"done": "stop", "waiting": "stop", "cancelled": "stop", "stopped": "length", "failed": "stop"}


@dataclass(slots=True)
class Completion:
    """One answer. `text` is all of it so far; `failure` what went wrong, when it is over."""

    id: str
    model: str
    created: int = field(default_factory=lambda: int(time.time()))
    text: str = ""
    usage: Json = field(default_factory=lambda: dict.fromkeys(_COUNTED, 0))
    finish: str = "stop"
    failure: Json | None = None
    _speech: Speech = field(default_factory=Speech)

    def deltas(self, happening: Happening) -> Iterator[Json]:
        """What the happening adds to the answer."""
        if text := self._speech.more(happening):
            yield from self._say(text)
        if thought := thought_of(happening):
            yield {"reasoning_content": thought}
        match happening:
            case Logged(event=ModelMessage() as message):
                self._count(message)
            case Logged(event=ToolStarted() as started):
                yield {"reasoning_content": f"{started.tool} {json.dumps(dict(started.arguments))}\n"}
            case Logged(event=ApprovalRequested() as asked):
                yield from self._say(_question(asked))
            case Logged(event=RunFinished() as ended):
                self._end(ended)

    def chunk(self, delta: Json, finish: str | None = None) -> Json:
        """A piece of the stream."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return self._head("chat.completion.chunk") | {"choices": [choice]}

    def usage_chunk(self) -> Json:
        """The last piece, for a client that asks for usage."""
        return self._head("chat.completion.chunk") | {"choices": [], "usage": self.usage}

    def whole(self) -> Json:
        """The answer in one piece."""
        message = {"role": "assistant", "content": self.text}
        choice = {"index": 0, "message": message, "finish_reason": self.finish, "logprobs": None}
        return self._head("chat.completion") | {"choices": [choice], "usage": self.usage}

    def _head(self, kind: str) -> Json:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}

    def _say(self, text: str) -> Iterator[Json]:
        self.text += text
        for piece in pieces(text):
            yield {"content": piece}

    def _count(self, message: ModelMessage) -> None:
        used = message.usage
        self.usage["prompt_tokens"] += used.get("prompt", 0) + used.get("tool", 0)
        self.usage["completion_tokens"] += used.get("output", 0) + used.get("thinking", 0)
        self.usage["total_tokens"] = self.usage["prompt_tokens"] + self.usage["completion_tokens"]

    def _end(self, ended: RunFinished) -> None:
        self.finish = _FINISHES[ended.outcome]
        self.usage |= {"cost_micros": ended.micros, "cost": dollars(ended.micros)}
        if ended.outcome in ("failed", "stopped"):
            self.failure = {
                "message": ended.message,
                "type": ended.outcome,
                "code": ended.code,
                "param": None,
            }


def verdict_of(text: str) -> Literal["approved", "denied"] | None:
    """Whether the text is a decision and nothing else."""
    word = text.strip().strip(".!").casefold()
    return "approved" if word in YES else "denied" if word in NO else None


def _question(asked: ApprovalRequested) -> str:
    """The approval as text, which is all that this protocol has for it."""
    shown = asked.preview or json.dumps(dict(asked.arguments), ensure_ascii=False, indent=1)
    fenced = "\n".join(f"    {line}" for line in shown.splitlines())
    return f"\n\n**{asked.tool} waits for your approval.**\n\n{fenced}\n\nReply `approve` or `deny`.\n"
