"""Talking over HTTP: a message in, the whole answer or a stream of events out.

A run goes on when its client leaves; only cancelling ends it.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from orchestrator.approvals import Approval
from orchestrator.events import Logged, ModelMessage, Outcome, RunFinished, to_json
from orchestrator.sessions import SessionBusy, SessionNotFound
from orchestrator.web.conversing import Happening, Talk, follow, say, text_of, title_of
from orchestrator.web.desk import CHAT, Desk, desk_of
from orchestrator.web.openapi import Named, Operation, Told, Whole
from orchestrator.web.sessions_api import event_to_json
from orchestrator.web.sse import Frame, always_ended, sse_response
from pyairtable_platform.kernel.http import parsed, require


class Message(BaseModel):
    """What a person says, and how this run shall go.

    Without `session` a new one is made. `thinking_budget` is in tokens, `budget_micros` is the most that this
    run may cost.
    """

    model_config = ConfigDict(extra="forbid")

    message: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100_000)]
    session: str | None = None
    model: str | None = Field(None, min_length=1, max_length=100)
    effort: Literal["minimal", "low", "medium", "high"] | None = None
    thinking_budget: int | None = Field(None, ge=-1, le=100_000)
    max_output_tokens: int | None = Field(None, ge=1, le=65_536)
    max_steps: int | None = Field(None, ge=1, le=100)
    budget_micros: int | None = Field(None, ge=0, le=10**15)

    @property
    def options(self) -> dict[str, Any]:
        """What was chosen for this run."""
        return self.model_dump(exclude={"message", "session"}, exclude_none=True)


class Answer(TypedDict):
    """What came of a message; `code` and `message` say why when it did not end with an answer."""

    session: str
    run: str
    outcome: Outcome
    text: str
    micros: int
    code: str
    message: str
    approvals: list[Annotated[dict[str, Any], Told(Approval)]]


class Cancelled(TypedDict):
    """Whether there was a run to ask to stop."""

    is_stopping: bool


StreamEventJson = Annotated[dict[str, Any], Named("StreamEvent")]

AFTER = Whole("after", "Only events behind that number, where Last-Event-ID is not sent.", 0, 0, 2**31 - 1)


async def chat(request: Request) -> Response:
    """The whole answer when the run has ended: with text, at an approval, or with what stopped it."""
    desk, talk = await _begin(request)
    finished, text = None, ""
    async for happening in follow(desk, talk):
        match happening:
            case Logged(event=ModelMessage() as message):
                text = text_of(message) or text
            case Logged(event=RunFinished() as event):
                finished = event
    owner = require(request, CHAT).id
    waiting = await desk.approvals.waiting(owner, at=desk.now(), session=talk.session)
    return JSONResponse(_answer(talk, text, finished, [one.to_json() for one in waiting]))


async def stream_chat(request: Request) -> Response:
    """The run's events as they happen; the last is `run_finished`, or `stream_broken` by a fault of ours."""
    desk, talk = await _begin(request)
    return _stream(desk, talk)


async def watch_session(request: Request) -> Response:
    """A session's events behind `Last-Event-ID`, until the end of the run that is under way or comes next."""
    desk = desk_of(request)
    session = await desk.sessions.get(request.path_params["id"], require(request, CHAT).id)
    given = request.headers.get("last-event-id", "")
    after = int(given) if given.isdecimal() and len(given) < 10 else AFTER.read(request)
    # A number that the log has not reached is none that a client can have seen.
    return _stream(desk, Talk(session.id, None, min(after, session.last_event)))


async def cancel_run(request: Request) -> Response:
    """Ask the run that is under way to stop; it ends with `cancelled`."""
    desk = desk_of(request)
    session = await desk.sessions.get(request.path_params["id"], require(request, CHAT).id)
    return JSONResponse(Cancelled(is_stopping=await desk.runs.cancel(session.id)), 202)


async def _begin(request: Request) -> tuple[Desk, Talk]:
    """Start a run."""
    owner = require(request, CHAT).id
    asked = await parsed(request, Message)
    desk = desk_of(request)
    if asked.session is None:
        session = await desk.sessions.create(owner, at=desk.now(), title=title_of(asked.message))
    else:
        session = await desk.sessions.get(asked.session, owner)
    return desk, await say(desk, session, owner, asked.message, asked.options)


def _stream(desk: Desk, talk: Talk) -> Response:
    def broken(code: str, message: str) -> list[Frame]:
        return [({"kind": "stream_broken", "session": talk.session, "code": code, "message": message}, None)]

    return sse_response(always_ended(_frames(follow(desk, talk)), broken))


async def _frames(happenings: AsyncGenerator[Happening]) -> AsyncGenerator[Frame]:
    async with aclosing(happenings):
        async for happening in happenings:
            if isinstance(happening, Logged):
                yield event_to_json(happening) | {"session": happening.session}, happening.number
            else:
                yield {"kind": happening.kind, **to_json(happening)}, None


def _answer(talk: Talk, text: str, finished: RunFinished | None, approvals: list[dict[str, Any]]) -> Answer:
    run = talk.run or ""
    ended = finished or RunFinished(run, "failed", 0, "lost", "The run's end was not seen.")
    return Answer(
        session=talk.session,
        run=run,
        outcome=ended.outcome,
        text=text,
        micros=ended.micros,
        code=ended.code,
        message=ended.message,
        approvals=approvals,
    )


_ASKED = {"message": "How many orders are late?", "effort": "low"}

OPERATIONS = (
    Operation(
        method="POST",
        path="/chat",
        endpoint=chat,
        tag="chat",
        takes=Message,
        example=_ASKED,
        gives=Answer,
        answer={
            "session": "ses_0a1b",
            "run": "run_2c3d",
            "outcome": "done",
            "text": "Seven orders are late.",
            "micros": 812,
            "code": "",
            "message": "",
            "approvals": [],
        },
        fails=(SessionNotFound, SessionBusy),
    ),
    Operation(
        method="POST",
        path="/chat/stream",
        endpoint=stream_chat,
        tag="chat",
        takes=Message,
        example=_ASKED,
        streams=StreamEventJson,
        fails=(SessionNotFound, SessionBusy),
    ),
    Operation(
        method="GET",
        path="/sessions/{id}/stream",
        endpoint=watch_session,
        tag="chat",
        query=(AFTER,),
        streams=StreamEventJson,
        fails=(SessionNotFound,),
    ),
    Operation(
        method="POST",
        path="/sessions/{id}/cancel",
        endpoint=cancel_run,
        tag="chat",
        gives=Cancelled,
        status=202,
        fails=(SessionNotFound,),
    ),
)
