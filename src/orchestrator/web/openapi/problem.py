"""Errors as the document tells them: problem details (RFC 9457) with a code."""

from typing import Any

from pyairtable_platform.kernel import (
    BadRequest,
    Forbidden,
    Invalid,
    ServiceError,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
)

PROBLEM = {
    "title": "Problem",
    "description": "What went wrong; some problems have members of their own besides.",
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "What a program tells problems apart by."},
        "detail": {"type": "string", "description": "What is wrong in this request, and what helps."},
    },
    "required": ["type", "title", "status", "code", "detail"],
}

COMMON: tuple[type[ServiceError], ...] = (
    Unauthenticated,
    Forbidden,
    TooMany,
    ServiceError,
    Unavailable,
)
"""What every endpoint may answer."""

WITH_BODY: tuple[type[ServiceError], ...] = (BadRequest, TooLarge, Invalid)
"""What an endpoint that is told something may answer besides."""


def problem_of(error: type[ServiceError]) -> dict[str, Any]:
    """The error with the words of its class."""
    detail = " ".join((error.__doc__ or "").split())
    return {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": detail,
    }
