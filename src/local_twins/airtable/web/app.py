"""The twin as an ASGI application: the table of its endpoints, and the way from a request to an answer."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.rows import to_text
from local_twins.airtable.reading.iterators import Iterators
from local_twins.airtable.storage.store import Store
from local_twins.airtable.web import attachments_api, comments_api, meta_api, records_api
from local_twins.airtable.web.auth import Tokens, caller
from local_twins.airtable.web.calls import Call, Json, query_of
from local_twins.airtable.web.limiter import Limiter, RateLimit

logger = logging.getLogger(__name__)

Handler = Callable[[Call], Json]

ENDPOINTS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "meta/whoami", meta_api.whoami),
    ("GET", "meta/bases", meta_api.list_bases),
    ("POST", "meta/bases", meta_api.create_base),
    ("GET", "meta/bases/{base}/tables", meta_api.list_tables),
    ("POST", "meta/bases/{base}/tables", meta_api.create_table),
    ("PATCH", "meta/bases/{base}/tables/{table}", meta_api.change_table),
    ("POST", "meta/bases/{base}/tables/{table}/fields", meta_api.create_field),
    ("PATCH", "meta/bases/{base}/tables/{table}/fields/{field}", meta_api.change_field),
    ("GET", "{base}/{table}", records_api.list_records),
    ("POST", "{base}/{table}", records_api.create_records),
    ("PATCH", "{base}/{table}", records_api.update_records),
    ("PUT", "{base}/{table}", records_api.replace_records),
    ("DELETE", "{base}/{table}", records_api.delete_records),
    ("POST", "{base}/{table}/listRecords", records_api.post_list),
    ("GET", "{base}/{table}/{record}", records_api.get_record),
    ("PATCH", "{base}/{table}/{record}", records_api.update_record),
    ("PUT", "{base}/{table}/{record}", records_api.replace_record),
    ("DELETE", "{base}/{table}/{record}", records_api.delete_record),
    ("POST", "{base}/{record}/{field}/uploadAttachment", attachments_api.upload_attachment),
    ("GET", "{base}/{table}/{record}/comments", comments_api.list_comments),
    ("POST", "{base}/{table}/{record}/comments", comments_api.create_comment),
    ("PATCH", "{base}/{table}/{record}/comments/{comment}", comments_api.change_comment),
    ("DELETE", "{base}/{table}/{record}/comments/{comment}", comments_api.delete_comment),
)
"""Every endpoint under /v0; of two that fit a path, the first one answers."""

_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")
_ALLOW_ALL = {"access-control-allow-origin": "*"}
_PREFLIGHT = _ALLOW_ALL | {
    "access-control-allow-methods": "DELETE,GET,OPTIONS,PATCH,POST,PUT",
    "access-control-allow-headers": "authorization,content-type,user-agent,x-airtable-application-id,"
    "x-airtable-user-agent,x-api-version,x-requested-with",
    "access-control-max-age": "86400",
}

_Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Desk:
    """What stays the same between requests."""

    store: Store
    tokens: Tokens
    limiter: Limiter
    iterators: Iterators


def create_app(store: Store, *, tokens: Tokens, rate_limit: RateLimit = "off") -> Starlette:
    """The Web API under /v0 and a /health; the caller keeps the store and closes it.

    Handlers run inside the event loop, one after the other: SQLite on a local disk answers sooner than a
    thread could be woken.
    """
    desk = _Desk(store, tokens, Limiter(rate_limit, time.monotonic), Iterators())

    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        return _answer(desk, request, await request.body())

    async def attachment(request: Request) -> Response:
        return attachments_api.serve_attachment(store, request)

    return Starlette(
        routes=[
            Route("/health", _health),
            Route("/v0/{path:path}", answer, methods=_METHODS),
            Route("/attachments/{attachment}/{filename}", attachment),
            Route("/attachments/{attachment}/{part}/{filename}", attachment),
        ]
    )


async def _health(_request: Request) -> Response:
    return _json({"status": "ok"})


def _answer(desk: _Desk, request: Request, body: bytes) -> Response:
    try:
        user_id = caller(desk.tokens, request.headers.get("authorization", ""))
        handler, path = _route(request.method, _parts(request))
        desk.limiter.admit(path.get("base", ""))
        query = query_of(request.scope["query_string"])
        call = Call(desk.store, desk.iterators, user_id, path, query, body, _origin(request))
        with desk.store.lock:
            return _json(handler(call))
    except Refusal as refusal:
        return _json(refusal.body, refusal.kind.status)
    except Exception:
        logger.exception("%s %s failed", request.method, request.url.path)
        return _json(Refusal(errors.SERVER_ERROR).body, errors.SERVER_ERROR.status)


def _origin(request: Request) -> str:
    """Where this request came to: http://127.0.0.1:49152, with the path of a mounted application."""
    host, port = request.scope["server"] or ("127.0.0.1", None)
    asked = request.headers.get("host") or (f"{host}:{port}" if port else host)
    return f"{request.scope['scheme']}://{asked}{request.scope.get('root_path', '')}"


def _route(method: str, parts: _Parts) -> tuple[Handler, Mapping[str, str]]:
    """The endpoint of a path and the parts that it names. Raises Refusal when there is none."""
    for pattern, handler in _BY_SHAPE.get((method, len(parts)), ()):
        if all(wanted[0] == "{" or wanted == part for wanted, part in zip(pattern, parts, strict=True)):
            return handler, {
                wanted[1:-1]: part for wanted, part in zip(pattern, parts, strict=True) if wanted[0] == "{"
            }
    raise Refusal(errors.NOT_FOUND)


def _parts(request: Request) -> _Parts:
    """The parts of the path behind /v0, decoded one by one: a table's name may hold a slash."""
    raw: bytes = request.scope["raw_path"]
    behind = raw.decode("ascii").removeprefix(request.scope.get("root_path", "")).split("/v0/", 1)[-1]
    return tuple(unquote(part) for part in behind.removesuffix("/").split("/"))


def _by_shape() -> Mapping[tuple[str, int], list[tuple[_Parts, Handler]]]:
    shapes: dict[tuple[str, int], list[tuple[_Parts, Handler]]] = {}
    for method, pattern, handler in ENDPOINTS:
        parts = tuple(pattern.split("/"))
        shapes.setdefault((method, len(parts)), []).append((parts, handler))
    return shapes


_BY_SHAPE = _by_shape()


def _json(body: Json, status: int = 200) -> Response:
    return Response(to_text(body).encode(), status, _ALLOW_ALL, "application/json; charset=utf-8")
