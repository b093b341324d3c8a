"""The head of an answer, read at one look when it is of the usual kind.

http.client reads a head line by line and has it parsed as that of an e-mail, with all that one may hold: a
sixth of what a thread does for a call. It still does so with a head that is unusual in any way.
"""

import re
from collections.abc import Mapping
from http.client import HTTPMessage, HTTPResponse
from typing import NamedTuple

_USUAL = re.compile(
    rb"HTTP/1\.1 (?!204|304)([2-5]\d\d) ([\t -~]*)\r\n"
    rb"((?:[!#$%&'*+.^`|~\w-]+:[\t -~]*\r\n){1,99})\r\n"
)
"""The head of an answer with a body; no header is folded or foreign, and they are as few as are allowed."""

_HEADER = re.compile(r"([^:]+):[\t ]*(.*)\r\n")


class Head(NamedTuple):
    """A usual head, of so many bytes; a header may be there more than once."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    size: int


def usual_head(received: bytes) -> Head | None:
    """The head with which these bytes begin; None when it is unusual, or not all there."""
    found = _USUAL.match(received)
    if found is None:
        return None
    reason, lines = found[2].decode("ascii").strip(), found[3].decode("ascii")
    return Head(int(found[1]), reason, _HEADER.findall(lines), found.end())


def tells_its_end(headers: "Mapping[str, str] | HTTPMessage") -> bool:
    """Whether the body ends by its length or a last chunk, and the connection stays open behind it."""
    if headers.get("connection", "keep-alive").lower() != "keep-alive":
        return False
    if "transfer-encoding" in headers:
        return headers["transfer-encoding"] == "chunked"
    return headers.get("content-length", "").isdecimal()


class PromptResponse(HTTPResponse):
    """An `HTTPResponse` that begins faster and is otherwise the same.

    Not for the answer to a HEAD, which has no body behind its length: the gateway sends none.
    """

    def begin(self) -> None:
        """See `HTTPResponse`."""
        head = usual_head(self.fp.peek()) if self.headers is None else None
        headers = _message(head) if head else None
        if head is None or headers is None or not tells_its_end(headers):
            super().begin()
            return
        self.fp.read(head.size)
        self.code = self.status = head.status
        self.reason = head.reason
        self.version = 11
        self.headers = self.msg = headers
        self.chunked = "transfer-encoding" in headers
        self.chunk_left = None
        self.length = None if self.chunked else int(headers["content-length"])
        self.will_close = False


def _message(head: Head) -> HTTPMessage:
    headers = HTTPMessage()
    for name, value in head.headers:
        headers[name] = value
    return headers
