"""The head of an answer, read at one look when it is of the usual kind.

http.client reads a head line by line and has it parsed as that of an e-mail, with all that one may hold. It
is left to do so with a head that is unusual in any way.
"""

import re
from collections.abc import Mapping
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


def tells_its_end(headers: Mapping[str, str]) -> bool:
    """Whether the body ends by its length or a last chunk, and the connection stays open behind it."""
    if headers.get("connection", "keep-alive").lower() != "keep-alive":
        return False
    if "transfer-encoding" in headers:
        return headers["transfer-encoding"] == "chunked"
    return headers.get("content-length", "").isdecimal()
