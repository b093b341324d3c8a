"""Thought signatures: opaque bytes that belong to one call and must come back as they were given."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

SKIP = b"skip_thought_signature_validator"
"""What a client sends for a history that was never signed (docs: "Thought signatures", FAQ)."""


def signature(call: Mapping[str, Any]) -> str:
    """The signature of a functionCall part's call."""
    return base64.b64encode(_digest(call)).decode()


def is_signed(part: Mapping[str, Any]) -> bool:
    """Whether the functionCall part carries the signature of exactly this call, or the word that skips it."""
    given = _decoded(str(part.get("thoughtSignature", part.get("thought_signature", ""))))
    return given in (SKIP, _digest(_call_of(part)))


def carries_signature(part: Mapping[str, Any]) -> bool:
    """Whether there is a signature at all."""
    return bool(part.get("thoughtSignature", part.get("thought_signature")))


def _call_of(part: Mapping[str, Any]) -> Mapping[str, Any]:
    call: Mapping[str, Any] = part.get("functionCall", part.get("function_call", {}))
    return call


def _digest(call: Mapping[str, Any]) -> bytes:
    said = json.dumps([call.get("name"), call.get("args", {})], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).digest()


def _decoded(text: str) -> bytes:
    """The bytes of standard or URL-safe base64, padded or not: clients re-encode what they store."""
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        return b""
