"""Fetching a file that a cell names, from Airtable itself or from public servers, and nowhere else.

A cell's address may have been put there by anybody. What it resolves to is checked, and the connection goes
to just that address; redirects are not followed.
"""

import asyncio
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import EndpointSource

if TYPE_CHECKING:
    from httpx2 import Response

LIMIT = 25 * 1024 * 1024
_TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Target:
    """Where to connect to, and what still names the host."""

    address: str
    headers: dict[str, str]
    extensions: dict[str, str]


async def fetch(url: str, endpoints: EndpointSource | None) -> bytes:
    """The bytes behind the address. Raises ToolError."""
    import httpx2

    is_own = endpoints is not None and _origin(url) == _origin((await endpoints.endpoint()).url)
    target = _Target(url, {}, {}) if is_own else await _pinned(url)
    try:
        async with (
            httpx2.AsyncClient(follow_redirects=False, timeout=_TIMEOUT_SECONDS, trust_env=False) as client,
            client.stream(
                "GET", target.address, headers=target.headers, extensions=target.extensions
            ) as response,
        ):
            if response.status_code != 200:
                raise ToolError(f"The file cannot be fetched: its server answers {response.status_code}.")
            return await _body(response)
    except httpx2.HTTPError as error:
        raise ToolError(f"The file cannot be fetched: {type(error).__name__}.") from error


async def _body(response: "Response") -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > LIMIT:
            raise ToolError(f"The file is larger than the {LIMIT // 1024**2} MB that are fetched.")
    return bytes(content)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


async def _pinned(url: str) -> _Target:
    """The address with its host replaced by what it resolves to, which has been checked."""
    parts = urlsplit(_safe(url, []))
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ToolError(f"The file cannot be fetched: {host[:100]!r} is not known.") from error
    addresses = [str(entry[4][0]) for entry in found]
    _safe(url, addresses)
    shown = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    pinned = urlunsplit((parts.scheme, f"{shown}:{port}", parts.path, parts.query, ""))
    return _Target(pinned, {"host": parts.netloc}, {"sni_hostname": host})


def _safe(url: str, addresses: list[str]) -> str:
    """The address in its normal form. Raises ToolError for one that may lead into a private network."""
    import fields

    checked = fields.check_file_url(url, {"addresses": addresses})
    if not checked.ok:
        raise ToolError(" ".join(problem.message for problem in checked.problems))
    return str(checked.value)
