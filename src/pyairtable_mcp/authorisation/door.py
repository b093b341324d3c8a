"""The door of the HTTP server: who calls, whether they may, and what a client that may not has to do."""

import json
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from mcp.server.auth.middleware.auth_context import auth_context_var
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pyairtable_mcp.authorisation.errors import TokenError
from pyairtable_mcp.authorisation.limits import Limits
from pyairtable_mcp.authorisation.metadata import Resource
from pyairtable_mcp.authorisation.refusals import Refusal, refuse
from pyairtable_mcp.authorisation.scopes import grants, needed_scope
from pyairtable_mcp.authorisation.tokens import Verifier


class Door:
    """Lets through who is known and may do what they ask; answers everyone else itself.

    `verifiers` are asked in turn. `resource` describes this server to clients that look for its issuer.
    With `reads_messages` the scope that each MCP message needs is asked for before it goes further.
    """

    def __init__(
        self,
        app: ASGIApp,
        verifiers: Sequence[Verifier],
        *,
        resource: Resource | None = None,
        limits: Limits | None = None,
        reads_messages: bool = True,
        largest_body: int = 8 * 1024 * 1024,
    ) -> None:
        self._app = app
        self._verifiers = tuple(verifiers)
        self._resource = resource
        self._limits = limits or Limits()
        self._reads_messages = reads_messages
        self._largest_body = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if self._resource is not None and self._resource.describes(scope):
            await self._resource(scope, receive, send)
            return
        try:
            caller = await self._caller(scope)
            body = await self._body(scope, receive)
            messages = _messages(body)
            self._require_scope(caller, messages)
        except Refusal as refusal:
            await refuse(refusal, self._resource, scope, receive, send)
            return
        counted = self._counted(caller, messages, scope)
        await self._pass(caller, counted, scope, _again(body, receive), send)

    async def _caller(self, scope: Scope) -> AccessToken:
        """Who it is. Raises Refusal."""
        bearer = _bearer(scope)
        if bearer is None:
            raise Refusal(401, "", "Send a token as: Authorization: Bearer <token>")
        for verifier in self._verifiers:
            try:
                caller = await verifier.verify(bearer)
            except TokenError as error:
                raise Refusal(401, "invalid_token", f"The token is refused: {error}.") from None
            if caller is not None:
                return caller
        raise Refusal(401, "invalid_token", "The token is not known here.")

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole message, None where nobody looks into it. Raises Refusal."""
        if not self._reads_messages or scope["type"] != "http" or scope["method"] != "POST":
            return None
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return bytes(body)
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._largest_body:
                raise Refusal(413, "", f"A message has at most {self._largest_body} bytes.")
        return bytes(body)

    def _require_scope(self, caller: AccessToken, messages: Sequence[Any]) -> None:
        for message in messages:
            needed = needed_scope(message)
            if not grants(caller.scopes, needed):
                wanted = " ".join([*caller.scopes, needed])
                raise Refusal(403, "insufficient_scope", f"This needs the scope {needed}.", scope=wanted)

    def _counted(self, caller: AccessToken, messages: Sequence[Any], scope: Scope) -> Hashable:
        """Under what the request is counted, None for what is not; streams of news, which last, apart."""
        principal = caller.subject or caller.client_id
        is_stream = scope.get("method") == "GET" and self._reads_messages
        if is_stream or any(_listens(message) for message in messages):
            return principal, "streams"
        return principal if scope.get("method") == "POST" else None

    async def _pass(
        self, caller: AccessToken, counted: Hashable, scope: Scope, receive: Receive, send: Send
    ) -> None:
        wait = self._limits.enter(counted) if counted else 0.0
        if counted:
            send = _telling(self._limits.headers(counted), send)
        if wait:
            refusal = Refusal(429, "", "Too many requests; wait a little.", retry_after=wait)
            await refuse(refusal, self._resource, scope, receive, send)
            return
        user = AuthenticatedUser(caller)
        token = auth_context_var.set(user)
        try:
            await self._app({**scope, "user": user}, receive, send)
        finally:
            auth_context_var.reset(token)
            if counted:
                self._limits.leave(counted)


def _bearer(scope: Scope) -> str | None:
    """The token of the one Authorization header; several say nothing."""
    given = [value for name, value in scope.get("headers", ()) if name == b"authorization"]
    if len(given) != 1:
        return None
    scheme, _, token = given[0].decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _messages(body: bytes | None) -> list[Any]:
    """The JSON-RPC messages. Raises Refusal for what cannot be read: nobody knows which scope it needs."""
    if not body:
        return []
    try:
        found = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise Refusal(400, "invalid_request", "The message is no JSON that can be read.") from None
    return found if isinstance(found, list) else [found]


def _listens(message: Any) -> bool:
    """Whether the message opens a stream of news."""
    return isinstance(message, dict) and message.get("method") == "subscriptions/listen"


def _telling(headers: Mapping[str, str], send: Send) -> Send:
    """A `send` that adds the headers to the answer."""
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *raw]}
        await send(message)

    return told


def _again(body: bytes | None, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read, and then what comes after it."""
    if body is None:
        return receive
    left = [body]

    async def replay() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return replay
