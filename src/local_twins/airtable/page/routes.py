"""The addresses of the page: its three files, open to see, and its data, guarded."""

from collections.abc import Callable
from functools import cache
from importlib import resources

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.model.rows import to_text
from local_twins.airtable.page import views
from local_twins.airtable.page.access import PageAccess, admit
from local_twins.airtable.page.recent import Recent
from local_twins.airtable.storage.store import Store
from local_twins.airtable.web.auth import Tokens

_FILES = {
    "": ("index.html", "text/html"),
    "page.js": ("page.js", "text/javascript"),
    "page.css": ("page.css", "text/css"),
}
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""Nothing from elsewhere, nothing inline, nobody's frame: what records say is a stranger's text."""


def page_routes(store: Store, tokens: Tokens, recent: Recent, access: PageAccess) -> list[Route]:
    """The routes of the page under /_twin/, and the way there from /."""

    def guarded(look: Callable[[Request], views.Json]) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            try:
                admit(request, tokens, access)
                with store.lock:
                    return _json(look(request))
            except Refusal as refusal:
                return _json(refusal.body, refusal.kind.status)

        return answer

    looks: dict[str, Callable[[Request], views.Json]] = {
        "bases": lambda _request: views.bases(store),
        "records": lambda request: views.grid(store, _asked(request)),
        "requests": lambda request: _requests(recent, request),
    }
    return [
        Route("/", _lead_on),
        Route("/_twin", _lead_on),
        *(Route(f"/_twin/{name}", _file(name)) for name in _FILES),
        *(Route(f"/_twin/view/{name}", guarded(look)) for name, look in looks.items()),
    ]


async def _lead_on(request: Request) -> Response:
    return RedirectResponse(f"{request.scope.get('root_path', '')}/_twin/")


def _file(name: str) -> Callable[[Request], Response]:
    filename, media_type = _FILES[name]
    return lambda _request: Response(_content(filename), headers=_HEADERS, media_type=media_type)


@cache
def _content(filename: str) -> bytes:
    return resources.files("local_twins.airtable.page").joinpath("static", filename).read_bytes()


def _json(body: views.Json, status: int = 200) -> Response:
    return Response(to_text(body).encode(), status, _HEADERS, "application/json")


def _asked(request: Request) -> views.Asked:
    asked = request.query_params
    return views.Asked(
        base=asked.get("base", ""),
        table=asked.get("table", ""),
        view=asked.get("view", ""),
        filter=asked.get("filter", ""),
        page=max(1, _number(asked.get("page", "1"))),
        origin=str(request.base_url).rstrip("/"),
    )


def _requests(recent: Recent, request: Request) -> views.Json:
    since = _number(request.query_params.get("since", "0"))
    return {"requests": [answered.to_json() for answered in recent.since(since)]}


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 12:
        raise Refusal(errors.PARAMETERS_INVALID)
    return int(text)
