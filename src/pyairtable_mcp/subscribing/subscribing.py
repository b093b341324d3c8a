"""The middleware of subscriptions, for both eras of the protocol."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mcp import MCPError
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.subscriptions import ResourceUpdated
from mcp.types import INVALID_PARAMS

from airtable_gateway import Gateway
from pyairtable_mcp.subscribing.following import followed
from pyairtable_mcp.subscribing.interests import visible
from pyairtable_mcp.subscribing.sessions import subscriptions_of
from pyairtable_mcp.watching import Watchers, joining

_STREAMS_SINCE = "2026-07-28"
"""From this revision on a subscription is a stream (spec 2026-07-28, "Subscriptions")."""


@dataclass(frozen=True, slots=True)
class Subscribing:
    """Lets who subscribes be told of what others change, as long as the subscription lasts.

    An address that the caller cannot see is left out, in silence: what is not shown does not exist.
    """

    gateway: Gateway
    watchers: Watchers

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Serve one message."""
        if ctx.method == "subscriptions/listen":
            return await self._listen(ctx, call_next)
        if (ctx.protocol_version or "") >= _STREAMS_SINCE:
            return await call_next(ctx)
        match ctx.method:
            case "initialize":
                return _announced(await call_next(ctx))
            case "resources/subscribe":
                return await self._subscribe(ctx)
            case "resources/unsubscribe":
                await subscriptions_of(ctx, self.gateway, self.watchers).remove(_uri(ctx))
                return {}
            case _:
                return await call_next(ctx)

    async def _listen(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        wanted = _wanted(ctx.params)
        uris = await visible(self.gateway, wanted)
        with joining() as joined:

            def tell(uri: str) -> None:
                for listener in joined:
                    listener(ResourceUpdated(uri=uri))

            async with followed(self.gateway, uris, tell):
                return await call_next(ctx if uris == wanted else _narrowed(ctx, uris))

    async def _subscribe(self, ctx: ServerRequestContext[Any, Any]) -> HandlerResult:
        uri = _uri(ctx)
        if await visible(self.gateway, [uri]):
            await subscriptions_of(ctx, self.gateway, self.watchers).add(uri)
        return {}


def _wanted(params: Mapping[str, Any] | None) -> list[str]:
    """The addresses that a stream is asked to tell of; what is malformed the SDK refuses."""
    match params:
        case {"notifications": {"resourceSubscriptions": [*uris]}}:
            return uris if all(isinstance(uri, str) for uri in uris) else []
        case _:
            return []


def _narrowed(ctx: ServerRequestContext[Any, Any], uris: list[str]) -> ServerRequestContext[Any, Any]:
    params = dict(ctx.params or {})
    params["notifications"] = {**params["notifications"], "resourceSubscriptions": uris}
    return replace(ctx, params=params)


def _announced(result: HandlerResult) -> HandlerResult:
    """The server's introduction, with the word that resources can be subscribed to."""
    match result:
        case {"capabilities": {"resources": dict() as resources}}:
            resources["subscribe"] = True
    return result


def _uri(ctx: ServerRequestContext[Any, Any]) -> str:
    match ctx.params:
        case {"uri": str(uri)}:
            return uri
        case _:
            raise MCPError(INVALID_PARAMS, f"{ctx.method} needs the uri of a resource.")
