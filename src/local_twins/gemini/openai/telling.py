"""A turn as OpenAI's wire carries it: the chunks of a stream, or one completion."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local_twins.gemini.prompt import Prompt
from local_twins.gemini.tokens import count
from local_twins.gemini.turn import Call, Turn

Json = dict[str, Any]

_FINISHES: Mapping[str, str] = {"STOP": "stop", "MAX_TOKENS": "length", "SAFETY": "content_filter"}


def chunks(turn: Turn, prompt: Prompt, id: str, *, has_usage: bool) -> Iterator[Json]:
    """Thoughts, texts, calls with their arguments in pieces, the finish reason, and usage if it was asked."""
    head = {"id": id, "object": "chat.completion.chunk", "created": 0, "model": turn.served or prompt.model}
    for delta in _deltas(turn):
        yield head | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield head | {"choices": [{"index": 0, "delta": {}, "finish_reason": _finish(turn)}]}
    if has_usage:
        yield head | {"choices": [], "usage": _usage(turn, prompt)}


def whole(turn: Turn, prompt: Prompt, id: str) -> Json:
    """The completion in one piece."""
    message: Json = {"role": "assistant", "content": "".join(turn.texts) or None}
    if turn.thoughts:
        message["reasoning_content"] = "".join(turn.thoughts)
    if turn.calls:
        message["tool_calls"] = [_call(place, call) for place, call in enumerate(turn.calls)]
    return {
        "id": id,
        "object": "chat.completion",
        "created": 0,
        "model": turn.served or prompt.model,
        "choices": [{"index": 0, "message": message, "finish_reason": _finish(turn)}],
        "usage": _usage(turn, prompt),
    }


def _deltas(turn: Turn) -> Iterator[Json]:
    yield {"role": "assistant", "content": ""}
    yield from ({"reasoning_content": thought} for thought in turn.thoughts)
    yield from ({"content": text} for text in turn.texts)
    for place, call in enumerate(turn.calls):
        told = _call(place, call)
        arguments = told["function"]["arguments"]
        half = len(arguments) // 2
        yield {"tool_calls": [told | {"function": {"name": call.name, "arguments": arguments[:half]}}]}
        yield {"tool_calls": [{"index": place, "function": {"arguments": arguments[half:]}}]}


def _call(place: int, call: Call) -> Json:
    function = {"name": call.name, "arguments": json.dumps(dict(call.args), ensure_ascii=False)}
    return {"index": place, "id": call.id, "type": "function", "function": function}


def _finish(turn: Turn) -> str:
    return "tool_calls" if turn.calls and turn.finish == "STOP" else _FINISHES.get(turn.finish, turn.finish)


def _usage(turn: Turn, prompt: Prompt) -> Json:
    own: Mapping[str, int] = turn.usage or {}
    said: Sequence[Any] = [*turn.texts, *(dict(call.args) for call in turn.calls)]
    thinking = own.get("thinking", count(list(turn.thoughts)))
    prompted = own.get("prompt", count(list(prompt.contents)) + count(prompt.system))
    completed = own.get("output", count(said)) + thinking
    return {
        "prompt_tokens": prompted,
        "completion_tokens": completed,
        "total_tokens": prompted + completed,
        "prompt_tokens_details": {"cached_tokens": own.get("cached", 0)},
        "completion_tokens_details": {"reasoning_tokens": thinking},
    }
