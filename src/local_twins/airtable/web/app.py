"""The twin as an ASGI application: the way from a request to an answer."""

import logging
import time
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from local_twins.airtable.faults.faults import Faults
from local_twins.airtable.page.access import PageAccess
from local_twins.airtable.page.recent import Recent
from local_twins.airtable.page.routes import page_routes
from local_twins.airtable.storage.store import Store
from local_twins.airtable.web import attachments_api
from local_twins.airtable.web.answers import answered, guarded
from local_twins.airtable.web.api import WebApi
from local_twins.airtable.web.auth import Tokens, caller
from local_twins.airtable.web.calls import Call
from local_twins.airtable.web.desk import Desk
from local_twins.airtable.web.limiter import Limiter, RateLimit
from local_twins.airtable.web.scopes import header
from local_twins.airtable.web.twin_api import twin_answer

logger = logging.getLogger(__name__)

_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")


def create_app(
    store: Store,
    *,
    tokens: Tokens,
    rate_limit: RateLimit = "off",
    faults: Faults | None = None,
    page: PageAccess = "loopback",
) -> ASGIApp:
    """The Web API under /v0, its files, the twin's own paths and its page under /_twin, and a /health.

    The caller keeps the store and closes it. `faults` strike from the first request on. `page` says whom the
    page shows its data: whoever sits at this machine, or bearers of a token only.
    """
    desk = Desk(store, tokens, Limiter(rate_limit, time.monotonic), faults or Faults())

    async def twin(request: Request) -> Response:
        respond = partial(_twin_response, desk, request)
        return guarded(request.scope, respond, await request.body())

    async def attachment(request: Request) -> Response:
        began = time.perf_counter()
        response = attachments_api.serve_attachment(store, request)
        recent.note(request.scope, response, time.perf_counter() - began)
        return response

    recent = Recent()
    beside = Starlette(
        routes=[
            Route("/health", _health),
            *page_routes(store, tokens, recent, page),
            Route("/_twin/{name}", twin, methods=_METHODS),
            Route("/attachments/{attachment}/{filename}", attachment),
            Route("/attachments/{attachment}/{part}/{filename}", attachment),
        ]
    )
    return WebApi(beside, desk, recent)


async def _health(_request: Request) -> Response:
    return answered({"status": "ok"})


def _twin_response(desk: Desk, request: Request, body: bytes) -> Response:
    grant = caller(desk.tokens, header(request.scope, b"authorization"))
    with desk.store.lock:
        return twin_answer(desk, request, Call(desk, request.scope, body, grant, {}))
