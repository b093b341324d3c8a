"""A request's body, read within bounds: nobody fills the memory, or keeps a request open for ever."""

import asyncio

from starlette.requests import ClientDisconnect, Request


class TooLarge(Exception):
    """The body is longer than it may be."""


class TooSlow(Exception):
    """The body did not come in time, or its sender went away."""


async def read_body(request: Request, *, largest: int, patience_seconds: float) -> bytes:
    """The whole body of up to `largest` bytes. Raises TooLarge and TooSlow."""
    body = bytearray()
    try:
        async with asyncio.timeout(patience_seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > largest:
                    raise TooLarge
    except (TimeoutError, ClientDisconnect) as error:
        raise TooSlow from error
    return bytes(body)
