"""Whose request is under way."""

from mcp.server.auth.middleware.auth_context import get_access_token


def principal() -> str:
    """Who calls: the subject of the token, else its client; "local" where nobody is asked."""
    token = get_access_token()
    return (token.subject or token.client_id) if token else "local"
