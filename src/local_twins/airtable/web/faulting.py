"""A request meets the faults in force, on its way in and on its way out."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope

from local_twins.airtable import errors
from local_twins.airtable.errors import Kind, Refusal
from local_twins.airtable.faults.rule import Rule
from local_twins.airtable.web.answers import refused
from local_twins.airtable.web.desk import Desk
from local_twins.dropping import Dropped

_REFUSALS: dict[str, Kind] = {
    "429": errors.RATE_LIMITED,
    "billing_limit": errors.BILLING_LIMIT_EXCEEDED,
    "503": errors.RETRIABLE,
}


async def answer_with_faults(
    desk: Desk, scope: Scope, receive: Receive, respond: Callable[[bytes], Response]
) -> Response:
    """The response to a request and its body, or what a fault makes of it; all of it is counted."""
    outcome = desk.faults.next(scope["method"], scope["path"])
    desk.counts.note_request(outcome.kinds)
    if outcome.delay_seconds:
        await asyncio.sleep(outcome.delay_seconds)
    body = b"" if scope["method"] in ("GET", "HEAD") else await Request(scope, receive).body()
    if outcome.rule is not None and outcome.fault in _REFUSALS:
        response = _refusal(outcome.rule)
    elif outcome.fault == "drop_before":
        return Dropped()
    else:
        response = respond(body)
    if outcome.fault == "drop_after":
        return Dropped()
    desk.counts.note_answer(response.status_code)
    return response


def _refusal(rule: Rule) -> Response:
    response = refused(Refusal(_REFUSALS[rule.fault]))
    seconds = rule.retry_after
    if seconds is None and rule.fault == "503":
        seconds = 1  # docs: a 503 that is safe to retry tells when
    if seconds is not None:
        response.headers["retry-after"] = str(seconds)
    return response
