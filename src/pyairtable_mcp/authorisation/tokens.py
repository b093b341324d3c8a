"""JWTs of one issuer, made for this server and for no other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mcp.server.auth.provider import AccessToken

from pyairtable_mcp.authorisation.errors import TokenError
from pyairtable_mcp.principal import ACTING, PREFIX, SERVICE

__all__ = ["Keys", "Verifier", "JwtVerifier", "TokenError"]

ALGORITHMS = ("ES256", "RS256")
_LEEWAY_SECONDS = 10
_SCOPE = re.compile(r"[!#-\[\]-~]+")
_REFUSALS = {
    "ExpiredSignatureError": "it has expired",
    "ImmatureSignatureError": "it is not valid yet",
    "InvalidAudienceError": "it was issued for another server",
    "InvalidIssuerError": "another issuer made it",
    "InvalidSignatureError": "its signature is wrong",
    "MissingRequiredClaimError": "it lacks a claim: exp, iss, aud and sub are needed",
}


class Verifier(Protocol):
    """Knows who sends a token."""

    async def verify(self, bearer: str) -> AccessToken | None:
        """Who it is; None when it is no token of this kind. Raises TokenError for a bad one."""
        ...


class Keys(Protocol):
    """Public keys by their id."""

    async def key(self, kid: str | None, algorithm: str) -> Any:
        """The key of that id. Raises TokenError."""
        ...


@dataclass(frozen=True, slots=True)
class JwtVerifier:
    """See `Verifier`: takes tokens that `issuer` signed for `resource`, which is this server's address."""

    issuer: str
    resource: str
    keys: Keys

    async def verify(self, bearer: str) -> AccessToken | None:
        """See `Verifier.verify`."""
        import jwt

        if bearer.count(".") != 2:
            return None
        try:
            header = jwt.get_unverified_header(bearer)
        except (jwt.PyJWTError, ValueError, RecursionError):
            return None
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise TokenError(f"it is signed by another method than {' or '.join(ALGORITHMS)}")
        key = await self.keys.key(kid, algorithm)
        try:
            claims = jwt.decode(
                bearer,
                key,
                algorithms=[algorithm],
                issuer=self.issuer,
                audience=self.resource,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise TokenError(_REFUSALS.get(type(error).__name__, "it cannot be read")) from None
        return self._token(claims)

    def _token(self, claims: Mapping[str, Any]) -> AccessToken:
        subject = claims["sub"]
        if (
            not isinstance(subject, str)
            or not subject
            or subject == "local"
            or subject.startswith((PREFIX, SERVICE))
        ):
            raise TokenError("its subject is none")
        return AccessToken(
            token="",
            client_id=str(claims.get("client_id") or claims.get("azp") or subject),
            subject=subject,
            scopes=_scopes(claims),
            expires_at=int(claims["exp"]),
            resource=self.resource,
            claims={"iss": self.issuer},
        )


def _scopes(claims: Mapping[str, Any]) -> list[str]:
    """RFC 9068's `scope`, a text; some issuers write a list, or call it `scp`. None lets act for others.

    What is no scope by RFC 6749 (§3.3) is left out: a challenge repeats them, in a header and in quotes.
    """
    given = claims.get("scope", claims.get("scp", ""))
    words = given.split() if isinstance(given, str) else given
    return (
        [word for word in words if isinstance(word, str) and _SCOPE.fullmatch(word) and word != ACTING]
        if isinstance(words, list)
        else []
    )
