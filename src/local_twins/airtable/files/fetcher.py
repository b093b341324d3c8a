"""Files fetched by address, from public servers only: no name, address or redirect leads inside (SSRF)."""

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

import fields

_REDIRECTS = 3  # docs: "Attachments", at most three
_CHUNK_BYTES = 65536


class NotFetched(Exception):
    """The address may not be fetched from, or what is there did not come."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as its server gave it; `filename` is the last part of its address."""

    filename: str
    declared_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches one file at a time. `allow_private_urls` opens this machine and its network, for tests."""

    allow_private_urls: bool = False
    most_bytes: int = 100 * 1024 * 1024
    timeout_seconds: float = 20.0

    def fetch(self, url: str) -> Fetched:
        """The file at that address, over at most three redirects. Raises NotFetched."""
        deadline = time.monotonic() + self.timeout_seconds
        for _ in range(_REDIRECTS + 1):
            try:
                answer = self._ask(url, deadline)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise NotFetched(f"{url}: {error}") from error
            if isinstance(answer, Fetched):
                return answer
            url = urljoin(url, answer)
        raise NotFetched(f"{url}: more than {_REDIRECTS} redirects")

    def _ask(self, url: str, deadline: float) -> Fetched | str:
        """What is at the address, or where it says that it is."""
        normal = self._checked(url, ())
        parts = urlsplit(normal)
        host, is_tls = parts.hostname or "", parts.scheme == "https"
        addresses = _addresses(host, parts.port or (443 if is_tls else 80))
        self._checked(url, tuple(str(address[0]) for address in addresses))
        sock = self._connected(addresses, deadline)
        connection = http.client.HTTPConnection(host, parts.port, timeout=self.timeout_seconds)
        # The socket is made here and handed over, so that no second look-up can lead elsewhere.
        connection.sock = _tls(sock, host) if is_tls else sock
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target, headers={"Host": parts.netloc, "Accept-Encoding": "identity"})
            return self._read(connection.getresponse(), parts.path, deadline)
        finally:
            connection.close()

    def _checked(self, url: str, addresses: tuple[str, ...]) -> str:
        options = {"block_private": not self.allow_private_urls, "addresses": addresses}
        checked = fields.check_file_url(url, options)
        if checked.problems:
            raise NotFetched(checked.problems[0].message)
        return str(checked.value)

    def _connected(self, addresses: list[tuple[str, int]], deadline: float) -> socket.socket:
        """A connection to the first address that answers."""
        failure: OSError = OSError("no address")
        for address in addresses:
            try:
                return socket.create_connection(address, timeout=_left(deadline))
            except OSError as error:
                failure = error
        raise failure

    def _read(self, answer: http.client.HTTPResponse, path: str, deadline: float) -> Fetched | str:
        location = answer.getheader("Location")
        if answer.status in (301, 302, 303, 307, 308) and location:
            return location
        if answer.status != 200:
            raise NotFetched(f"the server answered {answer.status}")
        content = bytearray()
        while chunk := answer.read(_CHUNK_BYTES):
            content += chunk
            if len(content) > self.most_bytes:
                raise NotFetched(f"more than {self.most_bytes} bytes")
            _left(deadline)
        declared = (answer.getheader("Content-Type") or "").partition(";")[0].strip()
        return Fetched(unquote(path.rsplit("/", 1)[-1]), declared, bytes(content))


def _addresses(host: str, port: int) -> list[tuple[str, int]]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(str(sockaddr[0]), port) for *_, sockaddr in found]


def _tls(sock: socket.socket, host: str) -> ssl.SSLSocket:
    try:
        return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except OSError:
        sock.close()
        raise


def _left(deadline: float) -> float:
    """The seconds that are left. Raises TimeoutError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left
