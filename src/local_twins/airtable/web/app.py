"""The twin as an ASGI application: the way from a request to an answer."""

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.faults.faults import Faults
from local_twins.airtable.page.access import PageAccess
from local_twins.airtable.page.recent import Recent, Watching
from local_twins.airtable.page.routes import page_routes
from local_twins.airtable.storage.store import Store
from local_twins.airtable.web import attachments_api
from local_twins.airtable.web.answers import ALLOW_ALL, answered, refused
from local_twins.airtable.web.auth import Tokens, caller
from local_twins.airtable.web.calls import Call, query_of
from local_twins.airtable.web.desk import Desk
from local_twins.airtable.web.endpoints import Path, endpoint
from local_twins.airtable.web.faulting import answer_with_faults
from local_twins.airtable.web.grants import Grant
from local_twins.airtable.web.limiter import Limiter, RateLimit
from local_twins.airtable.web.remembering import Remembering
from local_twins.airtable.web.twin_api import twin_answer

logger = logging.getLogger(__name__)

_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")
_URL_LENGTH = 16_000
"""Airtable takes URLs that are shorter (docs: "List records")."""
_PREFLIGHT = ALLOW_ALL | {
    "access-control-allow-methods": "DELETE,GET,OPTIONS,PATCH,POST,PUT",
    "access-control-allow-headers": "authorization,content-type,user-agent,x-airtable-application-id,"
    "x-airtable-user-agent,x-api-version,x-requested-with",
    "access-control-max-age": "86400",
}


_Responder = Callable[[Desk, Request, bytes], Response]


def create_app(
    store: Store,
    *,
    tokens: Tokens,
    rate_limit: RateLimit = "off",
    faults: Faults | None = None,
    page: PageAccess = "loopback",
) -> Starlette:
    """The Web API under /v0, its files, the twin's own paths and its page under /_twin, and a /health.

    The caller keeps the store and closes it. `faults` strike from the first request on. `page` says whom the
    page shows its data: whoever sits at this machine, or bearers of a token only.
    Handlers run inside the event loop, one after the other: SQLite on a local disk answers sooner than a
    thread could be woken.
    """
    desk = Desk(store, tokens, Limiter(rate_limit, time.monotonic), faults or Faults())

    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        return await answer_with_faults(desk, request, partial(_answer, desk, request, _api_response))

    async def twin(request: Request) -> Response:
        return _answer(desk, request, _twin_response, await request.body())

    async def attachment(request: Request) -> Response:
        return attachments_api.serve_attachment(store, request)

    recent = Recent()
    return Starlette(
        middleware=[Middleware(Remembering, desk, recent), Middleware(Watching, recent)],
        routes=[
            Route("/v0/{path:path}", answer, methods=_METHODS),
            Route("/health", _health),
            *page_routes(store, tokens, recent, page),
            Route("/_twin/{name}", twin, methods=_METHODS),
            Route("/attachments/{attachment}/{filename}", attachment),
            Route("/attachments/{attachment}/{part}/{filename}", attachment),
        ],
    )


async def _health(_request: Request) -> Response:
    return answered({"status": "ok"})


def _answer(desk: Desk, request: Request, respond: _Responder, body: bytes) -> Response:
    """The response, or the refusal in Airtable's words."""
    try:
        return respond(desk, request, body)
    except Refusal as refusal:
        return refused(refusal)
    except Exception:
        logger.exception("%s %s failed", request.method, request.url.path)
        return refused(Refusal(errors.SERVER_ERROR))


def _api_response(desk: Desk, request: Request, body: bytes) -> Response:
    scope = request.scope
    if len(_origin(scope)) + len(scope["raw_path"]) + len(scope["query_string"]) + 1 >= _URL_LENGTH:
        raise Refusal(errors.URL_TOO_LONG)
    grant = caller(desk.tokens, _header(scope, b"authorization"))
    handler, need, path = endpoint(scope["method"], _parts(scope))
    desk.limiter.admit(path.get("base", ""), grant.user_id)
    call = _call(desk, request, body, grant, path)
    with desk.store.lock:
        need.check(grant, call)
        shown = handler(call)
    if request.method != "GET" and need.is_to_write:
        desk.counts.note_write(handler.__name__)
    return answered(shown) if shown is not None else Response(headers=ALLOW_ALL)


def _twin_response(desk: Desk, request: Request, body: bytes) -> Response:
    grant = caller(desk.tokens, _header(request.scope, b"authorization"))
    with desk.store.lock:
        return twin_answer(desk, request, _call(desk, request, body, grant, {}))


def _call(desk: Desk, request: Request, body: bytes, grant: Grant, path: Mapping[str, str]) -> Call:
    query = query_of(request.scope["query_string"])
    content_type = _header(request.scope, b"content-type")
    return Call(desk.store, desk.iterators, grant, path, query, body, _origin(request.scope), content_type)


def _origin(scope: Scope) -> str:
    """Where this request came to: http://127.0.0.1:49152, with the path of a mounted application."""
    host, port = scope["server"] or ("127.0.0.1", None)
    asked = _header(scope, b"host") or (f"{host}:{port}" if port else host)
    return f"{scope['scheme']}://{asked}{scope.get('root_path', '')}"


def _header(scope: Scope, name: bytes) -> str:
    """A header's value, "" when it was not sent."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


def _parts(scope: Scope) -> Path:
    """The parts of the path behind /v0, decoded one by one: a table's name may hold a slash."""
    raw: bytes = scope["raw_path"]
    behind = raw.decode("ascii").removeprefix(scope.get("root_path", "")).split("/v0/", 1)[-1]
    parts = behind.removesuffix("/").split("/")
    return tuple(map(unquote, parts) if "%" in behind else parts)
