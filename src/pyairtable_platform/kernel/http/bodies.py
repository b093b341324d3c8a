"""How much of a body is read."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pyairtable_platform.kernel.errors import TooLarge
from pyairtable_platform.kernel.http.problems import response_of


class Bounded:
    """Refuses a body of more than `limit` bytes: by its length if that is told, else when it gets there."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "0")
        if not told.isdecimal() or int(told) > self._limit:
            await response_of(self._refusal())(scope, receive, send)
            return
        read = 0

        async def receive_bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit:
                raise self._refusal()
            return message

        await self._app(scope, receive_bounded, send)

    def _refusal(self) -> TooLarge:
        return TooLarge(f"At most {self._limit:,} bytes are read.")
