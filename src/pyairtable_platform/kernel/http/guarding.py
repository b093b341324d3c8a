"""Which names and which web pages a service answers: a page of another site must not speak for its reader.

A browser sends a page's `Origin` and asks nobody's leave before a simple POST; and a name of another site may
be made to lead here (DNS rebinding). So both headers are held against lists.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from pyairtable_platform.kernel.errors import Forbidden
from pyairtable_platform.kernel.http.problems import response_of

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class Guarded:
    """Answers requests that came under a known name, and from no page, its own, or one of `origins`."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], origins: tuple[str, ...]) -> None:
        self._app = app
        self._hosts = LOOPBACK_NAMES | {host.lower() for host in hosts}
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan" or (refusal := self._refusal(Headers(scope=scope))) is None:
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403, "reason": refusal.detail})
            return
        await response_of(refusal)(scope, receive, send)

    def _refusal(self, headers: Headers) -> Forbidden | None:
        host = headers.get("host", "")
        if _name_of(host) not in self._hosts:
            return Forbidden(
                f"This server is not known as {host!r}; ALLOWED_HOSTS names what it is known as."
            )
        origin = headers.get("origin")
        is_own = origin is not None and urlsplit(origin).netloc.lower() == host.lower()
        if origin is None or is_own or origin in self._origins:
            return None
        return Forbidden(f"Pages of {origin} may not ask here.")


def _name_of(host: str) -> str:
    """The name without its port, in small letters; empty when it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
