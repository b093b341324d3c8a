"""Sessions over HTTP: listed, made, renamed, exported, deleted, and read event by event."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from orchestrator.events import Logged, to_json
from orchestrator.sessions import Session, SessionNotFound
from orchestrator.sessions.session import session_to_json
from orchestrator.web.desk import CHAT, desk_of
from orchestrator.web.openapi import Moment, Named, Operation, Text, Told, Whole
from pyairtable_platform.kernel.http import parsed, require

_LONGEST_LIFE_SECONDS = 3650 * 24 * 3600

SEARCH = Text("search", "A part of the title, or of what was said.")
LIMIT = Whole("limit", "At most so many sessions.", default=50, least=1, most=200)
BEFORE = Moment("before", "Only sessions that were changed last before that moment.")
AFTER = Whole("after", "Only events behind that number.", default=0, least=0, most=2**31 - 1)
EVENT_LIMIT = Whole("limit", "At most so many events.", default=200, least=1, most=1000)

SessionJson = Annotated[dict[str, Any], Told(Session)]
EventJson = Annotated[dict[str, Any], Named("SessionEvent")]


class NewSession(BaseModel):
    """What a new session is told."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field("", max_length=200)
    lives_seconds: int | None = Field(None, gt=0, le=_LONGEST_LIFE_SECONDS)


class Renaming(BaseModel):
    """A session's new title."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(max_length=200)


class SessionList(TypedDict):
    """Sessions, last changed first."""

    sessions: list[SessionJson]


class EventList(TypedDict):
    """Events in their order; `last_event` is the number of the session's newest."""

    events: list[EventJson]
    last_event: int


class Export(TypedDict):
    """A session as one document."""

    session: SessionJson
    events: list[EventJson]


async def list_sessions(request: Request) -> Response:
    """The caller's sessions, last changed first."""
    owner = require(request, CHAT).id
    found = await desk_of(request).sessions.list(
        owner,
        search=SEARCH.read(request) or "",
        limit=LIMIT.read(request),
        before=BEFORE.read(request),
    )
    return JSONResponse(SessionList(sessions=[session_to_json(session) for session in found]))


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
    """The session's events behind a number."""
    desk = desk_of(request)
    session = await desk.sessions.get(request.path_params["id"], require(request, CHAT).id)
    events = await desk.log.read(session.id, after=AFTER.read(request), limit=EVENT_LIMIT.read(request))
    return JSONResponse(
        EventList(events=[event_to_json(event) for event in events], last_event=session.last_event)
    )


def event_to_json(logged: Logged) -> dict[str, Any]:
    """{number, at, kind, ...the event's own fields}."""
    head = {"number": logged.number, "at": logged.at.isoformat(), "kind": logged.event.kind}
    return head | to_json(logged.event)


_NEW = {"title": "Late orders"}

OPERATIONS = (
    Operation(
        method="GET",
        path="/sessions",
        endpoint=list_sessions,
        tag="sessions",
        query=(SEARCH, LIMIT, BEFORE),
        gives=SessionList,
    ),
    Operation(
        method="POST",
        path="/sessions",
        endpoint=create_session,
        tag="sessions",
        takes=NewSession,
        example=_NEW,
        gives=SessionJson,
        status=201,
    ),
    Operation(
        method="GET",
        path="/sessions/{id}",
        endpoint=get_session,
        tag="sessions",
        gives=SessionJson,
        fails=(SessionNotFound,),
    ),
    Operation(
        method="PATCH",
        path="/sessions/{id}",
        endpoint=rename_session,
        tag="sessions",
        takes=Renaming,
        example=_NEW,
        gives=SessionJson,
        fails=(SessionNotFound,),
    ),
    Operation(
        method="DELETE",
        path="/sessions/{id}",
        endpoint=delete_session,
        tag="sessions",
        status=204,
        fails=(SessionNotFound,),
    ),
    Operation(
        method="GET",
        path="/sessions/{id}/export",
        endpoint=export_session,
        tag="sessions",
        gives=Export,
        fails=(SessionNotFound,),
    ),
    Operation(
        method="GET",
        path="/sessions/{id}/events",
        endpoint=list_events,
        tag="sessions",
        query=(AFTER, EVENT_LIMIT),
        gives=EventList,
        fails=(SessionNotFound,),
    ),
)
