"""A call as the SDK hands it over, turned into the context of our tools: who calls, signed and askable."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import InputRequiredResult
from pydantic import BaseModel, Field

from airtable_gateway import Author, JournaledGateway, SignedGateway
from pyairtable_mcp import exports
from pyairtable_mcp.caller import Caller
from pyairtable_mcp.principal import principal, sees_all_changes
from pyairtable_mcp.tool import ToolContext

IDEMPOTENCY_KEY = "pyairtable/idempotency-key"
"""The entry of a call's `_meta` that names the call: the same key again is the same call again."""

_LONGEST_KEY = 255
_ASKED = "consent"
# From this revision on, a server asks by an unfinished result (spec 2026-07-28, "Multi Round-Trip Requests").
_ROUND_TRIPS_SINCE = "2026-07-28"


Call = Callable[[], Context[Any, Any]]
"""Makes the SDK's view of a call, for the few that ask a person: it is a model, and takes its time."""


class Agreement(BaseModel):
    """What a person answers."""

    agreed: bool = Field(description="Do it")


class InputNeeded(Exception):
    """The call ends here for now; the client asks the person and repeats it with the answer."""

    def __init__(self, result: InputRequiredResult) -> None:
        super().__init__("The client has to ask.")
        self.result = result


@dataclass(frozen=True, slots=True)
class _Asking:
    """Asks the person behind one call, in the way of the call's protocol revision."""

    request: "ServerRequestContext[Any, Any]"
    call: Call

    async def __call__(self, text: str, digest: str) -> bool:
        """Whether they agree. Raises InputNeeded until the client has asked."""
        call = self.call()
        if (self.request.protocol_version or "") >= _ROUND_TRIPS_SINCE:
            return _answered(call, text, digest)
        try:
            answer = await call.elicit(text, Agreement)
        except ValueError:
            # Accepted without the tick, or with something else: that is no yes.
            return False
        return answer.action == "accept" and answer.data.agreed


def _answered(call: "Context[Any, Any]", text: str, digest: str) -> bool:
    from mcp.types import ElicitRequest, ElicitRequestFormParams, ElicitResult

    answer = (call.input_responses or {}).get(_ASKED)
    # The SDK seals the state, so that an answer counts for the question that was put, and no other.
    if isinstance(answer, ElicitResult) and call.request_state == digest:
        return answer.action == "accept" and (answer.content or {}).get("agreed") is True
    form = ElicitRequestFormParams(message=text, requested_schema=_SCHEMA)
    raise InputNeeded(
        InputRequiredResult(input_requests={_ASKED: ElicitRequest(params=form)}, request_state=digest)
    )


_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"agreed": {"type": "boolean", "title": "Do it"}},
    "required": ["agreed"],
}


def context_of(
    context: ToolContext, tool: str, request: "ServerRequestContext[Any, Any]", call: Call
) -> ToolContext:
    """The context for one call of a tool: its caller, and a gateway that signs what the call writes."""
    ask = _Asking(request, call) if _can_ask(request) else None
    caller = Caller(principal(), _key(request), ask, sees_all_changes=sees_all_changes())
    own = None if context.exports is None else exports.of(context.exports, caller.principal)
    journal = context.gateway
    if not isinstance(journal, JournaledGateway):
        return replace(context, caller=caller, exports=own)
    signed = journal.signed(Author(caller.principal, tool, caller.key), many=True)
    return replace(context, caller=caller, exports=own, gateway=signed, journal=journal)


def change_id(context: ToolContext) -> str:
    """What names the changes of the call for undo_change, "" if it wrote nothing that is journaled."""
    match context.gateway:
        case SignedGateway(written=[only]):
            return only.id
        case SignedGateway(written=[_, *_]):
            return context.gateway.call
        case _:
            return ""


def _key(request: "ServerRequestContext[Any, Any]") -> str:
    """The call's idempotency key. Raises ToolError for one that is no short text."""
    given = (request.meta or {}).get(IDEMPOTENCY_KEY)
    if given is None:
        return ""
    # An empty one would let a call through that its client takes for one that is made once.
    if not isinstance(given, str) or not 0 < len(given) <= _LONGEST_KEY:
        raise ToolError(f"_meta[{IDEMPOTENCY_KEY!r}] is a text of 1 to {_LONGEST_KEY} characters.")
    return given


def _can_ask(request: "ServerRequestContext[Any, Any]") -> bool:
    capabilities = request.session.client_capabilities
    elicitation = capabilities.elicitation if capabilities else None
    if elicitation is None or (elicitation.form is None and elicitation.url is not None):
        return False
    return (request.protocol_version or "") >= _ROUND_TRIPS_SINCE or request.session.can_send_request
