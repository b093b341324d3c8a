"""The Web API as an ASGI application: the way from a request under /v0 to its answer.

It stands before Starlette's routes, which would cost a read of one record more than the read itself.
"""

import time
from contextlib import suppress
from functools import partial

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.page.recent import Recent
from local_twins.airtable.web import scopes
from local_twins.airtable.web.answers import ALLOW_ALL, answered, guarded
from local_twins.airtable.web.auth import caller
from local_twins.airtable.web.calls import Call
from local_twins.airtable.web.desk import Desk
from local_twins.airtable.web.endpoints import endpoint
from local_twins.airtable.web.faulting import answer_with_faults
from local_twins.airtable.web.remembering import Remembering

_URL_LENGTH = 16_000
"""Airtable takes URLs that are shorter (docs: "List records")."""
_PREFLIGHT = ALLOW_ALL | {
    "access-control-allow-methods": "DELETE,GET,OPTIONS,PATCH,POST,PUT",
    "access-control-allow-headers": "authorization,content-length,content-type,user-agent,"
    "x-airtable-application-id,x-airtable-user-agent,x-api-version,x-requested-with",
    "access-control-max-age": "86400",
}


class WebApi:
    """Answers the requests under /v0, and hands all others on.

    Handlers run inside the event loop, one after the other: SQLite on a local disk answers sooner than a
    thread could be woken.
    """

    def __init__(self, app: ASGIApp, desk: Desk, recent: Recent) -> None:
        self._next = app
        self._desk = desk
        self._recent = recent
        self._remembering = Remembering(desk.store)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if not scopes.is_of_the_api(scope):
            await self._next(scope, receive, send)
            return
        began = time.perf_counter()
        response = None
        try:
            # Whoever leaves in the middle of a request has asked for nothing.
            with suppress(ClientDisconnect):
                response = await self._response(scope, receive)
                await response(scope, receive, send)
        finally:
            self._recent.note(scope, response, time.perf_counter() - began)

    async def _response(self, scope: Scope, receive: Receive) -> Response:
        if scope["method"] == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        respond = partial(guarded, scope, partial(self._respond, scope))
        return await answer_with_faults(self._desk, scope, receive, respond)

    def _respond(self, scope: Scope, body: bytes) -> Response:
        desk, question = self._desk, self._remembering.question(scope)
        if question is not None and (known := self._remembering.find(question)) is not None:
            desk.limiter.admit(known.base_id, known.user_id)
            return known.response
        if len(scopes.origin(scope)) + len(scope["raw_path"]) + len(scope["query_string"]) + 1 >= _URL_LENGTH:
            raise Refusal(errors.URL_TOO_LONG)
        grant = caller(desk.tokens, scopes.header(scope, b"authorization"))
        handler, need, path = endpoint(scopes.method(scope), scopes.parts(scope))
        desk.limiter.admit(path.get("base", ""), grant.user_id)
        call = Call(desk, scope, body, grant, path)
        with desk.store.lock:
            need.check(grant, call)
            shown = handler(call)
        if need.is_to_write and scopes.method(scope) != "GET":
            desk.counts.note_write(handler.__name__)
        response = answered(shown) if shown is not None else Response(headers=ALLOW_ALL)
        if question is not None:
            self._remembering.remember(question, path["base"], grant.user_id, response)
        return response
