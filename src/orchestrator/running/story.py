"""A conversation as its log tells it: what the model is sent, which calls are open, what the run has used.

Everything that a run knows is in here, and all of it comes from events. So a run goes on from wherever its
process ended.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orchestrator.events import (
    ApprovalDecided,
    ApprovalRequested,
    Compacted,
    CostCounted,
    Event,
    Logged,
    ModelMessage,
    RunFinished,
    RunStarted,
    ToolFinished,
    ToolsListed,
    ToolStarted,
    UserMessage,
)
from orchestrator.running.calls import Call, calls_of

Json = Mapping[str, Any]


@dataclass(slots=True)
class Used:
    """What the run that is under way has used so far."""

    since: datetime
    steps: int = 0
    tokens: int = 0
    micros: int = 0
    repeats: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Content:
    """One content for the model, and the number of the event that began it."""

    number: int
    content: dict[str, Any]
    is_question: bool = False


class Story:
    """The story so far. `add` takes events in their order."""

    def __init__(self, session: str, events: Iterable[Logged] = (), *, repeats_told: int = 3) -> None:
        self.session = session
        self.last = 0
        self.run: RunStarted | None = None
        self.last_options: Json = {}
        self.used: Used | None = None
        self.calls: list[Call] = []
        self.awaits_model = False
        self.continuation = ""
        self.last_finish = ""
        self.last_usage: Json | None = None
        """What the last model call used, while nothing before it was told anew."""
        self.after_usage: list[dict[str, Any]] = []
        self.tools: Json | None = None
        """The digests of the tools that the session works with."""
        self.tools_changed_at: datetime | None = None
        self._contents: list[Content] = []
        self._steps: Counter[str] = Counter()
        self._repeats_told = repeats_told
        for logged in events:
            self.add(logged)

    def add(self, logged: Logged) -> None:
        """Let the story go on."""
        self.last = logged.number
        _TAKERS.get(type(logged.event), _ignore)(self, logged, logged.event)

    @property
    def contents(self) -> list[dict[str, Any]]:
        """What the model is sent; an answer that is to be continued is not, its token stands for it."""
        if self.continuation:
            return [one.content for one in self._contents[:-1]]
        answers = [self._answers()] if self.calls else []
        return [one.content for one in self._contents] + answers

    @property
    def open_calls(self) -> list[Call]:
        """The calls that have no answer yet."""
        return [call for call in self.calls if call.finished is None]

    @property
    def questions(self) -> list[int]:
        """The numbers of the person's messages that the model is still sent."""
        return [one.number for one in self._contents if one.is_question]

    @property
    def most_repeated(self) -> int:
        """How often the run has made its most frequent call with one and the same result."""
        return max(self.used.repeats.values(), default=0) if self.used else 0

    def before(self, number: int) -> list[dict[str, Any]]:
        """The contents that began before that event."""
        return [one.content for one in self._contents if one.number < number]

    def step_of(self, run: str) -> int:
        """The number of the run's next reply."""
        return self._steps[run]

    def call(self, id: str) -> Call | None:
        """The call of that id in the last reply."""
        return next((call for call in self.calls if call.id == id), None)

    def _answers(self) -> dict[str, Any]:
        return {"role": "user", "parts": [call.response() for call in self.calls]}

    def _close_calls(self, number: int) -> None:
        if self.calls:
            self._say(Content(number, self._answers()))
            self.calls = []

    def _say(self, content: Content) -> None:
        self._contents.append(content)
        self.after_usage.append(content.content)

    def _take_run(self, logged: Logged, event: RunStarted) -> None:
        self.run = event
        self.last_options = event.options
        self.used = Used(logged.at)

    def _take_end(self, _logged: Logged, _event: RunFinished) -> None:
        self.run = None
        self.awaits_model = False
        self.continuation = ""

    def _take_question(self, logged: Logged, event: UserMessage) -> None:
        self._close_calls(logged.number)
        self.continuation = ""
        self._say(Content(logged.number, {"role": "user", "parts": [{"text": event.text}]}, is_question=True))
        self.awaits_model = True

    def _take_tools(self, logged: Logged, event: ToolsListed) -> None:
        if self.tools is not None:
            self.tools_changed_at = logged.at
        self.tools = event.tools

    def _take_reply(self, logged: Logged, event: ModelMessage) -> None:
        asked = calls_of(event, self._steps[event.run])
        self._steps[event.run] += 1
        parts = [dict(part) for part in event.parts if _is_replayed(part)]
        if self.continuation:
            self._contents[-1].content["parts"].extend(parts)
            self.calls.extend(asked)
        else:
            self._close_calls(logged.number)
            self._contents.append(Content(logged.number, {"role": "model", "parts": parts}))
            self.calls = asked
        if not self._contents[-1].content["parts"] and not event.continuation:
            self._contents.pop()
        self.continuation = event.continuation
        self.last_finish = event.finish
        self.last_usage, self.after_usage = event.usage, []
        self.awaits_model = bool(self.continuation)
        self._count(event)

    def _count(self, event: ModelMessage) -> None:
        if self.used is not None:
            self.used.steps += 1
            self.used.tokens += sum(
                event.usage.get(kind, 0) for kind in ("prompt", "output", "thinking", "tool")
            )

    def _take_cost(self, _logged: Logged, event: CostCounted) -> None:
        if self.used is not None:
            self.used.micros += event.micros

    def _take_asked(self, _logged: Logged, event: ApprovalRequested) -> None:
        if (call := self.call(event.call)) is not None:
            call.asked = event

    def _take_decided(self, _logged: Logged, event: ApprovalDecided) -> None:
        if (call := self.call(event.call)) is not None:
            call.decided = event

    def _take_started(self, _logged: Logged, event: ToolStarted) -> None:
        if (call := self.call(event.call)) is not None:
            call.started = event

    def _take_finished(self, _logged: Logged, event: ToolFinished) -> None:
        if (call := self.call(event.call)) is None:
            return
        call.finished = event
        self.awaits_model = not self.open_calls
        if self.used is not None:
            digest = _digest(call, event)
            self.used.repeats[digest] += 1
            if self.used.repeats[digest] >= self._repeats_told:
                call.note = (
                    f"This very call has now given this very result {self.used.repeats[digest]} times. "
                    "Do something else, or answer with what you have."
                )

    def _take_summary(self, _logged: Logged, event: Compacted) -> None:
        kept = [one for one in self._contents if one.number > event.until]
        told = f"[What was said before, in summary:]\n{event.summary}"
        self._contents = [Content(0, {"role": "user", "parts": [{"text": told}]}), *kept]
        self.last_usage = None


