"""Answers that have to be whole in a certain time, however slowly their bytes come.

A socket's timeout is one for each read: who sends a byte now and then would hold a thread for ever.
"""

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any

WHOLE_SECONDS = 60.0
"""From the end of the request to the end of the answer."""

SENDING_SECONDS = 60.0
"""For a whole request: the largest file takes nearly so long where a megabit leaves in a second."""

_PIECE = 65536


class Listening:
    """A socket, and what an answer asks of one: a file to read from. Nothing waits beyond the deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._deadline = time.monotonic() + WHOLE_SECONDS
        self.begun = b""
        """What was received and is to be read again."""

    def receive(self) -> bytes:
        """What has come, b"" at the end. Raises OSError, TimeoutError among them."""
        self.heed_deadline()
        return self._sock.recv(_PIECE)

    def heed_deadline(self) -> None:
        """Have the next read wait no longer. Raises TimeoutError."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("The answer took too long.")
        timeout = self._sock.gettimeout()
        if timeout is None or timeout > left:
            self._sock.settimeout(left)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """See `socket.socket`."""
        return io.BufferedReader(_Reads(self, self._sock.makefile("rb", buffering=0)))


class PatientResponse(HTTPResponse):
    """Reads from its socket until its time is over."""

    def __init__(self, sock: Any, *args: Any, **options: Any) -> None:
        listening: Any = Listening(sock)
        super().__init__(listening, *args, **options)


class _Reads(io.RawIOBase):
    """Reads of a socket, none of which waits beyond the deadline."""

    def __init__(self, listening: Listening, raw: Any) -> None:
        self._listening = listening
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        if begun := self._listening.begun:
            count = min(len(begun), len(buffer))
            buffer[:count], self._listening.begun = begun[:count], begun[count:]
            return count
        self._listening.heed_deadline()
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._raw.close()
