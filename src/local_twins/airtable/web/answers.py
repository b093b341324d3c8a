"""Answers as JSON, open to every origin, and refusals in Airtable's words."""

import logging
from collections.abc import Callable, Mapping

from pydantic_core import to_json
from starlette.responses import Response
from starlette.types import Scope

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal

logger = logging.getLogger(__name__)

ALLOW_ALL = {"access-control-allow-origin": "*"}


def answered(body: Mapping[str, object], status: int = 200) -> Response:
    """The JSON object as an answer."""
    return _Answer(to_json(body), status)


class _Answer(Response):
    """A response whose headers are known: Starlette would look through them at each request."""

    def __init__(self, body: bytes, status: int) -> None:
        self.status_code = status
        self.body = body
        self.background = None
        self.raw_headers = [*_ANSWER_HEADERS, (b"content-length", b"%d" % len(body))]


_ANSWER_HEADERS = (
    (b"access-control-allow-origin", b"*"),
    (b"content-type", b"application/json; charset=utf-8"),
)


def refused(refusal: Refusal) -> Response:
    """The refusal as an answer."""
    return answered(refusal.body, refusal.kind.status)


def guarded(scope: Scope, respond: Callable[[bytes], Response], body: bytes) -> Response:
    """The response to a request with that body, or the refusal in Airtable's words."""
    try:
        return respond(body)
    except Refusal as refusal:
        return refused(refusal)
    except Exception:
        logger.exception("%s %s failed", scope["method"], scope["path"])
        return refused(Refusal(errors.SERVER_ERROR))
