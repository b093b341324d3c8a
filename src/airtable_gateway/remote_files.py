"""Files by their addresses, fetched from Airtable itself or from public servers, and from nowhere else.

A cell's address may have been put there by anybody. What its host resolves to is checked, and the connection
goes to just that address, so that a second look-up cannot lead elsewhere; redirects are not followed.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from airtable_gateway.endpoint import EndpointSource
from airtable_gateway.errors import AirtableError

if TYPE_CHECKING:
    from httpx2 import AsyncBaseTransport, Response

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The IP addresses of a host. Raises OSError."""


class NotFetched(Exception):
    """A file cannot be had; the message says why, and shows nothing that was fetched."""


@dataclass(frozen=True, slots=True)
class _Target:
    """Where to connect to, and what still names the host."""

    address: str
    headers: dict[str, str]
    extensions: dict[str, str]


async def resolved(host: str, port: int) -> list[str]:
    """What this machine's resolver says. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True, slots=True)
class RemoteFiles:
    """Fetches files. Of all servers in private networks only `airtable`, where the bases are, is asked."""

    airtable: EndpointSource | None = None
    timeout_seconds: float = 60.0
    resolve: Resolve = resolved
    transport: "AsyncBaseTransport | None" = None

    async def fetch(self, url: str, limit: int, *, is_stored: bool) -> bytes:
        """The file at the address, of up to `limit` bytes. Raises NotFetched.

        `is_stored` says that Airtable holds the file, which it tells by its size: before that, the address is
        whatever somebody wrote, and Airtable's own server is asked for nothing under it.
        """
        import httpx2

        try:
            async with asyncio.timeout(self.timeout_seconds):
                target = await self._target(url, is_stored=is_stored)
                async with (
                    httpx2.AsyncClient(
                        follow_redirects=False,
                        timeout=self.timeout_seconds,
                        trust_env=False,
                        transport=self.transport,
                    ) as client,
                    client.stream(
                        "GET", target.address, headers=target.headers, extensions=target.extensions
                    ) as response,
                ):
                    return await _body(response, limit)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
            raise NotFetched(f"The file cannot be fetched: {type(error).__name__}.") from error

    async def _target(self, url: str, *, is_stored: bool) -> _Target:
        if is_stored and await self._is_airtables(url):
            return _Target(url, {}, {})
        return await self._pinned(url)

    async def _is_airtables(self, url: str) -> bool:
        if self.airtable is None:
            return False
        try:
            return _origin(url) == _origin((await self.airtable.endpoint()).url)
        except (AirtableError, ValueError):
            return False

    async def _pinned(self, url: str) -> _Target:
        """The address with its host replaced by what it resolves to, which has been checked."""
        parts = urlsplit(_safe(url, []))
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        addresses = await self._addresses(host, port)
        _safe(url, addresses)
        shown = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
        pinned = urlunsplit((parts.scheme, f"{shown}:{port}", parts.path, parts.query, ""))
        return _Target(pinned, {"host": parts.netloc}, {"sni_hostname": host})

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = await self.resolve(host, port)
        except (OSError, UnicodeError):
            found = []
        if not found:
            raise NotFetched(f"The file cannot be fetched: {host[:100]!r} is not known.")
        return found


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


async def _body(response: "Response", limit: int) -> bytes:
    if response.status_code != 200:
        raise NotFetched(f"The file cannot be fetched: its server answers {response.status_code}.")
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > limit:
            raise NotFetched(f"The file is larger than the {limit:,} bytes that are fetched.")
    return bytes(content)


def _safe(url: str, addresses: list[str]) -> str:
    """The address in its normal form. Raises NotFetched for one that may lead into a private network."""
    import fields

    checked = fields.check_file_url(url, {"addresses": addresses})
    if not checked.ok:
        raise NotFetched(" ".join(problem.message for problem in checked.problems))
    return str(checked.value)
