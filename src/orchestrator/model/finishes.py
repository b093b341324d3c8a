"""Why an answer ended, by the wire's own names, and which of these ends are none."""

from collections.abc import Mapping, Sequence

from orchestrator.errors import AnswerBroken, ModelError, ModelRefused, SignatureMissing
from orchestrator.model.port import Json

WHOLE = frozenset({"STOP", "MAX_TOKENS"})
"""Ends of an answer that can be used; one that was cut at its length is told by its name."""

CONTINUATION = "CONTINUATION"

_BLOCKED: Mapping[str, str] = {
    "SAFETY": "safety filters",
    "RECITATION": "a recitation of a source",
    "LANGUAGE": "its language",
    "BLOCKLIST": "a blocked word",
    "PROHIBITED_CONTENT": "prohibited content",
    "SPII": "personal data",
    "IMAGE_SAFETY": "safety filters for images",
    "IMAGE_PROHIBITED_CONTENT": "a prohibited image",
    "IMAGE_RECITATION": "a recitation of an image",
    "ESCALATION": "an escalation rule",
    "PUP_LIMITED_DISABLED": "the account's limits under the prohibited use policy",
    "MODEL_ARMOR": "Model Armor",
}

_BROKEN: Mapping[str, str] = {
    "MALFORMED_FUNCTION_CALL": "it holds a function call that cannot be read",
    "UNEXPECTED_TOOL_CALL": "it calls a function that was not declared, or when none may be called",
    "TOO_MANY_TOOL_CALLS": "it made too many tool calls in one request",
    "MALFORMED_RESPONSE": "it cannot be read",
    "CONTINUATION": "it is to be continued, and no continuation token was given",
    "NO_IMAGE": "it was to hold an image, and holds none",
    "IMAGE_OTHER": "no image was made",
    "OTHER": "the service does not say why",
    "FINISH_REASON_UNSPECIFIED": "the service does not say why",
    "": "the stream ended without a finish reason",
}


def trouble(finish: str, parts: Sequence[Json], *, is_more: bool = False) -> ModelError | None:
    """The error that this end of an answer stands for; None when the answer is whole.

    With `is_more` it is the rest of an earlier one, and may hold nothing more.
    """
    if finish in WHOLE:
        return None if finish == "MAX_TOKENS" else _emptiness(parts, is_more=is_more)
    if finish == "MISSING_THOUGHT_SIGNATURE":
        return SignatureMissing()
    if finish in _BLOCKED:
        return ModelRefused(f"The answer was blocked by {_BLOCKED[finish]} ({finish}).", finish=finish)
    why = _BROKEN.get(finish, "this reason is not known here")
    return AnswerBroken(f"The answer is not whole: {why} ({finish or 'no finish reason'}).", finish=finish)


def _emptiness(parts: Sequence[Json], *, is_more: bool) -> AnswerBroken | None:
    """What is missing in an answer that ended well."""
    if not is_more and all(part.get("thought") for part in parts):
        return AnswerBroken("The answer is empty.")
    if any("functionCall" in part and not part["functionCall"].get("name") for part in parts):
        return AnswerBroken("The answer is not whole: it calls a function without a name.")
    return None
