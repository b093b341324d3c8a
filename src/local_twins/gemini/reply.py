"""A turn as the wire carries it: the chunks of a stream, or one object."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local_twins.gemini.prompt import Prompt
from local_twins.gemini.signatures import signature
from local_twins.gemini.tokens import count
from local_twins.gemini.turn import Call, Turn

Json = dict[str, Any]


def chunks(turn: Turn, prompt: Prompt, cached: int, response_id: str) -> Iterator[Json]:
    """Thoughts, texts, calls and the finish reason, each with the usage so far (a running total)."""
    head = {"modelVersion": turn.served or prompt.model, "responseId": response_id}
    if turn.block:
        yield {"promptFeedback": {"blockReason": turn.block}, "usageMetadata": _prompt_usage(prompt)} | head
        return
    said: list[Json] = []
    for part in _parts(turn):
        said.append(part)
        yield {"candidates": [_candidate([part])], "usageMetadata": _usage(turn, prompt, said, cached)} | head
    last = _candidate([{"text": ""}]) | {"finishReason": turn.finish}
    if turn.continuation:
        last["continuationToken"] = turn.continuation
    yield {"candidates": [last], "usageMetadata": _usage(turn, prompt, said, cached, whole=True)} | head


def whole(sent: Sequence[Json]) -> Json:
    """The chunks of a stream as the one object of generateContent."""
    last = dict(sent[-1])
    if "candidates" not in last:
        return last
    parts = [part for chunk in sent for part in chunk["candidates"][0]["content"]["parts"]]
    spoken = [part for part in parts if part != {"text": ""}]
    candidate = last["candidates"][0] | {"content": {"role": "model", "parts": spoken}}
    return last | {"candidates": [candidate]}


def _parts(turn: Turn) -> list[Json]:
    thoughts: list[Json] = [{"text": text, "thought": True} for text in turn.thoughts]
    texts: list[Json] = [{"text": text} for text in turn.texts]
    return [*thoughts, *texts, *_call_parts(turn.calls, signed=turn.signed)]


def _call_parts(calls: Sequence[Call], *, signed: bool) -> list[Json]:
    """The calls; of parallel ones only the first is signed (docs: "Thought signatures")."""
    parts: list[Json] = []
    for call in calls:
        said = {"id": call.id, "name": call.name, "args": dict(call.args)}
        is_signed = signed and not parts
        parts.append({"functionCall": said} | ({"thoughtSignature": signature(said)} if is_signed else {}))
    return parts


def _candidate(parts: list[Json]) -> Json:
    return {"content": {"role": "model", "parts": parts}, "index": 0}


def _prompt_usage(prompt: Prompt) -> Json:
    tokens = count(list(prompt.contents)) + count(prompt.system)
    return {"promptTokenCount": tokens, "totalTokenCount": tokens}


def _usage(turn: Turn, prompt: Prompt, said: Sequence[Json], cached: int, *, whole: bool = False) -> Json:
    """What the request has used until now; the turn's own figures count once the reply is whole."""
    own: Mapping[str, int] = turn.usage or {}
    output = count([part for part in said if not part.get("thought")])
    thinking = count([part for part in said if part.get("thought")])
    if whole:
        output, thinking = own.get("output", output), own.get("thinking", thinking)
    prompted = own.get("prompt", _prompt_usage(prompt)["promptTokenCount"] + cached)
    tool = own.get("tool", 0)
    usage = {
        "promptTokenCount": prompted,
        "cachedContentTokenCount": own.get("cached", cached),
        "candidatesTokenCount": output,
        "thoughtsTokenCount": thinking,
        "toolUsePromptTokenCount": tool,
        "totalTokenCount": prompted + output + thinking + tool,
    }
    return {
        name: tokens
        for name, tokens in usage.items()
        if tokens or name in ("promptTokenCount", "totalTokenCount")
    }
