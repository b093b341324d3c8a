"""Where Airtable's notifications come in, as an ASGI application."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from airtable_gateway.errors import AirtableError
from airtable_gateway.listening.listener import Listener
from airtable_gateway.listening.signing import HEADER, Ping
from airtable_gateway.request_body import TooLarge, TooSlow, read_body

HOOKS = "/airtable/_hooks"
"""The path of the receiver; the base's id comes behind it."""

_LARGEST = 16 * 1024
"""Bytes of a notification, which names a base, a webhook and a moment."""

_PATIENCE_SECONDS = 10.0


def create_receiver(listener: Listener) -> Starlette:
    """The application behind `HOOKS`; whoever hosts it opens and closes the listener."""

    async def receive(request: Request) -> Response:
        try:
            body = await read_body(request, largest=_LARGEST, patience_seconds=_PATIENCE_SECONDS)
        except TooLarge:
            return Response(status_code=413)
        except TooSlow:
            return Response(status_code=408)
        ping = Ping(body, request.headers.get(HEADER, ""))
        try:
            is_genuine = await listener.ping(request.path_params["base"], ping)
        except AirtableError:
            # Where the webhooks are kept nobody answers; Airtable comes again.
            return Response(status_code=503)
        # Whoever guesses learns neither which bases are listened to nor what is wrong with the signature.
        return Response(status_code=204 if is_genuine else 403)

    return Starlette(routes=[Route(HOOKS + "/{base}", receive, methods=["POST"])])
