"""Connections to other servers, public ones only: no name and no address leads inside (SSRF)."""

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import fields


class NotAllowed(Exception):
    """The address is one that may not be asked."""


@dataclass(frozen=True, slots=True)
class Connection:
    """An open connection to the server of a URL."""

    http: http.client.HTTPConnection
    parts: SplitResult

    @property
    def target(self) -> str:
        """What is asked of the server: path and query."""
        return (self.parts.path or "/") + (f"?{self.parts.query}" if self.parts.query else "")

    @property
    def host(self) -> str:
        """The Host header."""
        return self.parts.netloc.rsplit("@", 1)[-1]


@dataclass(frozen=True, slots=True)
class Connector:
    """Connects. `allow_private_urls` opens this machine and its network, for tests."""

    allow_private_urls: bool = False

    def connect(self, url: str, deadline: float) -> Connection:
        """A connection to the server of that URL, before the deadline of time.monotonic.

        Raises NotAllowed, OSError and ValueError.
        """
        parts = urlsplit(self._checked(url, ()))
        host, is_tls = parts.hostname or "", parts.scheme == "https"
        addresses = _addresses(host, parts.port or (443 if is_tls else 80))
        self._checked(url, tuple(str(address[0]) for address in addresses))
        sock = _connected(addresses, deadline)
        connection = http.client.HTTPConnection(host, parts.port, timeout=left(deadline))
        # The socket is made here and handed over, so that no second look-up can lead elsewhere.
        connection.sock = _tls(sock, host) if is_tls else sock
        return Connection(connection, parts)

    def _checked(self, url: str, addresses: tuple[str, ...]) -> str:
        options = {"block_private": not self.allow_private_urls, "addresses": addresses}
        checked = fields.check_file_url(url, options)
        if checked.problems:
            raise NotAllowed(checked.problems[0].message)
        return str(checked.value)


def left(deadline: float) -> float:
    """The seconds that are left. Raises TimeoutError when there are none."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("it took too long")
    return seconds


def _connected(addresses: list[tuple[str, int]], deadline: float) -> socket.socket:
    """A connection to the first address that answers."""
    failure: OSError = OSError("no address")
    for address in addresses:
        try:
            return socket.create_connection(address, timeout=left(deadline))
        except OSError as error:
            failure = error
    raise failure


def _addresses(host: str, port: int) -> list[tuple[str, int]]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(str(sockaddr[0]), port) for *_, sockaddr in found]


def _tls(sock: socket.socket, host: str) -> ssl.SSLSocket:
    try:
        return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except OSError:
        sock.close()
        raise
