"""An Airtable that fails as it is asked to, and says the caller's token wherever an answer can hold it."""

import json
import re
from collections import Counter
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from local_twins.dropping import drop

WORK = "appWork0000000001"
_PLACE = re.compile(r"app(S|R)([a-z0-9]{4})[0-9]{9}")

STATUSES = ("s401", "s403", "s404", "s422", "s429", "s500")
KINDS = (*STATUSES, "html", "odd0", "drop", "cut0", "hop0")
"""A status with Airtable's envelope; a page; JSON of no sense; no answer; half a one; the way elsewhere."""


def failing(kind: str, number: int, *, at_once: bool) -> str:
    """The id of a base that fails so: for its schema already, or after it."""
    return f"app{'S' if at_once else 'R'}{kind}{number:09}"


class Echoing:
    """Answers as `inner` does, but for the bases of `failing`; counts how often it failed in which way."""

    def __init__(self, inner: ASGIApp, elsewhere: str = "http://127.0.0.1:9") -> None:
        self._inner = inner
        self._elsewhere = elsewhere
        self.failed: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        found = _PLACE.search(scope.get("path", ""))
        if found is None:
            await self._inner(scope, receive, send)
            return
        if found[1] == "R" and scope["path"].startswith("/v0/meta/"):
            path = scope["path"].replace(found[0], WORK)
            await self._inner({**scope, "path": path, "raw_path": path.encode()}, receive, send)
            return
        self.failed[found[2]] += 1
        token = dict(scope["headers"]).get(b"authorization", b"").decode()
        await self._fail(found[2], token, scope, send)

    async def _fail(self, kind: str, token: str, scope: Scope, send: Send) -> None:
        by_codes = "".join(f"\\u{ord(sign):04x}" for sign in token)
        error = json.dumps({"error": {"type": f"SAID_{kind}", "message": f"Not with {token}, HERE"}})
        body = error.replace("HERE", by_codes)
        match kind:
            case "drop":
                drop(scope)
            case "cut0":
                await _answer(send, 200, token, body[:40], length=1000)
                drop(scope)
            case "html":
                await _answer(send, 502, token, f"<html>{token}</html>", kind="text/html")
            case "odd0":
                await _answer(send, 200, token, json.dumps([token, {token: [token]}]))
            case "hop0":
                await _answer(send, 302, token, body, more=[("location", f"{self._elsewhere}/{token}")])
            case _:
                await _answer(send, int(kind[1:]), token, body)


async def _answer(
    send: Send,
    status: int,
    token: str,
    body: str,
    *,
    length: int = 0,
    kind: str = "application/json",
    more: Iterable[tuple[str, str]] = (),
) -> None:
    headers = [
        ("content-type", kind),
        ("content-length", str(length or len(body.encode()))),
        ("www-authenticate", f'Bearer realm="{token}"'),
        ("retry-after", token),
        ("set-cookie", f"token={token}"),
        ("x-request", token),
        *more,
    ]
    raw = [(name.encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body.encode(), "more_body": bool(length)})
