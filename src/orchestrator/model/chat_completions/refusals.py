"""What an answer that is none means: by its HTTP status, or by the code of an error within a stream."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from orchestrator.errors import ModelBusy, ModelError, ModelUnreachable, RequestInvalid

_OUT_OF_ORDER = frozenset({408, 500, 502, 504, 520, 522, 524, 529})

_SHOWN = 500
"""Characters of what a server says that are told on."""

_HINTS: Mapping[int, str] = {
    401: " MODEL_API_KEY must hold a key that it takes.",
    403: " MODEL_API_KEY must hold a key that it takes.",
    404: " Look at MODEL_URL, which most often ends in /v1, and at MODEL.",
}


def refused(status: int | None, body: str, headers: Mapping[str, str]) -> ModelError:
    """The error for that answer."""
    said = said_of(body)
    told = f"The model's service answered {status or 'an error'}: {said or 'no message'}"
    if status == 429 and "insufficient_quota" not in body:
        return ModelBusy(told, retry_after_seconds=_retry_after(headers))
    if status == 503:
        return ModelBusy(told, retry_after_seconds=_retry_after(headers))
    if status is None or status in _OUT_OF_ORDER:
        return ModelUnreachable(told)
    return RequestInvalid(f"{told}{_HINTS.get(status, '')}")


def refused_within(error: Any) -> ModelError:
    """The error that a stream tells instead of going on; its code may be a status, or a word."""
    code = error.get("code") if isinstance(error, Mapping) else None
    status = int(str(code)) if str(code).isdecimal() else None
    return refused(status, json.dumps({"error": error}), {})


def said_of(body: str) -> str:
    """The message in a body: OpenAI's form, FastAPI's, Ollama's, or text."""
    try:
        told = json.loads(body)
    except ValueError:
        return " ".join(body.split())[:_SHOWN]
    error = told.get("error", told) if isinstance(told, dict) else told
    if isinstance(error, dict):
        error = error.get("message") or error.get("detail") or error
    return (error if isinstance(error, str) else json.dumps(error, ensure_ascii=False))[:_SHOWN]


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, or a moment, as the header may have either (RFC 9110, 10.2.3)."""
    given = headers.get("retry-after", "").strip()
    try:
        return max(float(given), 0.0)
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(given)
    except ValueError:
        return None
    return max((at - datetime.now(UTC)).total_seconds(), 0.0) if at.tzinfo else None
