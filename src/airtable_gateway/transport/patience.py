"""Answers that have to be whole in a certain time, however slowly their bytes come.

A socket's timeout is one for each read: who sends a byte now and then would hold a thread for ever.
"""

import io
import socket
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPSConnection

from airtable_gateway.transport.at_once import AtOnce
from airtable_gateway.transport.heads import PromptResponse

WHOLE_SECONDS = 60.0
"""From the end of the request to the end of the answer."""


class PatientAdapter(HTTPAdapter):
    """Sends requests; raises ReadTimeout when the whole answer has not come in time."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """See `HTTPAdapter`."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        """See `HTTPAdapter`; a SOCKS proxy has pools of its own."""
        manager = super().proxy_manager_for(*args, **options)
        if type(manager) is ProxyManager:
            manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
        return manager


class _Answer(PromptResponse):
    """Reads from its socket until its time is over."""

    def __init__(self, sock: Any, *args: Any, **options: Any) -> None:
        listening: Any = _Listening(sock, time.monotonic() + WHOLE_SECONDS)
        super().__init__(listening, *args, **options)


class _Connection(AtOnce):
    response_class = _Answer


class _SecureConnection(AtOnce, HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Listening:
    """What an answer asks of its socket: a file to read from."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        raw = self._sock.makefile("rb", buffering=0)
        return io.BufferedReader(_Reads(raw, self._sock, self._deadline))


class _Reads(io.RawIOBase):
    """Reads of a socket, none of which waits beyond the deadline."""

    def __init__(self, raw: Any, sock: socket.socket, deadline: float) -> None:
        self._raw = raw
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("The answer took too long.")
        timeout = self._sock.gettimeout()
        if timeout is None or timeout > left:
            self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._raw.close()
