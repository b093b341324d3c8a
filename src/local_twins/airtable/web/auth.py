"""Who may ask: any bearer of a token, or the bearers of listed ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Protocol

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.storage.store import OWNER


class Tokens(Protocol):
    """Knows the user whom a token stands for."""

    def user_id(self, token: str) -> str | None:
        """The id of the user, None for a token that is not accepted."""
        ...


@dataclass(frozen=True, slots=True)
class AnyToken:
    """Every token that is not empty stands for one user."""

    owner_id: str = OWNER.id

    def user_id(self, token: str) -> str | None:
        """The one user."""
        return self.owner_id if token else None


@dataclass(frozen=True, slots=True, repr=False)
class ListedTokens:
    """Only the listed tokens are accepted; `users` gives each one's user id."""

    users: Mapping[str, str]

    def user_id(self, token: str) -> str | None:
        """The token's user, None when it is not listed; as slow for a near miss as for a far one."""
        found = None
        for known, user_id in self.users.items():
            if compare_digest(known.encode(), token.encode()):
                found = user_id
        return found


def caller(tokens: Tokens, authorization: str) -> str:
    """The user id of a request with that Authorization header. Raises Refusal."""
    scheme, _, token = authorization.partition(" ")
    user_id = tokens.user_id(token.strip()) if scheme.lower() == "bearer" else None
    if user_id is None:
        raise Refusal(errors.AUTHENTICATION_REQUIRED)
    return user_id
