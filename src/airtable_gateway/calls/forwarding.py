"""Any request of the Web API as a value, by what its path and method tell."""

from typing import Any

from airtable_gateway.caching.kept import Kept
from airtable_gateway.calls.call import Call, Repeat
from airtable_gateway.forwarding import ForwardedAnswer, ForwardedRequest
from airtable_gateway.transport.translation import Subject

_REPEATS = {"GET": Repeat.ALWAYS, "POST": Repeat.NEVER}
"""The others find what they change by its id or key."""
_ALWAYS_THERE = (("meta", "bases"), ("meta", "whoami"))
"""What anybody may GET: where this is not there, it is not Airtable."""


def forward(request: ForwardedRequest) -> Call[ForwardedAnswer]:
    """The request as it came."""
    base, table = request.base_id, _table(request.path)
    return Call(
        Subject(base, table, path="" if _is_always_there(request) else "/".join(request.path)),
        _repeat(request),
        send=lambda connection: connection.forward(request),
        read=ForwardedAnswer,
        kept=_kept(request, table) if request.method == "GET" and _is_data(request.path) else None,
        reshapes=request.path[0] == "meta" and request.method != "GET",
    )


def _is_always_there(request: ForwardedRequest) -> bool:
    return request.method == "GET" and request.path in _ALWAYS_THERE


def _repeat(request: ForwardedRequest) -> Repeat:
    if request.path[-1] == "listRecords" and len(request.path) == 3:
        return Repeat.ALWAYS
    return _REPEATS.get(request.method, Repeat.IDEMPOTENT)


def _kept(request: ForwardedRequest, table: str) -> Kept[ForwardedAnswer]:
    return Kept(table, f"forwarded:{request.path!r}:{request.query!r}", _dump, ForwardedAnswer)


def _dump(answer: ForwardedAnswer) -> Any:
    return answer.json


def _is_data(path: tuple[str, ...]) -> bool:
    """Whether it leads to records and not to schemas or webhooks."""
    return path[0].startswith("app")


def _table(path: tuple[str, ...]) -> str:
    return path[1] if _is_data(path) and len(path) > 1 else ""
