"""Who asks: recognised at the door, at hand in every endpoint."""

import structlog
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from pyairtable_platform.kernel.errors import Forbidden, Unauthenticated
from pyairtable_platform.kernel.http.problems import response_of
from pyairtable_platform.kernel.identity import Asking, Authenticator, Principal


class Recognised:
    """Lets through whom the authenticator knows; `open_paths` are answered to everyone.

    A browser's WebSocket cannot send headers, so there the token may be the query's `access_token`.
    """

    def __init__(self, app: ASGIApp, authenticator: Authenticator, open_paths: frozenset[str]) -> None:
        self._app = app
        self._authenticator = authenticator
        self._open_paths = open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan" or scope.get("path") in self._open_paths:
            await self._app(scope, receive, send)
            return
        principal = await self._authenticator.recognise(_asking(scope))
        if principal is None:
            await _refuse(scope, receive, send)
            return
        scope.setdefault("state", {})["principal"] = principal
        with structlog.contextvars.bound_contextvars(principal=principal.id):
            await self._app(scope, receive, send)


def principal_of(request: HTTPConnection) -> Principal:
    """Who sent this request."""
    principal: Principal = request.state.principal
    return principal


def require(request: HTTPConnection, scope: str) -> Principal:
    """Who sent this request, if the scope was granted. Raises Forbidden."""
    principal = principal_of(request)
    if not principal.may(scope):
        raise Forbidden(f"This needs the scope {scope}.", scope=scope)
    return principal


def _asking(scope: Scope) -> Asking:
    headers = dict(scope.get("headers", ()))
    kind, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    given = token.strip() if kind.lower() == "bearer" else ""
    if not given and scope["type"] == "websocket":
        given = Request({**scope, "type": "http"}).query_params.get("access_token", "")
    return Asking(given, (scope.get("client") or ("", 0))[0])


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4401, "reason": "Unauthenticated"})
        return
    await response_of(Unauthenticated())(scope, receive, send)
