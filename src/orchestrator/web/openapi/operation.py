"""One endpoint: how it is reached, what it takes and gives, and by which errors it refuses."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Literal

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from orchestrator.web.openapi.queries import Query
from pyairtable_platform.kernel import NotFound, ServiceError

Endpoint = Callable[[Request], Awaitable[Response]]

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`gives` and `streams` are the types of the JSON answer and of one event's data; neither: no body.

    `text` is the media type of an answer that is no JSON. `refuses_as` is the shape of errors where another
    protocol has its own; else they are problem details. `is_maybe_empty`: 204 says that there is nothing.
    """

    method: Method
    path: str
    endpoint: Endpoint
    tag: str
    takes: type[BaseModel] | None = None
    example: Any = None
    gives: Any = None
    streams: Any = None
    text: str = ""
    status: int = 200
    answer: Any = None
    query: tuple[Query, ...] = ()
    fails: tuple[type[ServiceError], ...] = ()
    refuses_as: Any = None
    is_open: bool = False
    is_maybe_empty: bool = False

    @property
    def route(self) -> BaseRoute:
        """How Starlette serves it."""
        return Route(self.path, _without_nul(self.endpoint), methods=[self.method])


@dataclass(frozen=True, slots=True, kw_only=True)
class Socket:
    """A WebSocket: `takes` are the frames that a client may send, `sends` is the type of what it is told."""

    path: str
    endpoint: Callable[[WebSocket], Awaitable[None]]
    tag: str
    takes: dict[str, type[BaseModel]] = field(default_factory=dict)
    sends: Any = None

    @property
    def route(self) -> BaseRoute:
        """How Starlette serves it."""
        return WebSocketRoute(self.path, self.endpoint)


def _without_nul(endpoint: Endpoint) -> Endpoint:
    """The endpoint for paths that a database can look for: PostgreSQL knows no U+0000."""

    @wraps(endpoint)
    async def answered(request: Request) -> Response:
        if any("\0" in str(value) for value in request.path_params.values()):
            raise NotFound
        return await endpoint(request)

    return answered


def routes_of(operations: Iterable[Operation | Socket]) -> list[BaseRoute]:
    """The routes of the operations, in their order."""
    return [operation.route for operation in operations]
