"""Whether a service is well, and what it stands on: `GET /health`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pyairtable_platform.kernel.errors import ServiceError

_PATIENCE_SECONDS = 2.0

Check = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Health:
    """The checks of a service: it fails without what it `needs`, and is slower without what it `likes`.

    A check raises ServiceError when its subject does not answer.
    """

    needs: Mapping[str, Check]
    likes: Mapping[str, Check]

    async def report(self) -> tuple[str, dict[str, str]]:
        """ok, degraded or failing, and the state of each dependency."""
        names = [*self.needs, *self.likes]
        states = await asyncio.gather(
            *(_state(check) for check in [*self.needs.values(), *self.likes.values()])
        )
        found = dict(zip(names, states, strict=True))
        if any(found[name] != "ok" for name in self.needs):
            return "failing", found
        return ("ok" if all(state == "ok" for state in states) else "degraded"), found


def health_route(health: Health, *, path: str = "/health") -> Route:
    """200 while the service can answer, 503 otherwise; nothing in it is secret."""

    async def answer(_: Request) -> Response:
        status, dependencies = await health.report()
        return JSONResponse(
            {"status": status, "dependencies": dependencies}, 503 if status == "failing" else 200
        )

    return Route(path, answer)


async def _state(check: Check) -> str:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await check()
    except ServiceError as error:
        return error.detail
    except TimeoutError:
        return f"no answer within {_PATIENCE_SECONDS:g} seconds"
    return "ok"
