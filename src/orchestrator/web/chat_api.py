"""Talking over HTTP: a message in, the whole answer or a stream of events out.

A run goes on when its client leaves; only cancelling ends it.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orchestrator.events import Logged, ModelMessage, RunFinished, to_json
from orchestrator.web.conversing import Happening, Talk, follow, say, text_of, title_of
from orchestrator.web.desk import CHAT, Desk, desk_of
from orchestrator.web.sessions_api import event_to_json
from orchestrator.web.sse import Frame, sse_response
from pyairtable_platform.kernel.http import parsed, require


class Message(BaseModel):
    """What a person says, and how this run shall go.

    Without `session` a new one is made. `thinking_budget` is in tokens, `budget_micros` is the most that this
    run may cost.
    """

    model_config = ConfigDict(extra="forbid")

    message: str = Field(min_length=1, max_length=100_000)
    session: str | None = None
    model: str | None = Field(None, max_length=100)
    effort: Literal["minimal", "low", "medium", "high"] | None = None
    thinking_budget: int | None = Field(None, ge=-1, le=100_000)
    max_output_tokens: int | None = Field(None, ge=1, le=65_536)
    max_steps: int | None = Field(None, ge=1, le=100)
    budget_micros: int | None = Field(None, ge=0)

    @property
    def options(self) -> dict[str, Any]:
        """What was chosen for this run."""
        return self.model_dump(exclude={"message", "session"}, exclude_none=True)


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
    return JSONResponse(_answer(talk, text, finished) | {"approvals": [one.to_json() for one in waiting]})


async def stream_chat(request: Request) -> Response:
    """The run's events as they happen, the last being `run_finished`."""
    desk, talk = await _begin(request)
    return sse_response(_frames(follow(desk, talk)))


async def watch_session(request: Request) -> Response:
    """A session's events behind `Last-Event-ID`, until the end of the run that is under way or comes next."""
    desk = desk_of(request)
    session = await desk.sessions.get(request.path_params["id"], require(request, CHAT).id)
    given = request.headers.get("last-event-id") or request.query_params.get("after", "")
    after = int(given) if given.isdecimal() else 0
    return sse_response(_frames(follow(desk, Talk(session.id, None, after))))


async def cancel_run(request: Request) -> Response:
    """Ask the run that is under way to stop; it ends with `cancelled`."""
    desk = desk_of(request)
    session = await desk.sessions.get(request.path_params["id"], require(request, CHAT).id)
    return JSONResponse({"is_stopping": await desk.runs.cancel(session.id)}, 202)


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


async def _frames(happenings: AsyncGenerator[Happening]) -> AsyncGenerator[Frame]:
    async with aclosing(happenings):
        async for happening in happenings:
            if isinstance(happening, Logged):
                yield event_to_json(happening) | {"session": happening.session}, happening.number
            else:
                yield {"kind": happening.kind, **to_json(happening)}, None


def _answer(talk: Talk, text: str, finished: RunFinished | None) -> dict[str, Any]:
    run = talk.run or ""
    ended = finished or RunFinished(run, "failed", 0, "lost", "The run's end was not seen.")
    return {
        "session": talk.session,
        "run": run,
        "outcome": ended.outcome,
        "text": text,
        "micros": ended.micros,
        "code": ended.code,
        "message": ended.message,
    }


ROUTES = (
    Route("/chat", chat, methods=["POST"]),
    Route("/chat/stream", stream_chat, methods=["POST"]),
    Route("/sessions/{id}/stream", watch_session),
    Route("/sessions/{id}/cancel", cancel_run, methods=["POST"]),
)
