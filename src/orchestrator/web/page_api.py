"""The chat page at `/`: one HTML file, scripts and a stylesheet of ours, nothing from elsewhere."""

from collections.abc import Awaitable, Callable
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

_MEDIA = {".css": "text/css", ".js": "text/javascript", ".html": "text/html"}

_SCRIPTS = ("chat.js", "wire.js", "view.js", "approval.js", "markdown.js")


def _shows(name: str, about: str) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that shows the file."""
    file = _FOLDER / name

    async def show(_: Request) -> Response:
        return FileResponse(file, media_type=_MEDIA[file.suffix], headers=_HEADERS)

    show.__name__ = f"show_{file.stem}_{file.suffix[1:]}"
    show.__doc__ = about
    return show


def _page(path: str, name: str, about: str) -> Operation:
    return Operation(
        method="GET",
        path=path,
        endpoint=_shows(name, about),
        tag="page",
        text=_MEDIA[Path(name).suffix],
        is_open=True,
    )


OPERATIONS = (
    _page("/", "index.html", "The page."),
    _page("/page/chat.css", "chat.css", "How the page looks."),
    *(_page(f"/page/{name}", name, "A script of the page.") for name in _SCRIPTS),
)

OPEN_PATHS = frozenset(operation.path for operation in OPERATIONS)
"""What a door may show to everyone: no data is in it."""
