"""An event stream that would hold the answer and nothing else is sent as the answer: JSON with a length.

A server may answer a POST either way (spec: Streamable HTTP, "Sending Messages"), and the SDK settles it for
a whole session of 2025: a stream for every call, or progress and questions for none. Here it is settled by
what comes first. The stream costs a client a connection each, for it leaves when it has read the answer.
"""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ANSWER = re.compile(
    rb'(?:event: message\r\n)?data: (\{"jsonrpc":"2\.0","id":(?:-?\d+|"[^"\\]*"),"(?:result|error)":[^\r\n]*)'
    rb"\r\n\r\n"
)
"""One event with a response; whatever looks otherwise stays a stream, which is right for everything."""

_OF_STREAMS = {b"content-type", b"content-length", b"transfer-encoding", b"connection", b"cache-control"}


class SoleAnswers:
    """The application, its streams of one answer turned into JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; only the answers to messages are looked at."""
        if scope["type"] == "http" and scope["method"] == "POST":
            send = _Held(send).send
        await self._app(scope, receive, send)


class _Held:
    """What the application has sent so far, as long as it may turn out to be one answer."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._event: Message | None = None
        self._decided = False

    async def send(self, message: Message) -> None:
        """Pass the message on, or hold it until the next one tells what it is part of."""
        if self._decided:
            await self._send(message)
        elif self._start is None and _begins_stream(message):
            self._start = message
        elif self._start is not None and self._event is None and _ANSWER.fullmatch(message.get("body", b"")):
            self._event = message
        elif self._start is not None and self._event is not None and _ends(message):
            await self._send_answer(self._start, self._event["body"])
        else:
            await self._let_go(message)

    async def _send_answer(self, start: Message, event: bytes) -> None:
        self._decided = True
        content = _ANSWER.sub(rb"\1", event)
        kept = [(name, value) for name, value in start["headers"] if name.lower() not in _OF_STREAMS]
        told = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        await self._send({**start, "headers": [*kept, *told]})
        await self._send({"type": "http.response.body", "body": content})

    async def _let_go(self, message: Message) -> None:
        """Send what was held as it came: this is a stream after all, or never was one."""
        self._decided = True
        for held in (self._start, self._event, message):
            if held is not None:
                await self._send(held)


def _begins_stream(message: Message) -> bool:
    return message["type"] == "http.response.start" and any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in message["headers"]
    )


def _ends(message: Message) -> bool:
    return not message.get("body") and not message.get("more_body")
