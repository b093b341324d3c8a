"""What an HTTP status and a google.rpc.Status mean to us."""

from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator.errors import ModelBusy, ModelError, ModelUnreachable, RequestInvalid, SignatureMissing

_BUSY = frozenset({429, 503})
_OUT_OF_ORDER = frozenset({408, 500, 502, 504})


def refused(code: int | None, details: Any, message: str) -> ModelError:
    """The error for an answer with that status; `details` is its body."""
    said = f"The model's service answered {code}: {message or 'no message'}"
    if code in _BUSY:
        return ModelBusy(said, retry_after_seconds=_retry_delay(details))
    if code in _OUT_OF_ORDER:
        return ModelUnreachable(said)
    if code == 400 and "thought" in message.lower() and "signature" in message.lower():
        return SignatureMissing(said)
    return RequestInvalid(said)


def _retry_delay(details: Any) -> float | None:
    """The seconds of a RetryInfo ("7s", "0.5s"), if there is one."""
    for detail in _details(details):
        delay = detail.get("retryDelay")
        if isinstance(delay, str) and delay.endswith("s"):
            try:
                return max(float(delay[:-1]), 0.0)
            except ValueError:
                return None
    return None


def _details(body: Any) -> Iterator[Mapping[str, Any]]:
    error = body.get("error", body) if isinstance(body, Mapping) else {}
    found = error.get("details", []) if isinstance(error, Mapping) else []
    for detail in found if isinstance(found, list) else ():
        if isinstance(detail, Mapping):
            yield detail
