"""An answer as it comes in chunks: texts, thoughts, calls whose arguments come in pieces, usage, an end."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.errors import AnswerBroken, ModelRefused
from orchestrator.model.chat_completions.messages import Names
from orchestrator.model.finishes import trouble
from orchestrator.model.port import Json, Piece, Reply, Usage
from orchestrator.model.texts import whole
from pyairtable_platform.kernel import BadRequest
from pyairtable_platform.kernel.http import read_json

PROVIDER = "openai-compatible"

_FINISHES: Mapping[str, str] = {
    "stop": "STOP",
    "tool_calls": "STOP",
    "function_call": "STOP",
    "eos": "STOP",
    "end_turn": "STOP",
    "length": "MAX_TOKENS",
    "content_filter": "SAFETY",
}
"""What each finish reason is called here; one that is not known is the end of no answer."""

_THOUGHTS = ("reasoning_content", "reasoning")
"""Where servers put what the model thinks: DeepSeek and vLLM the one, Ollama and OpenRouter the other."""


@dataclass(slots=True)
class _Call:
    """A call that is being told."""

    id: str = ""
    name: str = ""
    arguments: str = ""
    place: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether its arguments are JSON by now."""
        try:
            read_json(self.arguments)
        except BadRequest:
            return False
        return True


@dataclass(slots=True)
class Answer:
    """What has come so far. `prompt_tokens` is what the prompt has by an estimate, if nobody counts it."""

    model_served: str
    names: Names
    prompt_tokens: int
    usage: Usage | None = None
    has_begun: bool = False
    _said: list[Piece] = field(default_factory=list)
    _calls: list[_Call] = field(default_factory=list)
    _finish: str = ""
    _refusal: str = ""

    def add(self, chunk: Json) -> Iterator[Piece]:
        """Take in a chunk, or a whole completion of a server that does not stream; what it says."""
        self.has_begun = True
        self.model_served = _text(chunk.get("model")) or self.model_served
        if isinstance(used := chunk.get("usage"), Mapping):
            # Some servers count on in every chunk: the last one counts.
            self.usage = _usage(used)
        choices = chunk.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], Mapping):
            yield from self._take(choices[0])

    def _take(self, choice: Json) -> Iterator[Piece]:
        said = _object(choice.get("delta") or choice.get("message"))
        if reason := choice.get("finish_reason"):
            self._finish = str(reason)
        self._refusal += _text(said.get("refusal"))
        thought = next((said[name] for name in _THOUGHTS if isinstance(said.get(name), str)), "")
        for piece in (Piece(whole(thought), is_thought=True), Piece(whole(_text(said.get("content"))))):
            if piece.text:
                self._said.append(piece)
                yield piece
        calls = said.get("tool_calls")
        for delta in calls if isinstance(calls, list) else ():
            self._take_call(_object(delta))

    def _take_call(self, delta: Json) -> None:
        function = _object(delta.get("function"))
        call = self._call_of(delta, str(function.get("name") or ""))
        call.id = call.id or str(delta.get("id") or "")
        call.name = call.name or str(function.get("name") or "")
        arguments = function.get("arguments")
        call.arguments += arguments if isinstance(arguments, str) else _dumped(arguments)

    def _call_of(self, delta: Json, name: str) -> _Call:
        """The call that this is more of, or a new one.

        Some servers give no index, or the same one to parallel calls: then another id tells, or a name after
        arguments that are whole.
        """
        place, id = delta.get("index"), delta.get("id")
        known = [call for call in self._calls if place is None or call.place == place]
        last = known[-1] if known else None
        is_other = last is not None and (
            bool(id and last.id and id != last.id) or bool(name and not id and last.is_whole)
        )
        if last is None or is_other or (place is None and name):
            last = _Call(place=place)
            self._calls.append(last)
        return last

    def reply(self) -> Reply:
        """The whole answer. Raises ModelError when it is none."""
        if self._refusal:
            raise ModelRefused(f"The model refused: {self._refusal}").used(self.usage)
        finish = _FINISHES.get(self._finish, self._finish)
        parts = (*self._spoken(), *self._called(was_cut=finish == "MAX_TOKENS"))
        if (error := trouble(finish, parts)) is not None:
            raise error.used(self.usage)
        return Reply(
            parts=parts,
            finish=finish,
            usage=self.usage or self._guessed(),
            model_served=self.model_served,
            provider=PROVIDER,
            is_usage_guessed=self.usage is None,
        )

    def _spoken(self) -> Iterator[Json]:
        """Thoughts and texts, those of a kind that follow each other in one part."""
        joined: list[Piece] = []
        for piece in self._said:
            if joined and joined[-1].is_thought == piece.is_thought:
                joined[-1] = Piece(joined[-1].text + piece.text, piece.is_thought)
            else:
                joined.append(piece)
        for piece in joined:
            yield {"text": piece.text} | ({"thought": True} if piece.is_thought else {})

    def _called(self, *, was_cut: bool) -> Iterator[Json]:
        ids: set[str] = set()
        for call in self._calls:
            told: dict[str, Any] = {"name": self.names.meant(call.name)}
            told["args"] = self._arguments(call, was_cut=was_cut)
            if call.id and call.id not in ids:
                ids.add(call.id)
                told = {"id": call.id, **told}
            yield {"functionCall": told}

    def _arguments(self, call: _Call, *, was_cut: bool) -> Any:
        try:
            found = read_json(call.arguments) if call.arguments.strip() else {}
        except BadRequest:
            found = None
        if isinstance(found, dict) and call.name:
            return found
        if was_cut:
            return {}
        raise AnswerBroken(
            f"The answer is not whole: it calls {call.name or 'a function without a name'} with arguments "
            f"that are no JSON object: {call.arguments[:200]!r}."
        ).used(self.usage)

    def _guessed(self) -> Usage:
        """Four bytes a token, where the server does not count."""
        said = "".join(piece.text for piece in self._said) + "".join(call.arguments for call in self._calls)
        return Usage(prompt=self.prompt_tokens, output=-(-len(said.encode()) // 4))


def _text(content: Any) -> str:
    """A text, or the texts of parts."""
    if isinstance(content, list):
        return "".join(_text(_object(part).get("text")) for part in content)
    return content if isinstance(content, str) else ""


def _object(told: Any) -> Mapping[str, Any]:
    """An object of JSON; an empty one in place of anything else."""
    return told if isinstance(told, Mapping) else {}


def _dumped(arguments: Any) -> str:
    """Arguments that a server sends as an object, against the letter of the protocol."""
    return "" if arguments is None else json.dumps(arguments)


def _usage(told: Json) -> Usage:
    """Reasoning tokens are a part of the completion's there, and beside the output here."""
    completion = _count(told, "completion_tokens")
    thinking = min(_count(told.get("completion_tokens_details"), "reasoning_tokens"), completion)
    return Usage(
        prompt=_count(told, "prompt_tokens"),
        cached=_count(told.get("prompt_tokens_details"), "cached_tokens"),
        output=completion - thinking,
        thinking=thinking,
    )


def _count(told: Any, name: str) -> int:
    count = _object(told).get(name)
    return count if isinstance(count, int) and count > 0 else 0
