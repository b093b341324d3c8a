"""Requests counted and timed for `/metrics`, by route and not by path: a path holds ids."""

import time

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUESTS = Counter(
    "pyairtable_http_requests_total", "Requests that were answered.", ("service", "method", "route", "status")
)
SECONDS = Histogram(
    "pyairtable_http_request_seconds",
    "Time until the answer began.",
    ("service", "method", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Measured:
    """Counts each answer under the name of its service."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def send_measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(scope, message["status"], time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, send_measured)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unknown")
        REQUESTS.labels(self._service, scope["method"], route, str(status)).inc()
        SECONDS.labels(self._service, scope["method"], route).observe(seconds)
