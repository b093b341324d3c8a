"""Other parts of this process that call the server as a service, without coming through the door."""

from typing import Any

from mcp.server import MCPServer
from mcp.server.auth.middleware.auth_context import auth_context_var
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext

from pyairtable_mcp.authorisation.scopes import ALL_SCOPES
from pyairtable_mcp.principal import ACTING, HISTORY, SERVICE


def serve_service(server: MCPServer[Any], name: str, *, sees_all_changes: bool) -> None:
    """Let every message to `server` be the service's, which may say for whom it acts.

    `sees_all_changes`: whoever it acts for sees what everybody changed.
    """
    scopes = [*ALL_SCOPES, ACTING, *([HISTORY] if sees_all_changes else [])]
    principal = SERVICE + name
    server.middleware.insert(0, _AsService(AccessToken(token="", client_id=principal, scopes=scopes)))


class _AsService:
    """A middleware; the first one, so that all others see the service as the caller."""

    def __init__(self, token: AccessToken) -> None:
        self._user = AuthenticatedUser(token)

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Run the message as the service."""
        before = auth_context_var.set(self._user)
        try:
            return await call_next(ctx)
        finally:
            auth_context_var.reset(before)