_TAKERS: Mapping[type[Event], Any] = {
    RunStarted: Story._take_run,  # noqa: SLF001 - the table of what each event means, beside its class
    RunFinished: Story._take_end,  # noqa: SLF001
    UserMessage: Story._take_question,  # noqa: SLF001
    ToolsListed: Story._take_tools,  # noqa: SLF001
    ModelMessage: Story._take_reply,  # noqa: SLF001
    CostCounted: Story._take_cost,  # noqa: SLF001
    ApprovalRequested: Story._take_asked,  # noqa: SLF001
    ApprovalDecided: Story._take_decided,  # noqa: SLF001
    ToolStarted: Story._take_started,  # noqa: SLF001
    ToolFinished: Story._take_finished,  # noqa: SLF001
    Compacted: Story._take_summary,  # noqa: SLF001
}


def _ignore(_story: Story, _logged: Logged, _event: Event) -> None:
    """An event that changes nothing of what the model is sent."""


_CURSORS = frozenset({"cursor", "next_cursor", "nextCursor", "offset"})


def _is_replayed(part: Json) -> bool:
    """Signed parts go back as they came; thoughts and emptiness without a signature need not."""
    if part.get("thoughtSignature"):
        return True
    return not part.get("thought") and part.get("text") != ""


def _digest(call: Call, event: ToolFinished) -> str:
    """The same for the same call with the same result; a cursor to the rest is new each time."""
    output = event.output
    if isinstance(output, Mapping):
        output = {key: value for key, value in output.items() if key not in _CURSORS}
    said = json.dumps([call.name, call.arguments, output, event.error], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
