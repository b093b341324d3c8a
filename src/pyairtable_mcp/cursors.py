"""Where a list goes on: opaque to the model, and good only for the question that it came with."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

from mcp.server.mcpserver.exceptions import ToolError


@dataclass(frozen=True, slots=True)
class Position:
    """Airtable's offset of a page (None: the first), and how many of its records were given already."""

    offset: str | None = None
    skip: int = 0


START = Position()


def encode(position: Position, question: object) -> str:
    """A cursor for `position` in the answer to `question`, any value that JSON can hold."""
    payload = json.dumps([position.offset, position.skip, _fingerprint(question)], separators=(",", ":"))
    return base64.urlsafe_b64encode(payload.encode()).decode().rstrip("=")


def decode(cursor: str, question: object) -> Position:
    """The position that `cursor` names; "" is the start.

    Raises ToolError when the text is no cursor, or belongs to another question.
    """
    if not cursor:
        return START
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        offset, skip, fingerprint = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, UnicodeDecodeError, ValueError, TypeError) as error:
        message = (
            f"cursor {cursor[:80]!r} is not one that this server gave. Pass it unchanged, or leave it out."
        )
        raise ToolError(message) from error
    if fingerprint != _fingerprint(question):
        message = "This cursor belongs to another list. Repeat the other arguments exactly, or leave it out."
        raise ToolError(message)
    return Position(offset, int(skip))


def _fingerprint(question: object) -> str:
    canonical = json.dumps(question, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
