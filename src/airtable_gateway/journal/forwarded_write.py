"""Requests in Airtable's own form as writes that the journal notes: they are sent as they came."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Generic, Literal, TypeVar

from airtable_gateway.errors import AirtableError, InvalidFormula, InvalidRequest, NotFound, Refused
from airtable_gateway.forwarding import ForwardedAnswer, ForwardedRequest, Forwarding
from airtable_gateway.gateway import Gateway
from airtable_gateway.journal import promises
from airtable_gateway.journal.change import Change, Operation, Outcome, Place, UndoPromise
from airtable_gateway.journal.sight import Sight, Spot
from airtable_gateway.journal.write import Before, Described

T = TypeVar("T")

Read = Callable[[Spot, Any], T]
"""Makes of Airtable's JSON what the described write answers; the spot is the one that was seen before it."""

_NOT_KNOWN = UndoPromise("none", (promises.NOT_KNOWN,))
_NOT_SEEN = UndoPromise("none", (promises.NOT_SEEN,))
_NO_IMAGE = UndoPromise("none", (promises.NO_IMAGE,))


@dataclass(frozen=True, slots=True)
class ForwardedWrite(Generic[T]):
    """See `Write`. It notes what `described` tells, and sends `request` through `forwarding`."""

    described: Described[T]
    read: Read[T]
    forwarding: Forwarding
    request: ForwardedRequest

    @property
    def operation(self) -> Operation:
        """See `Write.operation`."""
        return self.described.operation

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Write.arguments`."""
        return self.described.arguments

    @property
    def record_ids(self) -> tuple[str, ...]:
        """See `Write.record_ids`."""
        return self.described.record_ids

    async def look(self, sight: Sight) -> Before:
        """What is there now. What cannot be looked at is Airtable's to refuse, or to take."""
        try:
            return await self.described.look(sight)
        except Refused:
            undo = _NO_IMAGE
        except (NotFound, InvalidFormula, InvalidRequest):
            undo = _NOT_SEEN
        return Before(await _whereabouts(sight, self.request), undo)

    async def send(self, inner: Gateway) -> ForwardedAnswer:  # noqa: ARG002 - it goes as it came
        """See `Write.send`."""
        return await self.forwarding.forward(self.request)

    def applied(self, before: Before, answer: ForwardedAnswer) -> Outcome:
        """See `Write.applied`."""
        if before.undo is _NOT_SEEN or before.undo is _NO_IMAGE:
            return Outcome("applied", answer=answer.json)
        return self.described.applied(before, self.read(before.spot, answer.json))

    def replay(self, change: Change) -> ForwardedAnswer:
        """The answer as the journal kept it."""
        return ForwardedAnswer(change.answer)


@dataclass(frozen=True, slots=True)
class UnknownWrite:
    """See `Described`: a request that may write, of a kind that the journal knows no more of."""

    request: ForwardedRequest
    body: Any = None
    """Its JSON; None for a body in another form, which is told by its hash."""
    operation: Literal["forward"] = field(default="forward", init=False)
    record_ids: tuple[str, ...] = field(default=(), init=False)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """See `Described.arguments`."""
        request = self.request
        content = {"size": len(request.body), "sha256": sha256(request.body).hexdigest()}
        return {
            "method": request.method,
            "path": list(request.path),
            "query": [list(pair) for pair in request.query],
            **(content if self.body is None else {"body": self.body}),
        }

    async def look(self, sight: Sight) -> Before:
        """Where it is sent to."""
        return Before(await _whereabouts(sight, self.request), _NOT_KNOWN)

    def applied(self, before: Before, answer: Any) -> Outcome:  # noqa: ARG002 - a Write is told both
        """See `Described.applied`."""
        return Outcome("applied", answer=answer)

    def replay(self, change: Change) -> Any:
        """See `Described.replay`."""
        return change.answer


async def _whereabouts(sight: Sight, request: ForwardedRequest) -> Spot:
    """The base that the path names, and the table where it begins with that."""
    base_id = request.base_id
    table = request.path[1] if request.path[0] == base_id and len(request.path) > 1 else ""
    try:
        schema = await sight.base(base_id) if base_id else None
    except AirtableError:
        schema = None
    place = Place(base_id, schema.name if schema else base_id, table=table)
    known = [one for one in (schema.tables if schema else ()) if table in (one.id, one.name)]
    return Spot(Place(place.base_id, place.base, known[0].id, known[0].name) if known else place)
