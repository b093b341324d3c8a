"""Writes that go to Airtable as they came: noted in the journal before, told to who watches after."""

from airtable_gateway.forwarding import ForwardedAnswer, ForwardedRequest, Forwarding
from airtable_gateway.gateway import Gateway
from airtable_gateway.hearing import ForeignChanges, Hearer
from airtable_gateway.journal.forwarded_write import ForwardedWrite
from airtable_gateway.journal.signed import SignedGateway
from airtable_gateway.proxy.descriptions import described
from airtable_gateway.proxy.uploads import upload


async def write_forwarded(
    gateway: Gateway, forwarding: Forwarding, request: ForwardedRequest, hearer: Hearer
) -> ForwardedAnswer:
    """Airtable's answer to the write, which a gateway with a journal notes. Raises AirtableError."""
    if isinstance(gateway, SignedGateway):
        write, read = await upload(gateway, request) or described(request)
        answer = await gateway.write(ForwardedWrite(write, read, forwarding, request))
    else:
        answer = await forwarding.forward(request)
    if changes := _changes(request):
        await hearer(changes)
    return answer


def _changes(request: ForwardedRequest) -> ForeignChanges:
    """What the write may have changed, told of its path alone; comments show in no record."""
    base_id = request.base_id
    match request.path:
        case ("meta", *_):
            return ForeignChanges(base_id, reshapes=bool(base_id))
        case (_, _, _, "comments", *_):
            return ForeignChanges(base_id)
        case (_, _, _, "uploadAttachment"):
            return ForeignChanges(base_id, is_whole=True)
        case (_, table, *_):
            return ForeignChanges(base_id, frozenset({table}))
    return ForeignChanges(base_id, is_whole=bool(base_id))
