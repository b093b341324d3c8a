"""A client that costs next to nothing: requests are bytes, sent over kept connections."""

import json
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, Self
from urllib.parse import urlsplit


class Connection:
    """One kept connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()
        self._socket.close()

    def send(self, request: bytes) -> None:
        """Send a request without waiting."""
        self._socket.sendall(request)

    def receive(self) -> bytes:
        """The body of the next answer, which is to be a good one."""
        status = self._reader.readline()
        length = 0
        while (line := self._reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = self._reader.read(length)
        if b" 200 " not in status:
            raise SystemExit(f"{status!r} {body[:300]!r}")
        return body

    def ask(self, request: bytes) -> Any:
        """The answer to one request, read as JSON."""
        self.send(request)
        return json.loads(self.receive())


def request(method: str, path: str, body: Any = None) -> bytes:
    """The bytes of a request under /v0."""
    content = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} /v0/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer patBench\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def rate(url: str, requests: Sequence[bytes], connections: int = 8) -> float:
    """Requests a second, with so many under way at once."""
    with ExitStack() as stack:
        kept = [stack.enter_context(Connection(url)) for _ in range(connections)]
        began = time.perf_counter()
        for start in range(0, len(requests), connections):
            batch = list(zip(kept, requests[start : start + connections], strict=False))
            for connection, asked in batch:
                connection.send(asked)
            for connection, _ in batch:
                connection.receive()
        return len(requests) / (time.perf_counter() - began)


def milliseconds(connection: Connection, requests: Sequence[bytes]) -> list[float]:
    """How long each answer took, one request after the other."""
    taken = []
    for asked in requests:
        began = time.perf_counter()
        connection.send(asked)
        connection.receive()
        taken.append((time.perf_counter() - began) * 1000)
    return taken
