"""A conversation in our form as messages and tools in OpenAI's, and the names of tools there and back."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from orchestrator.model.port import Json, ModelRequest

Message = dict[str, Any]

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")
"""What a function's name may not hold there (docs: "Function calling")."""


class Names:
    """The names that the model is told, of one request."""

    def __init__(self, names: Iterable[str]) -> None:
        self._told: dict[str, str] = {}
        self._meant: dict[str, str] = {}
        for name in names:
            self.told(name)

    def told(self, name: str) -> str:
        """The name as the model is told it; a name with other signs gets one of its own."""
        if name not in self._told:
            plain = _NOT_IN_NAMES.sub("_", name) or "_"
            told, number = plain, 2
            while told in self._meant:
                told, number = f"{plain[:60]}_{number}", number + 1
            self._told[name], self._meant[told] = told, name
        return self._told[name]

    def meant(self, told: str) -> str:
        """What the model means by a name."""
        return self._meant.get(told, told)


def names_of(request: ModelRequest) -> Names:
    """The names of the request's tools, those without strange signs first: they keep theirs."""
    names = [str(tool["name"]) for tool in request.tools]
    return Names(sorted(names, key=lambda name: _NOT_IN_NAMES.search(name) is not None))


def tools_of(request: ModelRequest, names: Names) -> list[Message]:
    """The tools with their schemas as they are; none when none may be called: not every server heeds more."""
    return [
        {
            "type": "function",
            "function": {
                "name": names.told(tool["name"]),
                "description": tool.get("description", ""),
                "parameters": tool.get("parameters_json_schema") or {"type": "object", "properties": {}},
            },
        }
        for tool in (request.tools if request.may_call else ())
    ]


def messages_of(request: ModelRequest, names: Names) -> list[Message]:
    """The instructions and the conversation; thoughts and signatures of other models are left out."""
    told: list[Message] = [{"role": "system", "content": request.system}] if request.system else []
    ids: list[str] = []
    for place, content in enumerate(request.contents):
        parts = content.get("parts", [])
        if content.get("role") == "model":
            ids = list(_ids(parts, place))
            told.extend(_assistant(parts, ids, names))
        else:
            told.extend(_answers(parts, ids))
            told.extend(_user(parts))
    return told


def _ids(parts: Sequence[Json], place: int) -> Iterator[str]:
    """The ids of a content's calls; where the model gave none, one that is always the same.

    Nine letters and digits, since Mistral takes no other ids.
    """
    calls = [part["functionCall"] for part in parts if "functionCall" in part]
    for number, call in enumerate(calls):
        yield str(call.get("id") or f"c{place:05}{number:03}")


def _assistant(parts: Sequence[Json], ids: Sequence[str], names: Names) -> Iterator[Message]:
    text = "".join(part["text"] for part in parts if part.get("text") and not part.get("thought"))
    calls = [part["functionCall"] for part in parts if "functionCall" in part]
    if not text and not calls:
        return
    message: Message = {"role": "assistant", "content": text or None}
    if calls:
        message["tool_calls"] = [
            {
                "id": id,
                "type": "function",
                "function": {"name": names.told(call["name"]), "arguments": _json(call.get("args") or {})},
            }
            for id, call in zip(ids, calls, strict=True)
        ]
    yield message


def _answers(parts: Sequence[Json], ids: Sequence[str]) -> Iterator[Message]:
    """Answers stand in the order of their calls."""
    responses = [part["functionResponse"] for part in parts if "functionResponse" in part]
    for place, response in enumerate(responses):
        id = response.get("id") or (ids[place] if place < len(ids) else "")
        yield {"role": "tool", "tool_call_id": id, "content": _json(response.get("response", {}))}


def _user(parts: Sequence[Json]) -> Iterator[Message]:
    texts = [part["text"] for part in parts if part.get("text")]
    if texts:
        yield {"role": "user", "content": "\n".join(texts)}


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
