"""The keys with which an issuer signs: fetched over HTTP within limits, and kept for a while."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pyairtable_mcp.authorisation.errors import TokenError

_TIMEOUT_SECONDS = 5.0
_LARGEST = 256 * 1024
_LIFETIME_SECONDS = 600.0
_PATIENCE_SECONDS = 30.0
"""An unknown key is looked for anew this often at most: anybody can name one."""

_TYPES = {"ES256": "EC", "RS256": "RSA"}


@dataclass(slots=True)
class HttpKeys:
    """The keys of `issuer`, at `url` or where the issuer's metadata says."""

    issuer: str
    url: str = ""
    seconds: Callable[[], float] = time.monotonic
    _keys: list[dict[str, Any]] = field(default_factory=list)
    _fetched: float | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def key(self, kid: str | None, algorithm: str) -> Any:
        """The public key of that id, for that algorithm. Raises TokenError."""
        async with self._turn:
            found = self._found(kid, algorithm)
            if self._is_due(_LIFETIME_SECONDS) or (found is None and self._is_due(_PATIENCE_SECONDS)):
                await self._fetch()
                found = self._found(kid, algorithm)
        if found is None:
            raise TokenError("it is signed with a key that its issuer does not show")
        from jwt import PyJWK

        return PyJWK(found, algorithm).key

    def _is_due(self, seconds: float) -> bool:
        return self._fetched is None or self.seconds() - self._fetched > seconds

    def _found(self, kid: str | None, algorithm: str) -> dict[str, Any] | None:
        fitting = [key for key in self._keys if _fits(key, algorithm)]
        if kid is None:
            return fitting[0] if len(fitting) == 1 else None
        return next((key for key in fitting if key.get("kid") == kid), None)

    async def _fetch(self) -> None:
        """Take what the issuer shows; when it cannot be reached, what was known goes on."""
        self._fetched = self.seconds()
        try:
            document = await _json(self.url or await self._discovered())
        except (OSError, ValueError) as error:
            if not self._keys:
                raise TokenError("the keys of its issuer cannot be read") from error
            return
        keys = document.get("keys")
        self._keys = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []

    async def _discovered(self) -> str:
        """The address in the issuer's metadata (RFC 8414, else OpenID Connect). Raises ValueError."""
        for place in _metadata_places(self.issuer):
            try:
                document = await _json(place)
            except (OSError, ValueError):
                continue
            if document.get("issuer") == self.issuer and isinstance(document.get("jwks_uri"), str):
                self.url = document["jwks_uri"]
                return self.url
        raise ValueError("no metadata of the issuer names its keys")


def _fits(key: dict[str, Any], algorithm: str) -> bool:
    return (
        key.get("kty") == _TYPES.get(algorithm)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
    )


def _metadata_places(issuer: str) -> list[str]:
    """Where the metadata may be: the well-known part goes before the issuer's path, OpenID's also after."""
    parts = urlsplit(issuer)
    path = parts.path.rstrip("/")

    def at(place: str) -> str:
        return urlunsplit((parts.scheme, parts.netloc, place, "", ""))

    return [
        at(f"/.well-known/oauth-authorization-server{path}"),
        at(f"/.well-known/openid-configuration{path}"),
        at(f"{path}/.well-known/openid-configuration"),
    ]


async def _json(url: str) -> dict[str, Any]:
    """A small JSON object, from where the address says and nowhere else. Raises OSError or ValueError."""
    import httpx2

    body = b""
    try:
        async with (
            httpx2.AsyncClient(timeout=_TIMEOUT_SECONDS, follow_redirects=False) as client,
            client.stream("GET", url, headers={"accept": "application/json"}) as response,
        ):
            if response.status_code != 200:
                raise OSError(f"{url} answered {response.status_code}")
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _LARGEST:
                    raise ValueError(f"{url} is larger than {_LARGEST} bytes")
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise OSError(f"{url} cannot be read") from error
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ValueError(f"{url} is no JSON object")  # noqa: TRY004 - what came is wrong, not its type
    return document
