"""The proxy as an ASGI application: Airtable's Web API, answered through the gateway."""

from collections.abc import Callable
from urllib.parse import parse_qsl, unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from airtable_gateway.errors import AirtableError
from airtable_gateway.forwarding import ForwardedRequest, Forwarding
from airtable_gateway.gateway import Gateway
from airtable_gateway.hearing import Hearer, nobody_hears
from airtable_gateway.proxy.bodies import bytes_of
from airtable_gateway.proxy.descriptions import may_write
from airtable_gateway.proxy.forwarded_writes import write_forwarded
from airtable_gateway.proxy.keys import Keys
from airtable_gateway.proxy.record_writes import write_records
from airtable_gateway.proxy.refusals import refusal, refused
from airtable_gateway.request_body import TooLarge, TooSlow, read_body
from airtable_gateway.traffic.urgency import calling

LARGEST = 8 * 1024 * 1024
"""Bytes of one body: a file of 5 MB, which is as much as Airtable takes, as base64."""

PATIENCE_SECONDS = 60.0

_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]


def create_proxy(
    gateway_of: Callable[[str], Gateway], forwarding: Forwarding, keys: Keys, hearer: Hearer = nobody_hears
) -> Starlette:
    """The Web API under /v0, and under any path before it.

    Writes of records go through `gateway_of` the bearer's name, everything else through `forwarding`, with
    what that gateway's journal notes of it; `hearer` is told what was written there. Whoever hosts the
    application opens and closes both.
    """

    async def answer(request: Request) -> Response:
        bearer = keys.bearer(request.headers.get("authorization", ""))
        if bearer is None:
            return refused(401, "AUTHENTICATION_REQUIRED", "Authentication required")
        path = _path(request)
        if not path:
            return refused(404, "NOT_FOUND", "There is nothing here: Airtable's Web API is under /v0.")
        try:
            body = await read_body(request, largest=LARGEST, patience_seconds=PATIENCE_SECONDS)
        except TooLarge:
            return refused(413, "REQUEST_TOO_LARGE", f"A request has at most {LARGEST} bytes.")
        except TooSlow:
            return refused(408, "REQUEST_TIMEOUT", "The request did not come in time.")
        asked = ForwardedRequest(
            # The server leaves out the body of what answers a HEAD.
            "GET" if request.method == "HEAD" else request.method,
            path,
            tuple(parse_qsl(request.url.query, keep_blank_values=True)),
            body,
            request.headers.get("content-type", "application/json"),
        )
        with calling(bearer):
            return await _answer(gateway_of(bearer), forwarding, asked, hearer)

    return Starlette(routes=[Route("/{path:path}", answer, methods=_METHODS)])


async def _answer(
    gateway: Gateway, forwarding: Forwarding, request: ForwardedRequest, hearer: Hearer
) -> Response:
    try:
        if may_write(request):
            written = await write_records(gateway, request)
            if written is not None:
                return _json(written)
            answer = await write_forwarded(gateway, forwarding, request, hearer)
        else:
            answer = await forwarding.forward(request)
    except AirtableError as error:
        return refusal(error)
    if answer.json is None:
        return Response(status_code=200)
    return _json(answer.json, {"Age": str(int(answer.age_seconds))} if answer.age_seconds else {})


def _path(request: Request) -> tuple[str, ...]:
    """The parts of the path behind /v0, decoded one by one: a table's name may hold a slash."""
    raw: bytes = request.scope["raw_path"]
    _, found, behind = raw.decode("ascii", "replace").partition("/v0/")
    parts = behind.partition("?")[0].rstrip("/").split("/") if found else []
    decoded = tuple(unquote(part) for part in parts)
    return decoded if all(part.strip(".") for part in decoded) else ()


def _json(body: object, headers: dict[str, str] | None = None) -> Response:
    return Response(bytes_of(body), 200, headers, "application/json; charset=utf-8")
