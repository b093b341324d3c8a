"""Requests in Airtable's own form: see `Forwarding`."""

from airtable_gateway.calls import forwarding as calls
from airtable_gateway.forwarding import ForwardedAnswer, ForwardedRequest
from airtable_gateway.methods.themed import Themed


class ForwardingMethods(Themed):
    """Passing requests on."""

    async def forward(self, request: ForwardedRequest) -> ForwardedAnswer:
        """See `Forwarding.forward`."""
        call = calls.forward(request)
        try:
            return await self._desk.line.send(call)
        finally:
            if call.reshapes:
                self._desk.names.forget(call.subject.base)
