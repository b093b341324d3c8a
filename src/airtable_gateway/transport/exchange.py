"""One request and its answer over a connection that is open already, by the shortest way.

urllib3 and http.client are ready for any request and any answer, and look with each for what hardly one has.
That costs several times what sending and receiving does. Here a request is one piece of bytes, and an answer
with a usual head is read by its length or in its chunks. Of any other answer http.client is given what has
come, and reads on.
"""

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import client
from http.client import HTTPException
from io import BytesIO
from typing import Any

from urllib3 import HTTPHeaderDict, HTTPResponse

from airtable_gateway.transport.heads import tells_its_end, usual_head
from airtable_gateway.transport.patience import SENDING_SECONDS, Listening

_WITHOUT_BODY = frozenset({"GET", "DELETE"})
_METHODS = _WITHOUT_BODY | {"POST", "PUT", "PATCH"}

_TARGET = re.compile(r"/(?:[\w.~!$&'()*+,;=:@/?-]++|%[0-9A-F]{2})*+", re.ASCII)
"""A path and a query as urllib3 would send them."""

_CHUNK = re.compile(rb"([0-9a-fA-F]{1,16}) *(?:;|$)")
_LONGEST_LINE = 65536


class Headers(Mapping[str, str]):
    """Headers, found by their names in any case; `values` has them by their names in small letters."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def get(self, name: str, default: Any = None) -> Any:
        """See `Mapping`, which would try and fail for what is not there."""
        return self._values.get(name.lower(), default)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; headers are found by their names in any case.

    `stays` tells whether the connection can be used for another request.
    """

    status: int
    reason: str
    headers: Mapping[str, str]
    data: bytes
    stays: bool


def is_usual(method: str, target: str) -> bool:
    """Whether a request for that path and query can be sent as it is, and its answer has a body."""
    return method in _METHODS and _TARGET.fullmatch(target) is not None


def header_lines(headers: Mapping[str, str]) -> bytes:
    """The headers as they are sent; they were looked at before. Raises UnicodeError."""
    return "".join([f"{name}: {value}\r\n" for name, value in headers.items()]).encode("latin-1")


def request_bytes(method: str, target: str, headers: bytes, body: bytes | None) -> bytes:
    """A usual request with these header lines; the length of its body is told in one more."""
    if body is None and method in _WITHOUT_BODY:
        return b"%s %s HTTP/1.1\r\n%s\r\n" % (method.encode(), target.encode(), headers)
    body = body or b""
    head = (method.encode(), target.encode(), headers, len(body))
    return b"%s %s HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s" % (*head, body)


def exchange(sock: socket.socket, method: str, request: bytes, seconds: float) -> Answer:
    """The answer to a usual request, each wait for which may take so many seconds.

    Raises OSError, TimeoutError among them, HTTPException, and what urllib3 raises of a body that it cannot
    read.
    """
    sock.settimeout(SENDING_SECONDS)
    # Whoever does not read to the end may have answered all the same.
    with suppress(BrokenPipeError, ConnectionResetError):
        sock.sendall(request)
    sock.settimeout(seconds)
    return _answer(Listening(sock), method)


def _answer(listening: Listening, method: str) -> Answer:
    received = listening.receive()
    head = usual_head(received)
    values = _by_name(head.headers) if head else {}
    if head is None or not tells_its_end(values):
        listening.begun = received
        return _any_answer(listening, method)
    rest = _Rest(listening, received[head.size :])
    body = rest.chunks() if "transfer-encoding" in values else rest.take(int(values["content-length"]))
    if packing := values.get("content-encoding"):
        body = HTTPResponse(BytesIO(body), {"content-encoding": packing}).data
    return Answer(head.status, head.reason, Headers(values), body, stays=rest.is_empty)


def _by_name(headers: list[tuple[str, str]]) -> dict[str, str]:
    """The headers by their names in small letters; one that is there twice has both values."""
    values: dict[str, str] = {}
    for given, value in headers:
        name = given.lower()
        values[name] = f"{values[name]}, {value}" if name in values else value
    return values


class _Rest:
    """What comes of an answer behind its head."""

    def __init__(self, listening: Listening, begun: bytes) -> None:
        self._listening = listening
        self._here = begun

    @property
    def is_empty(self) -> bool:
        """Whether nothing has come that was not taken: it would be the answer to no request of ours."""
        return not self._here

    def take(self, count: int) -> bytes:
        """So many bytes. Raises HTTPException when fewer come."""
        pieces, missing = [self._here], count - len(self._here)
        while missing > 0:
            pieces.append(self._more())
            missing -= len(pieces[-1])
        taken = b"".join(pieces)
        self._here = taken[count:]
        return taken[:count]

    def chunks(self) -> bytes:
        """All chunks, joined. Raises HTTPException for what is none."""
        body = []
        while size := self._size():
            body.append(self.take(size))
            if self._line():
                raise HTTPException("A chunk is longer than it said.")
        # Headers may follow, which are of no use; and some leave out the empty line behind them.
        with suppress(HTTPException):
            while self._line():
                pass
        return b"".join(body)

    def _size(self) -> int:
        """The size of the next chunk, 0 for the last one."""
        size = _CHUNK.match(self._line())
        if size is None:
            raise HTTPException("A chunk does not tell its size.")
        return int(size[1], 16)

    def _line(self) -> bytes:
        while b"\r\n" not in self._here:
            if len(self._here) > _LONGEST_LINE:
                raise HTTPException("A line does not end.")
            self._here += self._more()
        line, _, self._here = self._here.partition(b"\r\n")
        return line

    def _more(self) -> bytes:
        more = self._listening.receive()
        if not more:
            raise HTTPException("The answer was cut.")
        return more


def _any_answer(listening: Any, method: str) -> Answer:
    """The answer as http.client reads it and urllib3 unpacks it."""
    with client.HTTPResponse(listening, method=method) as response:
        response.begin()
        headers = HTTPHeaderDict(response.headers.items())
        unpacked = HTTPResponse(
            response, headers, response.status, original_response=response, request_method=method
        )
        return Answer(response.status, response.reason, headers, unpacked.data, stays=not response.will_close)
