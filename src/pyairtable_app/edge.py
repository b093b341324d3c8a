"""One address for every role: health, and the way to the role that a path belongs to."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pyairtable_app.roles import Role

Lifespan = Callable[[], AbstractAsyncContextManager[object]]

Report = Callable[[], Awaitable[tuple[str, Mapping[str, str]]]]
"""ok, degraded or failing, and the state of each thing that the roles stand on."""


async def _nothing_to_report() -> tuple[str, Mapping[str, str]]:
    return "ok", {}


def create_edge(
    apps: Mapping[Role, ASGIApp],
    lifespan: Lifespan,
    metrics: ASGIApp,
    inner: Mapping[str, ASGIApp] | None = None,
    report: Report = _nothing_to_report,
) -> ASGIApp:
    """The application that serves `apps` and `metrics`; `lifespan` is entered with it and left with it.

    `inner` are applications by their path, which may lie within a role's. `/health` tells what `report` does,
    and answers 503 while that is failing.

    A mounted application's own lifespan is never run by its host, so what the roles need stands in this one.
    """

    async def health(_: Request) -> Response:
        status, dependencies = await report()
        told = {"status": status, "version": version("pyairtable-mcp"), "roles": names}
        more = {"dependencies": dict(dependencies)} if dependencies else {}
        return JSONResponse(told | more, 503 if status == "failing" else 200)

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        async with lifespan():
            yield

    async def not_here(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        told = {
            "type": "about:blank",
            "title": "Not found" if status == 404 else "Refused",
            "status": status,
            "code": "not_found" if status == 404 else "refused",
            "detail": f"{request.method} {request.url.path} is not answered here, but by path: {served}.",
        }
        return JSONResponse(told, status, media_type="application/problem+json")

    names = [role.name for role in apps]
    by_role = [(path, app) for role, app in apps.items() for path in role.paths]
    by_path = [*(inner or {}).items(), *by_role]
    served = ", ".join(["/health", "/metrics", *dict(by_role)])
    edge = Starlette(
        routes=[Route("/health", health), Route("/metrics", metrics)],
        lifespan=running,
        exception_handlers={HTTPException: not_here},
    )
    return _ByPath(by_path, edge)


class _ByPath:
    """Hands a request to the application whose path it begins with, unchanged; else to the other.

    It stands before that one and not in it: each layer that a call passes is a part of what it costs.
    """

    def __init__(self, apps: Sequence[tuple[str, ASGIApp]], other: ASGIApp) -> None:
        self._apps = apps
        self._other = other

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        path = scope.get("path", "")
        for prefix, app in self._apps:
            if path == prefix or path.startswith(prefix + "/"):
                await app(scope, receive, send)
                return
        await self._other(scope, receive, send)


class MetricsPage:
    """What this process has counted and measured, in the form that Prometheus reads.

    `count` is called before: what waits to be counted is part of it.
    """

    def __init__(self, count: Callable[[], None] = lambda: None) -> None:
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        self._count()
        page = Response(generate_latest(), headers={"content-type": CONTENT_TYPE_LATEST})
        await page(scope, receive, send)
