"""Answers as JSON, open to every origin, and refusals in Airtable's words."""

from collections.abc import Mapping

from starlette.responses import Response

from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.rows import to_text

ALLOW_ALL = {"access-control-allow-origin": "*"}


def answered(body: Mapping[str, object], status: int = 200) -> Response:
    """The JSON object as an answer."""
    return Response(to_text(body).encode(), status, ALLOW_ALL, "application/json; charset=utf-8")


def refused(refusal: Refusal) -> Response:
    """The refusal as an answer."""
    return answered(refusal.body, refusal.kind.status)
