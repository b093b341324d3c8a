"""Who may ask: any bearer of a token, or the bearers of listed ones."""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Protocol

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.storage.store import OWNER
from local_twins.airtable.web.grants import Grant


class Tokens(Protocol):
    """Knows what a token stands for."""

    def grant(self, token: str) -> Grant | None:
        """The user and what the token allows, None for a token that is not accepted."""
        ...


class AnyToken:
    """Every token that is not empty stands for one user, who may do everything."""

    def __init__(self, owner_id: str = OWNER.id) -> None:
        self._grant = Grant(owner_id)

    def grant(self, token: str) -> Grant | None:
        """The one user."""
        return self._grant if token else None


class ListedTokens:
    """Only the listed tokens are accepted; none of them prints."""

    def __init__(self, tokens: Mapping[str, object]) -> None:
        """Each token with a user id, or with `{"user", "scopes"?: [...], "bases"?: {id: level}}`.

        Raises ValueError for any other value, and for scopes and levels that Airtable does not have.
        """
        self._grants = [(token.encode(), Grant.of(told)) for token, told in tokens.items()]

    def grant(self, token: str) -> Grant | None:
        """What the token stands for, None when it is not listed; as slow for a near miss as for a far one."""
        found = None
        for known, grant in self._grants:
            if compare_digest(known, token.encode()):
                found = grant
        return found


def caller(tokens: Tokens, authorization: str) -> Grant:
    """The grant of a request with that Authorization header. Raises Refusal."""
    scheme, _, token = authorization.partition(" ")
    grant = tokens.grant(token.strip()) if scheme.lower() == "bearer" else None
    if grant is None:
        raise Refusal(errors.AUTHENTICATION_REQUIRED)
    return grant
