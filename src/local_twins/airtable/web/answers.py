"""Answers as JSON, open to every origin, and refusals in Airtable's words."""

from collections.abc import Mapping

from starlette.responses import Response

from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.rows import to_text

ALLOW_ALL = {"access-control-allow-origin": "*"}


def answered(body: Mapping[str, object], status: int = 200) -> Response:
    """The JSON object as an answer."""
    return _Answer(to_text(body).encode(), status)


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
