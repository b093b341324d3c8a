"""What comes to the MCP server over HTTP, read before the SDK reads it, as it is over standard input."""

import asyncio
from collections.abc import Callable
from typing import Any

from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pyairtable_app.messages import broken_off, cleaned, refusal

MCP_PATH = "/mcp"


class PostedMessages:
    """The application, with the reason told to whoever posts what is no message.

    What has more bytes than `largest_body` is passed on unread: it is the application that refuses it. Who
    comes from elsewhere than `security` allows is told that and nothing else, as the application does it.
    `sessions` is the application's own for MCP_PATH, and is given the messages there at once: what it is
    wrapped in would look for the path and the size once more. `answered` is called when the answer to a
    message has left.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        largest_body: int,
        security: TransportSecuritySettings,
        sessions: ASGIApp,
        answered: Callable[[], None] = lambda: None,
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._answered = answered
        self._largest_body = largest_body
        self._security = TransportSecurityMiddleware(security)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        match scope:
            case {"type": "http", "method": "POST"} if _declared(scope) <= self._largest_body:
                await self._post(scope, receive, send)
            case {"type": "http", "method": "GET"}:
                await self._app(_from_now(scope), receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _post(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts = await self._parts(receive)
        if parts[-1]["type"] == "http.disconnect":
            return  # The SDK would log a failure of its own; nobody waits for an answer.
        body = b"".join(part.get("body", b"") for part in parts)
        if len(body) > self._largest_body:
            await self._app(scope, _again(parts, receive), send)
            return
        message = cleaned(body.decode(errors="replace"))
        if refused := refusal(message):
            answer = await self._security.validate_request(Request(scope)) or JSONResponse(refused, 400)
            await answer(scope, receive, send)
            return
        read: Message = {"type": "http.request", "body": message.encode(), "more_body": False}
        app = self._sessions if scope["path"] == MCP_PATH else self._app
        try:
            await app(scope, _again([read], receive), send)
        except asyncio.CancelledError:
            # Only a server that stops breaks off what it answers, and would say that it failed.
            await _tell(broken_off(message), scope, receive, send)
        self._answered()

    async def _parts(self, receive: Receive) -> list[Message]:
        """The parts of the body, to its end or until they are too large."""
        parts = [await receive()]
        size = len(parts[0].get("body", b""))
        while parts[-1].get("more_body") and size <= self._largest_body:
            parts.append(await receive())
            size += len(parts[-1].get("body", b""))
        return parts


async def _tell(error: dict[str, Any], scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the error, in the last event of a stream where one has begun."""
    answer = JSONResponse(error, 503)
    try:
        await answer(scope, receive, send)
    except RuntimeError:  # By which a server refuses to begin an answer twice.
        event = b"event: message\r\ndata: " + bytes(answer.body) + b"\r\n\r\n"
        await send({"type": "http.response.body", "body": event})


def _declared(scope: Scope) -> int:
    """The bytes that the client says it will send, 0 where it does not say."""
    told = [value for name, value in scope["headers"] if name == b"content-length" and value.isdigit()]
    return int(told[0]) if told else 0


def _from_now(scope: Scope) -> Scope:
    """The scope without the event after which a stream is wanted: none is kept, and the SDK fails over it.

    A client may be given a stream that begins now (spec: "Resumability and Redelivery").
    """
    kept = [(name, value) for name, value in scope["headers"] if name != b"last-event-id"]
    return {**scope, "headers": kept}


def _again(parts: list[Message], receive: Receive) -> Receive:
    """A `receive` that gives those parts, and then what comes after them."""
    left = iter(parts)

    async def replay() -> Message:
        return next(left, None) or await receive()

    return replay
