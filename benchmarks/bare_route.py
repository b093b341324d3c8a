"""A bare Starlette route that answers with the bytes of a file: what a request costs at the least."""

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BODY = Path(sys.argv[1]).read_bytes()


async def answer(_request: Request) -> Response:
    """The same bytes for everybody."""
    return Response(BODY, media_type="application/json; charset=utf-8")


if __name__ == "__main__":
    app = Starlette(routes=[Route("/v0/{path:path}", answer)])
    uvicorn.run(app, port=int(sys.argv[2]), log_level="warning", ws="none")
