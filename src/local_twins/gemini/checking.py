"""The rules that a request must keep, as the service refuses what breaks them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from local_twins.gemini.errors import ApiError, unknown_field
from local_twins.gemini.models import Served
from local_twins.gemini.prompt import Json, Prompt, calls, is_question, responses
from local_twins.gemini.signatures import carries_signature, is_signed

_KEYS = frozenset(
    {
        "contents", "systemInstruction", "tools", "toolConfig", "safetySettings", "generationConfig",
        "cachedContent", "labels", "model", "serviceTier", "store", "continuationToken",
    }
)  # fmt: skip
_CONTENT_KEYS = frozenset({"role", "parts"})
_FUNCTION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,63}")


def camel(name: str) -> str:
    """The camel-case form of a key: the service takes both, and the SDK sends both."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def checked_prompt(model: Served, body: Any) -> Prompt:
    """The request of that model. Raises ApiError."""
    request = _keyed(body)
    contents = _contents(request.get("contents"))
    _check_pairs(contents)
    if model.has_levels:
        _check_signatures(contents)
    _check_thinking(request.get("generationConfig", {}))
    return Prompt(
        model=model.name,
        contents=contents,
        tools=tuple(_declared(request.get("tools", []))),
        system=_text(request.get("systemInstruction")),
        calling_mode=_calling_mode(request.get("toolConfig", {})),
    )


def _keyed(body: Any) -> dict[str, Any]:
    if not isinstance(body, Mapping):
        raise ApiError(400, "Invalid JSON payload received. The body is not an object.")
    request = {camel(key): value for key, value in body.items()}
    for key in request:
        if key not in _KEYS:
            raise unknown_field(key, "")
    return request


def _contents(value: Any) -> Sequence[Json]:
    if not isinstance(value, list) or not value:
        raise ApiError(400, "* GenerateContentRequest.contents: contents is not specified")
    for place, content in enumerate(value):
        if not isinstance(content, Mapping) or not content.get("parts"):
            raise ApiError(
                400, f"* GenerateContentRequest.contents[{place}].parts: contents.parts must not be empty."
            )
        if unknown := next((key for key in content if key not in _CONTENT_KEYS), None):
            raise unknown_field(unknown, f"contents[{place}]")
        if content.get("role", "user") not in ("user", "model"):
            raise ApiError(400, "Please use a valid role: user, model.")
    return value


def _check_pairs(contents: Sequence[Json]) -> None:
    """Each turn of calls is answered by the next content, call for call (docs: "Function calling")."""
    for place, content in enumerate(contents):
        asked = calls(content)
        answer = contents[place + 1] if place + 1 < len(contents) else None
        if asked and (answer is None or len(responses(answer)) != len(asked)):
            raise ApiError(
                400,
                "Please ensure that the number of function response parts is equal to the number of function "
                "call parts of the function call turn.",
            )
        if responses(content) and (place == 0 or not calls(contents[place - 1])):
            raise ApiError(
                400,
                "Please ensure that function response turn comes immediately after a function call turn.",
            )


def _check_signatures(contents: Sequence[Json]) -> None:
    """In the turn that is under way, the first call of each step carries its signature, unchanged."""
    questions = [place for place, content in enumerate(contents) if is_question(content)]
    for content in contents[questions[-1] if questions else 0 :]:
        asked = calls(content)
        if not asked or content.get("role") != "model":
            continue
        name = asked[0].get("functionCall", asked[0].get("function_call", {})).get("name", "")
        if not carries_signature(asked[0]):
            raise ApiError(
                400,
                f"Function call is missing a thought_signature in functionCall parts. function call `{name}`",
            )
        if not is_signed(asked[0]):
            raise ApiError(400, "Corrupted thought signature.")


def _check_thinking(config: Mapping[str, Any]) -> None:
    thinking = {camel(key): value for key, value in _thinking(config).items()}
    if "thinkingLevel" in thinking and "thinkingBudget" in thinking:
        raise ApiError(400, "You can only set one of thinking budget and thinking level.")


def _thinking(config: Mapping[str, Any]) -> Mapping[str, Any]:
    thinking: Mapping[str, Any] = config.get("thinkingConfig", config.get("thinking_config", {}))
    return thinking


def _declared(tools: Any) -> list[str]:
    """The names of the declared functions."""
    names: list[str] = []
    for place, tool in enumerate(tools):
        for declaration in tool.get("functionDeclarations", tool.get("function_declarations", [])):
            name = declaration.get("name", "")
            if not _FUNCTION_NAME.fullmatch(name):
                raise ApiError(
                    400,
                    f"* GenerateContentRequest.tools[{place}].function_declarations: Invalid function name "
                    f"{name!r}. Must start with a letter or an underscore, at most 64 characters.",
                )
            if name in names:
                raise ApiError(400, f"Duplicate function declaration found: {name}")
            names.append(name)
    return names


def _calling_mode(config: Mapping[str, Any]) -> str:
    calling = config.get("functionCallingConfig", config.get("function_calling_config", {}))
    return str(calling.get("mode", "AUTO"))


def _text(content: Any) -> str:
    parts = content.get("parts", []) if isinstance(content, Mapping) else []
    return "\n".join(part.get("text", "") for part in parts)
