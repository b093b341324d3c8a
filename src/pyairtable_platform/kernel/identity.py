"""Who asks, and what they may do."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["user", "service", "local"]

EVERYTHING = "*"
"""The scope that holds all others."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Someone who asks: a person, another service, or whoever sits at this machine."""

    id: str
    kind: Kind = "user"
    scopes: frozenset[str] = frozenset()

    def may(self, scope: str) -> bool:
        """Whether the scope was granted."""
        return EVERYTHING in self.scopes or scope in self.scopes


LOCAL = Principal("local", "local", frozenset({EVERYTHING}))
"""Whoever sits at this machine, where no key is asked for."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is known of a request before anyone is recognised: its bearer token, and where it came from."""

    token: str
    client_host: str


class Authenticator(Protocol):
    """Recognises who asks."""

    async def recognise(self, asking: Asking) -> Principal | None:
        """The principal, None when nobody known asks."""
        ...


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of the environment, and whom it stands for."""

    key: str
    principal: Principal

    def __repr__(self) -> str:
        return f"ApiKey(***, {self.principal.id})"


class ApiKeys:
    """Recognises the bearers of a few keys, comparing in constant time."""

    def __init__(self, keys: Iterable[ApiKey]) -> None:
        self._keys = tuple(keys)

    async def recognise(self, asking: Asking) -> Principal | None:
        """See `Authenticator.recognise`; every key is compared, so that the time tells nothing."""
        given = asking.token.encode()
        found = [key for key in self._keys if hmac.compare_digest(given, key.key.encode())]
        return found[0].principal if found else None


class LoopbackOnly:
    """Lets in whoever sits at this machine, and nobody else: for a server without keys."""

    async def recognise(self, asking: Asking) -> Principal | None:
        """See `Authenticator.recognise`."""
        return LOCAL if asking.client_host in ("127.0.0.1", "::1", "::ffff:127.0.0.1") else None
