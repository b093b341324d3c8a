"""A refusal at the door, as HTTP says it: status, challenge, and one sentence."""

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from pyairtable_mcp.authorisation.metadata import Resource
from pyairtable_mcp.authorisation.scopes import ALL_SCOPES


class Refusal(Exception):
    """A request is not let through; `error` is RFC 6750's word for why, "" when no token was sent."""

    def __init__(
        self, status: int, error: str, sentence: str, *, scope: str = "", retry_after: float = 0.0
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.error = error
        self.sentence = sentence
        self.scope = scope or " ".join(ALL_SCOPES)
        self.retry_after = retry_after


async def refuse(
    refusal: Refusal, resource: Resource | None, scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer with the refusal; a challenge says which scopes to ask for, and where."""
    headers: dict[str, str] = {}
    if refusal.status in (401, 403):
        headers["WWW-Authenticate"] = _challenge(refusal, resource)
    if refusal.retry_after:
        headers["Retry-After"] = str(max(1, round(refusal.retry_after)))
    code = refusal.error or {401: "unauthorized", 413: "too_large", 429: "too_many_requests"}[refusal.status]
    body = {"error": code, "error_description": refusal.sentence, "detail": refusal.sentence}
    await JSONResponse(body, refusal.status, headers)(scope, receive, send)


def _challenge(refusal: Refusal, resource: Resource | None) -> str:
    parts = []
    if refusal.error:
        parts += [f'error="{refusal.error}"', f'error_description="{refusal.sentence}"']
    parts.append(f'scope="{refusal.scope}"')
    if resource is not None:
        parts.append(f'resource_metadata="{resource.metadata_url}"')
    return "Bearer " + ", ".join(parts)
