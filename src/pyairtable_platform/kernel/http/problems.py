"""Errors as problem details (RFC 9457): a title, what is wrong in this request, and data for programs."""

import logging
from collections.abc import Sequence

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pyairtable_platform.kernel.errors import Invalid, ServiceError, TooMany

logger = logging.getLogger(__name__)

_TITLES = {404: "Not found", 405: "Method not allowed"}


def response_of(error: ServiceError) -> Response:
    """{type, title, status, code, detail, ...extra} with the error's status."""
    body = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        **error.extra,
    }
    return _problem(body, error.status, _headers(error))


def of_arguments(error: ValidationError, known: Sequence[str]) -> Invalid:
    """Arguments that the endpoint does not take, each with its path."""
    problems = [
        {"path": ".".join(map(str, problem["loc"])), "message": problem["msg"].removeprefix("Value error, ")}
        for problem in error.errors(include_url=False, include_input=False)
    ]
    detail = "; ".join(": ".join(filter(None, problem.values())) for problem in problems)
    return Invalid(f"{detail}. Known: {', '.join(known)}.", problems=problems)


async def service_error(_: Request, error: Exception) -> Response:
    """What a service raised on purpose."""
    if not isinstance(error, ServiceError):
        raise error
    return response_of(error)


async def http_error(request: Request, error: Exception) -> Response:
    """What the router refuses: a path or a method that is not there."""
    if not isinstance(error, HTTPException):
        raise error
    title = _TITLES.get(error.status_code, "Refused")
    body = {
        "type": "about:blank",
        "title": title,
        "status": error.status_code,
        "code": title.lower().replace(" ", "_"),
        "detail": f"{request.method} {request.url.path} is not answered here.",
    }
    return _problem(body, error.status_code, dict(error.headers or {}))


async def unexpected(_: Request, error: Exception) -> Response:
    """A fault of ours: its text may hold anything, so the client is not told it."""
    logger.error("A request failed", exc_info=error)
    return response_of(ServiceError("The fault is ours; the server's log says more under this request's id."))


def _headers(error: ServiceError) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after_seconds)}
    return {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}


def _problem(body: object, status: int, headers: dict[str, str]) -> Response:
    return JSONResponse(body, status, headers, media_type="application/problem+json")
