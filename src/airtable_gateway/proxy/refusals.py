"""The gateway's errors in the form in which Airtable's clients expect them."""

import math
from collections.abc import Mapping

from starlette.responses import Response

from airtable_gateway.errors import (
    AirtableError,
    BaseNotFound,
    FieldNotFound,
    InvalidRequest,
    NotFound,
    OutcomeUnknown,
    RecordNotFound,
    TableNotFound,
    TooManyRequests,
    Unreachable,
)
from airtable_gateway.proxy.bodies import bytes_of

_HIDDEN = (
    "Invalid permissions, or the requested model was not found. Check that both your user and your token "
    "have the required permissions, and that the model names and/or ids are correct."
)
_OWN: tuple[tuple[type[AirtableError], int, str], ...] = (
    (FieldNotFound, 422, "UNKNOWN_FIELD_NAME"),
    (RecordNotFound, 404, "MODEL_ID_NOT_FOUND"),
    (TableNotFound, 403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"),
    (BaseNotFound, 403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"),
    (NotFound, 404, "NOT_FOUND"),
    (InvalidRequest, 422, "INVALID_REQUEST_UNKNOWN"),
    (TooManyRequests, 429, "RATE_LIMIT_REACHED"),
    (OutcomeUnknown, 500, "OUTCOME_UNKNOWN"),
    (AirtableError, 500, "SERVER_ERROR"),
)
"""Errors that the gateway raised by itself; the first kind that fits speaks."""


def refusal(error: AirtableError) -> Response:
    """The answer to a request that failed: Airtable's own where it gave one, else one in its form."""
    headers = _headers(error)
    if error.answer is not None:
        status, body = error.answer
        return Response(body, status, headers, "application/json; charset=utf-8")
    status, type, message = _told(error)
    return refused(status, type, message, headers)


def refused(status: int, type: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in the form of Airtable's errors."""
    body = {"error": {"type": type, "message": message}}
    return Response(bytes_of(body), status, headers, "application/json; charset=utf-8")


def _told(error: AirtableError) -> tuple[int, str, str]:
    if isinstance(error, Unreachable) and not error.may_be_applied:
        # A 503 is what Airtable's clients may repeat.
        return 503, "RETRIABLE_ERROR", f"{error.message} {error.hint}".strip()
    status, type = next((status, type) for kind, status, type in _OWN if isinstance(error, kind))
    match error:
        case FieldNotFound():
            message = f'Unknown field name: "{error.name}"'
        case RecordNotFound():
            message = "Record not found"
        case TableNotFound() | BaseNotFound():
            message = _HIDDEN
        case _:
            message = f"{error.message} {error.hint}".strip()
    return status, type, message


def _headers(error: AirtableError) -> dict[str, str]:
    """When to come again, where that is known."""
    if isinstance(error, TooManyRequests | Unreachable) and error.retry_after_seconds > 0:
        return {"Retry-After": str(math.ceil(error.retry_after_seconds))}
    return {}
