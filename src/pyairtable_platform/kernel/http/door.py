"""The door of a service: the order in which a request passes from the socket to an endpoint."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute

from pyairtable_platform.kernel.errors import ServiceError
from pyairtable_platform.kernel.http import problems
from pyairtable_platform.kernel.http.bodies import Bounded
from pyairtable_platform.kernel.http.envelope import Enveloped
from pyairtable_platform.kernel.http.guarding import Guarded
from pyairtable_platform.kernel.http.measuring import Measured
from pyairtable_platform.kernel.http.rates import Counted, NoLimit, RequestLimit
from pyairtable_platform.kernel.http.recognition import Recognised
from pyairtable_platform.kernel.identity import Authenticator, LoopbackOnly

BODY_LIMIT = 4 * 1024 * 1024
"""Bytes of a request, unless a service says otherwise."""

_SHOWN_TO_SCRIPTS = ("X-Request-ID", "RateLimit", "RateLimit-Policy", "Retry-After")


@dataclass(frozen=True, slots=True)
class Door:
    """Who is let in, how often, under which names, from which web pages, with how large a body.

    `hosts` are names under which the service is reached, beside those of this machine. `origins` are whole
    origins ("https://app.example.org"); there is no wildcard. `open_paths` are answered
    to everyone.
    """

    authenticator: Authenticator = field(default_factory=LoopbackOnly)
    limit: RequestLimit = field(default_factory=NoLimit)
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    body_limit: int = BODY_LIMIT
    open_paths: frozenset[str] = frozenset({"/health"})

    def __post_init__(self) -> None:
        if wild := next((origin for origin in self.origins if "*" in origin), None):
            raise ValueError(f"The origin {wild!r} is a wildcard: name each origin.")


def create_service(name: str, routes: Sequence[BaseRoute], door: Door) -> Starlette:
    """The application of a service; whatever its endpoints raise becomes problem details."""
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(Measured, service=name),
            Middleware(Enveloped),
            Middleware(Guarded, hosts=door.hosts, origins=door.origins),
            Middleware(
                CORSMiddleware,
                allow_origins=door.origins,
                allow_methods=["GET", "POST", "PATCH", "PUT", "DELETE"],
                allow_headers=["Authorization", "Content-Type", "Last-Event-ID", "X-Request-ID"],
                expose_headers=_SHOWN_TO_SCRIPTS,
            ),
            Middleware(Recognised, authenticator=door.authenticator, open_paths=door.open_paths),
            Middleware(Counted, limit=door.limit),
            Middleware(Bounded, limit=door.body_limit),
        ],
        exception_handlers={
            ServiceError: problems.service_error,
            HTTPException: problems.http_error,
            Exception: problems.unexpected,
        },
    )
