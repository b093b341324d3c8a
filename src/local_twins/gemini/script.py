"""A script: what the local Gemini answers to which question, turn by turn.

The turn is found from the request alone, so a request that is sent again is answered again in the same way.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from local_twins.gemini.errors import ApiError, ScriptRefused
from local_twins.gemini.prompt import Prompt
from local_twins.gemini.references import filled
from local_twins.gemini.script_file import read_conversations
from local_twins.gemini.turn import Call, Fault, Turn


class Model(Protocol):
    """Who answers: a script, or plain rules."""

    def answer(self, prompt: Prompt) -> Turn:
        """The next turn. Raises ApiError."""
        ...

    def fault(self, prompt: Prompt) -> Fault | None:
        """What goes wrong with this very request, if anything; asked once for each request."""
        ...


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns that answer a question in which the pattern is found; any question when there is none."""

    pattern: re.Pattern[str] | None
    turns: tuple[Turn, ...]

    def answers(self, question: str) -> bool:
        """Whether these turns are meant for that question."""
        return self.pattern is None or self.pattern.search(question) is not None


@dataclass(slots=True)
class Script:
    """The conversations of a script file, the first that fits a question being its answer."""

    conversations: tuple[Conversation, ...]
    _met: Counter[tuple[int, int]] = field(default_factory=Counter)

    @classmethod
    def of(cls, document: Any) -> "Script":
        """The script in the JSON of docs/gemini-twin.md. Raises ScriptRefused."""
        return cls(tuple(Conversation(pattern, turns) for pattern, turns in read_conversations(document)))

    @classmethod
    def load(cls, path: Path) -> "Script":
        """The script of a file. Raises ScriptRefused."""
        try:
            return cls.of(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise ScriptRefused(f"{path}: {error}") from error

    def answer(self, prompt: Prompt) -> Turn:
        """See `Model.answer`; arguments that name an earlier answer are filled in."""
        place, turn = self._turn(prompt)
        known = prompt.answers()
        said = [Call(call.name, _object(filled(call.args, known)), call.id) for call in turn.calls]
        return replace(turn, calls=_named(said, place))

    def fault(self, prompt: Prompt) -> Fault | None:
        """See `Model.fault`: the turn's faults one after the other, then none."""
        place, turn = self._turn(prompt)
        met = self._met[place]
        self._met[place] += 1
        return turn.faults[met] if met < len(turn.faults) else None

    def _turn(self, prompt: Prompt) -> tuple[tuple[int, int], Turn]:
        for number, conversation in enumerate(self.conversations):
            if conversation.answers(prompt.question):
                return (number, prompt.step), _turn_at(conversation.turns, prompt)
        raise ApiError(400, f"The script has no conversation for {prompt.question!r}.")


def _turn_at(turns: Sequence[Turn], prompt: Prompt) -> Turn:
    if prompt.step >= len(turns):
        raise ApiError(400, f"The script has no turn {prompt.step + 1} for {prompt.question!r}.")
    return turns[prompt.step]


def _named(calls: Sequence[Call], place: tuple[int, int]) -> tuple[Call, ...]:
    """The calls, each with an id that is the same whenever the turn is asked for again."""
    return tuple(
        call if call.id else Call(call.name, call.args, f"call-{place[0]}-{place[1]}-{number}")
        for number, call in enumerate(calls)
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
