"""What the local Gemini refuses, as the service words it.

ApiError        an answer that is no reply: HTTP status, google.rpc status and message
ScriptRefused   a script that cannot be read as one
"""

from collections.abc import Mapping
from typing import Any

_STATUSES: Mapping[int, str] = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}

_RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"
_ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


class ScriptRefused(ValueError):
    """The script is not in the format of docs/gemini-twin.md; the message names the place."""


class ApiError(Exception):
    """A refusal in the form of google.rpc.Status."""

    def __init__(self, code: int, message: str, *, retry_delay: str = "", reason: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_delay = retry_delay
        self.reason = reason

    @property
    def body(self) -> dict[str, Any]:
        """The JSON of the answer, and of an error in the middle of a stream."""
        status = _STATUSES.get(self.code, "UNKNOWN")
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": status}
        if details := self._details():
            error["details"] = details
        return {"error": error}

    def _details(self) -> list[dict[str, Any]]:
        details: list[dict[str, Any]] = []
        if self.reason:
            details.append({"@type": _ERROR_INFO, "reason": self.reason, "domain": "googleapis.com"})
        if self.retry_delay:
            details.append({"@type": _RETRY_INFO, "retryDelay": self.retry_delay})
        return details


def unknown_field(name: str, where: str) -> ApiError:
    """A key that the API does not have, at the place of that name."""
    at = f" at '{where}'" if where else ""
    return ApiError(400, f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.')


def no_such_model(name: str) -> ApiError:
    """A model that is not served."""
    return ApiError(
        404, f"models/{name} is not found for API version v1, or is not supported for generateContent."
    )
