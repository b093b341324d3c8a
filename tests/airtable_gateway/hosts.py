"""Hosts that give the answers they were made with, and keep what they were sent."""

import re
import socket
import ssl
import threading
from collections.abc import Collection, Iterator
from typing import BinaryIO

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n" + b'{"records":1}'


class Host:
    """A host that gives the answers it was made with, one a request, and keeps the requests.

    It ends a connection behind its last answer, and behind those that it `leaves_behind`, the first one being
    0; then `has_left` is set.
    """

    def __init__(
        self, *answers: bytes, tls: ssl.SSLContext | None = None, leaves_behind: Collection[int] = ()
    ) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.has_left = threading.Event()
        self._answers = list(answers)
        self._tls = tls
        self._leaves_behind = leaves_behind
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while self._answers:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with self._tls.wrap_socket(connection, server_side=True) if self._tls else connection as taken:
                self._answer(taken)
            self.has_left.set()

    def _answer(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as sent:
            while self._answers and (request := _request(sent)):
                self.requests.append(request)
                connection.sendall(self._answers.pop(0))
                if len(self.requests) - 1 in self._leaves_behind:
                    return

    def close(self) -> None:
        self._socket.close()


def _lines(sent: BinaryIO) -> Iterator[bytes]:
    while (line := sent.readline()).strip():
        yield line


def _request(sent: BinaryIO) -> bytes:
    """The next request, b"" when there is none."""
    head = b"".join(_lines(sent))
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return head and head + b"\r\n" + sent.read(int(length[1]) if length else 0)
