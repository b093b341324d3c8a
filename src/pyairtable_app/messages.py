"""What a client writes: its messages, and an answer to what is none.

The SDK drops a line that it cannot read, and who sent it waits until its time is over. Over HTTP it recites
what its parser tried.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

from mcp_types import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    PARSE_ERROR,
    JSONRPCNotification,
    jsonrpc_message_adapter,
)
from pydantic import ValidationError
from pydantic_core import from_json

from pyairtable_app.pipes import LinesIn, TextOut

_BYTE_ORDER_MARK = "\ufeff"
_SHOWN = 120

# Any escape, or two that are a pair of surrogates: what the group holds is half of one. What follows an
# escaped backslash is no escape.
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F]..)|.)", re.DOTALL)
_HALF = re.compile(r"\\u[dD]")


class Messages:
    """The lines that are messages of JSON-RPC."""

    def __init__(self, lines: LinesIn, text: TextOut) -> None:
        self._lines = lines
        self._text = text

    async def __aiter__(self) -> AsyncIterator[str]:
        async for line in self._lines:
            message = cleaned(line)
            if not message:
                continue
            if (refused := refusal(message)) is None:
                yield message
            elif refused:
                await self._text.write(json.dumps(refused) + "\n")
                await self._text.flush()


def cleaned(text: str) -> str:
    """The text without a byte order mark, blanks about it and halves of characters."""
    return whole(text.lstrip(_BYTE_ORDER_MARK).strip())


def whole(line: str) -> str:
    """The line with U+FFFD for half of a character, as every writer of UTF-8 puts it.

    A model that is cut off in an emoji leaves one, and it is text to JavaScript and to JSON, though to no one
    else.
    """
    if not _HALF.search(line):
        return line
    return _ESCAPE.sub(lambda found: "\\ufffd" if found[1] else found[0], line)


def refusal(line: str) -> dict[str, Any] | None:
    """The answer to a line that is no message, empty when it gets none; None for a message."""
    return None if _asks(line) else _judged(line)


def broken_off(line: str) -> dict[str, Any]:
    """The answer to a message that is still being answered when the server's time is over."""
    return _error(
        INTERNAL_ERROR,
        "The server is stopping, and this was broken off. A write may have been applied, or may still be: "
        "look at list_changes, or at the records, before it is repeated.",
        _id(from_json(line)),
    )


def _asks(line: str) -> bool:
    """Whether it is a request or a notification at first sight, as nearly all messages are.

    The SDK reads what follows more closely, once more, and that takes three times as long.
    """
    try:
        read = from_json(line)
    except ValueError:
        return False
    match read:
        case {"jsonrpc": "2.0", "method": str()}:
            is_addressed = "id" not in read or type(read["id"]) in (int, str)
            return is_addressed and isinstance(read.get("params"), dict | None)
        case _:
            return False


def _judged(line: str) -> dict[str, Any] | None:
    try:
        read = jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValidationError:
        return _answer(line)
    # A request whose id is none reads as a notification, which nobody would answer.
    has_id = isinstance(read, JSONRPCNotification) and "id" in from_json(line)
    return _answer(line) if has_id else None


def _answer(line: str) -> dict[str, Any]:
    try:
        read = json.loads(line)
    except ValueError as error:
        return _error(PARSE_ERROR, f"The message is no JSON ({error}): {line[:_SHOWN]}")
    except RecursionError:
        return _error(PARSE_ERROR, f"The message is nested too deeply: {line[:_SHOWN]}")
    match read:
        case list():
            return _error(INVALID_REQUEST, "There are no batches: send each message by itself.")
        case {"result": _} | {"error": _}:
            return {}
        case {"method": str()} if "id" not in read:
            return {}
        case _:
            return _error(
                INVALID_REQUEST,
                'A request has jsonrpc "2.0", an id that is a text or a whole number, a method, and params '
                f"that are an object: {line[:_SHOWN]}",
                _id(read),
            )


def _id(read: object) -> str | int | None:
    """The id of what may have been a request, None for one that is none."""
    given = read.get("id") if isinstance(read, Mapping) else None
    return given if isinstance(given, str | int) and not isinstance(given, bool) else None


def _error(code: int, message: str, request: str | int | None = None) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": request, "error": {"code": code, "message": message}}
