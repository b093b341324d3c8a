"""Thought signatures of a history that another model or key has signed, or nobody."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

_SKIP = base64.b64encode(b"skip_thought_signature_validator").decode()
"""What the service takes in place of a signature for calls it never signed (docs: thought signatures)."""


def unsigned(contents: Sequence[Json]) -> list[Json]:
    """The contents without signatures; the first call of each step carries the word that skips the check."""
    return [_unsigned(content) if content.get("role") == "model" else content for content in contents]


def _unsigned(content: Json) -> Json:
    parts = [_bare(part) for part in content["parts"]]
    first = next((place for place, part in enumerate(parts) if "functionCall" in part), None)
    if first is not None:
        parts[first] = {**parts[first], "thoughtSignature": _SKIP}
    return {**content, "parts": parts}


def _bare(part: Json) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "thoughtSignature"}
