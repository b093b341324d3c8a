"""Whose request is under way: who bears the token, or on whose behalf a service's key may act."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from mcp import MCPError
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.types import INVALID_PARAMS

ACTING_USER = "pyairtable/acting-user"
"""The entry of a message's `_meta` that names the person on whose behalf a service calls."""

ACTING = "act:users"
"""The scope of keys whose bearer may name that person; everybody else's word for it is ignored."""

HISTORY = "history:all"
"""The scope that shows the changes of all principals, and lets them be taken back."""

PREFIX = "key:"
"""What the principal of a key begins with; no token of an issuer may."""

SERVICE = "service:"
"""What the principal of a part of this process begins with; no token of an issuer may."""

_LONGEST_NAME = 255
_acting: ContextVar[str] = ContextVar("pyairtable_acting_user", default="")


def principal() -> str:
    """Who calls: the acting user, else the subject of the token, else its client; "local" without a door."""
    token = get_access_token()
    if token is None:
        return "local"
    return _acting.get() or token.subject or token.client_id


def sees_all_changes() -> bool:
    """Whether the caller may see what others changed: by its scope, or because nobody is told apart."""
    token = get_access_token()
    return token is None or HISTORY in token.scopes


class ActingUsers:
    """A middleware: takes a service's word for whom it acts for, and nobody else's."""

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Run the message as the person whom it names, if its bearer may name one. Raises MCPError."""
        token = get_access_token()
        if token is None or ACTING not in token.scopes:
            return await call_next(ctx)
        before = _acting.set(_named(ctx.meta or {}))
        try:
            return await call_next(ctx)
        finally:
            _acting.reset(before)


def _named(meta: Mapping[str, Any]) -> str:
    """The person's name, "" for none. Raises MCPError for what is no name, or that of no person."""
    given = meta.get(ACTING_USER, "")
    if not isinstance(given, str) or len(given) > _LONGEST_NAME or not given.isprintable():
        message = f"_meta[{ACTING_USER!r}] is a name of up to {_LONGEST_NAME} printable characters."
        raise MCPError(INVALID_PARAMS, message)
    # A service's users may choose their names: none may become a key's, or a service's.
    if given.startswith((PREFIX, SERVICE)):
        raise MCPError(INVALID_PARAMS, f"_meta[{ACTING_USER!r}] names a person, and {given[:80]!r} is none.")
    return given
