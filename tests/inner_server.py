"""A server inside the network, where no address in a cell may lead."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


class InnerServer:
    """Answers everybody, and notes who came."""

    def __init__(self) -> None:
        self.visits: list[str] = []
        self.port = 0
        self.app = Starlette(routes=[Route("/{path:path}", self._answer)])

    async def _answer(self, request: Request) -> PlainTextResponse:
        self.visits.append(str(request.url))
        return PlainTextResponse("what stands inside")
