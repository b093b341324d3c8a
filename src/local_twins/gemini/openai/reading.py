"""A request in OpenAI's form as the prompt that a script answers; refused where a strict server refuses."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from local_twins.gemini.errors import ApiError
from local_twins.gemini.prompt import Prompt

Json = dict[str, Any]

_ROLES = ("system", "developer", "user", "assistant", "tool")


def prompt_of(body: Json) -> Prompt:
    """The prompt of a chat completion. Raises ApiError."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise ApiError(400, "[] is too short - 'messages'")
    contents, system = _contents(messages)
    return Prompt(
        model=str(body.get("model") or ""),
        contents=contents,
        tools=tuple(_declared(body.get("tools") or [])),
        system=system,
        calling_mode="NONE" if body.get("tool_choice") == "none" else "AUTO",
    )


def _contents(messages: Sequence[Any]) -> tuple[list[Json], str]:
    """The conversation, and the instructions before it."""
    contents: list[Json] = []
    system: list[str] = []
    open_calls: dict[str, str] = {}
    for place, message in enumerate(messages):
        role = message.get("role") if isinstance(message, Mapping) else None
        if role not in _ROLES:
            raise ApiError(400, f"Invalid value: {role!r} - 'messages.{place}.role'")
        if open_calls and role != "tool":
            raise ApiError(
                400,
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                "'tool_call_id'. The following tool_call_ids did not have response messages: "
                f"{', '.join(open_calls)}",
            )
        if role in ("system", "developer"):
            system.append(_text(message.get("content")))
        elif role == "tool":
            _answer(message, contents, open_calls)
        else:
            parts = _parts(message)
            contents.append({"role": "model" if role == "assistant" else "user", "parts": parts})
            calls = [part["functionCall"] for part in parts if "functionCall" in part]
            open_calls = {call["id"]: call["name"] for call in calls}
            if len(open_calls) < len(calls):
                raise ApiError(400, "Two of 'tool_calls' have the same id.")
    return contents, "\n".join(system)


def _parts(message: Mapping[str, Any]) -> list[Json]:
    text = _text(message.get("content"))
    parts: list[Json] = [{"text": text}] if text else []
    for call in message.get("tool_calls") or []:
        function = call["function"]
        try:
            args = json.loads(function["arguments"])
        except ValueError as error:
            raise ApiError(400, "Invalid 'function.arguments': expected JSON.") from error
        parts.append({"functionCall": {"id": call["id"], "name": function["name"], "args": args}})
    return parts


def _answer(message: Mapping[str, Any], contents: list[Json], open_calls: dict[str, str]) -> None:
    """Answers to one reply's calls stand in one content."""
    id = message.get("tool_call_id")
    if id not in open_calls:
        raise ApiError(
            400,
            "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        )
    response = _response(_text(message.get("content")))
    part = {"functionResponse": {"id": id, "name": open_calls.pop(id), "response": response}}
    last = contents[-1]
    if last["role"] == "user" and "functionResponse" in last["parts"][0]:
        last["parts"].append(part)
    else:
        contents.append({"role": "user", "parts": [part]})


def _response(told: str) -> Json:
    """A function's answer as Gemini has it, an object; Continue sends an MCP result's parts as a list."""
    try:
        response = json.loads(told)
    except ValueError:
        response = told
    return response if isinstance(response, dict) else {"output": response}


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(part.get("text", "") for part in content)
    return content or ""


def _declared(tools: Sequence[Any]) -> list[str]:
    return [str(tool["function"]["name"]) for tool in tools]
