"""The requests that were answered lately: who asked for what, with what end, in what time."""

import json
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import Response
from starlette.types import Scope

from local_twins.airtable.model import times
from local_twins.dropping import Dropped

KEPT = 500
"""Requests kept; the oldest goes first."""

_SECRETS = frozenset({"api_key", "access_token", "token", "key"})
_REFUSED = 400
_LONGEST = 2000
_LONGEST_CLIENT = 120
_LONGEST_ERROR = 4096


@dataclass(slots=True)
class Answered:
    """One request without its body and its token; `status` None where no answer was sent.

    It is kept as it came and put into words when somebody looks: hardly anybody does, and requests are many.
    """

    seq: int
    at: float
    method: str
    path: str
    query: bytes
    client: bytes
    status: int | None
    seconds: float
    error: str

    def to_json(self) -> dict[str, Any]:
        """The request as the page reads it."""
        return {
            "seq": self.seq,
            "time": times.to_text(datetime.fromtimestamp(self.at, UTC)),
            "method": self.method,
            "path": self.path,
            "query": _pairs(self.query),
            "client": self.client.decode("latin-1")[:_LONGEST_CLIENT],
            "status": self.status,
            "milliseconds": round(self.seconds * 1000, 2),
            "error": self.error,
        }


class Recent:
    """A ring of the last requests, numbered from one."""

    def __init__(self) -> None:
        self._ring: deque[Answered] = deque(maxlen=KEPT)
        self._seq = 0

    def note(self, scope: Scope, response: Response | None, seconds: float) -> None:
        """Keep a request, answered just now, or left without an answer."""
        self._seq += 1
        status = None if response is None or isinstance(response, Dropped) else response.status_code
        self._ring.append(
            Answered(
                self._seq,
                time.time(),
                scope["method"],
                scope["path"][:_LONGEST],
                scope["query_string"],
                _client(scope),
                status,
                seconds,
                _error_type(response.body) if response and response.status_code >= _REFUSED else "",
            )
        )

    def since(self, seq: int) -> list[Answered]:
        """The requests after that one, oldest first."""
        return [answered for answered in self._ring if answered.seq > seq]


def _error_type(body: bytes | memoryview) -> str:
    """Airtable's name for what was wrong, without the message, which may repeat a value."""
    try:
        error = json.loads(bytes(body[:_LONGEST_ERROR]))["error"]
        told = error["type"] if isinstance(error, dict) else error
    except (ValueError, KeyError, TypeError):
        return ""
    return told if isinstance(told, str) else ""


def _pairs(query_string: bytes) -> list[tuple[str, str]]:
    pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
    return [
        (name[:_LONGEST], "***" if name.lower() in _SECRETS else value[:_LONGEST]) for name, value in pairs
    ]


def _client(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == b"user-agent":
            return bytes(value)
    return b""
