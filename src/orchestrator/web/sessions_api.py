"""Sessions over HTTP: listed, made, renamed, exported, deleted, and read event by event."""

from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orchestrator.events import Logged, to_json
from orchestrator.sessions.session import session_to_json
from orchestrator.web.desk import CHAT, desk_of, moment, number
from pyairtable_platform.kernel.http import parsed, require

MOST_EVENTS = 1000


class NewSession(BaseModel):
    """What a new session is told."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field("", max_length=200)
    lives_seconds: int | None = Field(None, gt=0)


class Renaming(BaseModel):
    """A session's new title."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(max_length=200)


async def list_sessions(request: Request) -> Response:
    """`?search=&limit=&before=`: the caller's sessions, last changed first."""
    owner = require(request, CHAT).id
    found = await desk_of(request).sessions.list(
        owner,
        search=request.query_params.get("search", ""),
        limit=number(request, "limit", 50, least=1, most=200),
        before=moment(request, "before"),
    )
    return JSONResponse({"sessions": [session_to_json(session) for session in found]})


async def create_session(request: Request) -> Response:
    """A new session; a message to no session makes one, too."""
    owner = require(request, CHAT).id
    asked = await parsed(request, NewSession)
    desk = desk_of(request)
    lives = None if asked.lives_seconds is None else timedelta(seconds=asked.lives_seconds)
    session = await desk.sessions.create(owner, at=desk.now(), title=asked.title, lives=lives)
    return JSONResponse(session_to_json(session), 201)


async def get_session(request: Request) -> Response:
    """One session."""
    session = await desk_of(request).sessions.get(request.path_params["id"], require(request, CHAT).id)
    return JSONResponse(session_to_json(session))


async def rename_session(request: Request) -> Response:
    """The session under its new title."""
    owner = require(request, CHAT).id
    asked = await parsed(request, Renaming)
    desk = desk_of(request)
    session = await desk.sessions.rename(request.path_params["id"], owner, asked.title, at=desk.now())
    return JSONResponse(session_to_json(session))


async def delete_session(request: Request) -> Response:
    """The session and all that was said in it are gone; what was spent stays in the ledger."""
    await desk_of(request).sessions.delete(request.path_params["id"], require(request, CHAT).id)
    return Response(status_code=204)


async def export_session(request: Request) -> Response:
    """The session with all its events, as one document."""
    document = await desk_of(request).sessions.export(request.path_params["id"], require(request, CHAT).id)
    return JSONResponse(document)


async def list_events(request: Request) -> Response:
    """`?after=&limit=`: the session's events behind that number."""
    desk = desk_of(request)
    session = await desk.sessions.get(request.path_params["id"], require(request, CHAT).id)
    events = await desk.log.read(
        session.id,
        after=number(request, "after", 0, least=0, most=2**31 - 1),
        limit=number(request, "limit", 200, least=1, most=MOST_EVENTS),
    )
    return JSONResponse(
        {"events": [event_to_json(event) for event in events], "last_event": session.last_event}
    )


def event_to_json(logged: Logged) -> dict[str, Any]:
    """{number, at, kind, ...the event's own fields}."""
    head = {"number": logged.number, "at": logged.at.isoformat(), "kind": logged.event.kind}
    return head | to_json(logged.event)


ROUTES = (
    Route("/sessions", list_sessions),
    Route("/sessions", create_session, methods=["POST"]),
    Route("/sessions/{id}", get_session),
    Route("/sessions/{id}", rename_session, methods=["PATCH"]),
    Route("/sessions/{id}", delete_session, methods=["DELETE"]),
    Route("/sessions/{id}/export", export_session),
    Route("/sessions/{id}/events", list_events),
)
