"""The chat page at `/`: one HTML file, a script and a stylesheet of ours, nothing from elsewhere."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from orchestrator.web.openapi import Operation

_FOLDER = Path(__file__).parent / "page"

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}

_FILES = {"chat.css": "text/css", "chat.js": "text/javascript"}


async def show_page(_: Request) -> Response:
    """The page."""
    return FileResponse(_FOLDER / "index.html", media_type="text/html", headers=_HEADERS)


async def show_script(_: Request) -> Response:
    """What the page does."""
    return _file("chat.js")


async def show_style(_: Request) -> Response:
    """How the page looks."""
    return _file("chat.css")


def _file(name: str) -> Response:
    return FileResponse(_FOLDER / name, media_type=_FILES[name], headers=_HEADERS)


OPERATIONS = tuple(
    Operation(method="GET", path=path, endpoint=endpoint, tag="page", text=media, is_open=True)
    for path, endpoint, media in (
        ("/", show_page, "text/html"),
        ("/page/chat.js", show_script, "text/javascript"),
        ("/page/chat.css", show_style, "text/css"),
    )
)

OPEN_PATHS = frozenset(operation.path for operation in OPERATIONS)
"""What a door may show to everyone: no data is in it."""
