"""The requests that were answered lately: who asked for what, with what end, in what time."""

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from local_twins.airtable.model import times

KEPT = 500
"""Requests kept; the oldest goes first."""

_SECRETS = frozenset({"api_key", "access_token", "token", "key"})
_LONGEST = 2000
_LONGEST_ERROR = 4096


@dataclass(frozen=True, slots=True)
class Answered:
    """One request without its body and its token; `status` None where no answer was sent."""

    seq: int
    time: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    client: str
    status: int | None
    milliseconds: float
    error: str

    def to_json(self) -> dict[str, Any]:
        """The request as the page reads it."""
        return asdict(self)


class Recent:
    """A ring of the last requests, numbered from one."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._ring: deque[Answered] = deque(maxlen=KEPT)
        self._seq = 0

    def note(self, scope: Scope, status: int | None, seconds: float, error: str) -> None:
        """Keep a request, answered just now."""
        self._seq += 1
        answered = Answered(
            seq=self._seq,
            time=times.to_text(self._clock()),
            method=scope["method"],
            path=scope["path"][:_LONGEST],
            query=_query(scope["query_string"]),
            client=_header(scope, b"user-agent")[:120],
            status=status,
            milliseconds=round(seconds * 1000, 2),
            error=error,
        )
        self._ring.append(answered)

    def since(self, seq: int) -> list[Answered]:
        """The requests after that one, oldest first."""
        return [answered for answered in self._ring if answered.seq > seq]


class Watching:
    """Notes the requests to the Web API on their way through."""

    def __init__(self, app: ASGIApp, recent: Recent) -> None:
        self._app = app
        self._recent = recent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http" or not scope["path"].startswith(("/v0/", "/attachments/")):
            await self._app(scope, receive, send)
            return
        status: int | None = None
        error = ""

        async def noting(message: Message) -> None:
            nonlocal status, error
            if message["type"] == "http.response.start":
                status = message["status"]
            elif status is not None and status >= 400:
                error = _error_type(message.get("body", b""))
            await send(message)

        began = time.perf_counter()
        try:
            await self._app(scope, receive, noting)
        finally:
            self._recent.note(scope, status, time.perf_counter() - began, error)


def _error_type(body: bytes) -> str:
    """Airtable's name for what was wrong, without the message, which may repeat a value."""
    try:
        error = json.loads(body[:_LONGEST_ERROR])["error"]
        told = error["type"] if isinstance(error, dict) else error
    except (ValueError, KeyError, TypeError):
        return ""
    return told if isinstance(told, str) else ""


def _query(query_string: bytes) -> tuple[tuple[str, str], ...]:
    pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
    return tuple(
        (name[:_LONGEST], "***" if name.lower() in _SECRETS else value[:_LONGEST]) for name, value in pairs
    )


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
