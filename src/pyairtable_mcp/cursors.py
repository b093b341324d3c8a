"""Where a list goes on: opaque to the model, sealed, good for the question that it came with, for a day."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from mcp.server.mcpserver.exceptions import ToolError

_SEAL = 12

LIFETIME_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Position:
    """Airtable's offset of a page (None: the first), and how many of its records were given already."""

    offset: str | None = None
    skip: int = 0


START = Position()


def encode(position: Position, question: object, key: bytes, *, now: float) -> str:
    """A cursor for `position` in the answer to `question`, any value that JSON can hold.

    `now` is in seconds since 1970, as in `decode`.
    """
    told = [position.offset, position.skip, _fingerprint(question), int(now) + LIFETIME_SECONDS]
    payload = json.dumps(told, separators=(",", ":"))
    return urlsafe_b64encode(_seal(payload.encode(), key) + payload.encode()).decode().rstrip("=")


def decode(cursor: str, question: object, key: bytes, *, now: float) -> Position:
    """The position that `cursor` names; "" is the start.

    Raises ToolError when the text is no cursor of this server's, belongs to another question, or is too old.
    """
    if not cursor:
        return START
    offset, skip, fingerprint, expiry = _opened(cursor, key)
    if fingerprint != _fingerprint(question):
        message = "This cursor belongs to another list. Repeat the other arguments exactly, or leave it out."
        raise ToolError(message)
    if expiry < now:
        raise ToolError("This cursor is older than a day. Leave it out, and begin the list anew.")
    return Position(offset, skip)


def _opened(cursor: str, key: bytes) -> tuple[str | None, int, str, int]:
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        raw = b""
    seal, payload = raw[:_SEAL], raw[_SEAL:]
    if not hmac.compare_digest(seal, _seal(payload, key)):
        raise ToolError(
            f"cursor {cursor[:80]!r} is not one that this server gave. Pass it unchanged, or leave it out."
        )
    offset, skip, fingerprint, expiry = json.loads(payload)
    return offset, skip, fingerprint, expiry


def _seal(payload: bytes, key: bytes) -> bytes:
    return hmac.new(key, payload, hashlib.sha256).digest()[:_SEAL]


def _fingerprint(question: object) -> str:
    canonical = json.dumps(question, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
