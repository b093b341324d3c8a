"""The AI SDK's `useChat` over HTTP: POST /api/chat with its messages, an answer as a UI message stream."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from orchestrator.events import Logged, RunFinished, RunStarted
from orchestrator.ids import new_id
from orchestrator.sessions import SessionNotFound
from orchestrator.web.conversing import Talk, follow, known_session, own_id, own_session, plain_text, say
from orchestrator.web.desk import CHAT, Desk, desk_of
from orchestrator.web.openapi import Operation
from orchestrator.web.sse import always_ended, data_response
from orchestrator.web.ui_messages import UiMessages
from orchestrator.web.ui_parts import UiPart
from pyairtable_platform.kernel import Invalid
from pyairtable_platform.kernel.http import parsed, require


class UiMessage(BaseModel):
    """A message as the client keeps it."""

    model_config = ConfigDict(extra="ignore")

    id: str = ""
    role: str
    parts: list[dict[str, Any]] = Field(default_factory=list)

    @property
    def calls(self) -> set[str]:
        """The ids of the calls in it."""
        return {str(part["toolCallId"]) for part in self.parts if "toolCallId" in part}


class UiChat(BaseModel):
    """What `useChat` sends: the id of the chat, and its messages."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1, max_length=200)
    messages: list[UiMessage] = Field(min_length=1)


async def ui_chat(request: Request) -> Response:
    """The answer's parts as they come; the last line is [DONE]."""
    owner = require(request, CHAT).id
    asked = await parsed(request, UiChat)
    last = asked.messages[-1]
    is_continued = last.role == "assistant" and last.id != ""
    told = UiMessages(last.id if is_continued else new_id("msg"), last.calls if is_continued else set())
    parts = _parts(desk_of(request), owner, asked, told)
    ended = always_ended(parts, lambda _, message: told.failed(message))
    return _response(ended)


async def resume_ui_chat(request: Request) -> Response:
    """The parts of the answer that is under way, from its beginning; 204 when none is."""
    owner, desk = require(request, CHAT).id, desk_of(request)
    id = own_id(owner, request.path_params["id"])
    try:
        session = await desk.sessions.get(id, owner)
    except SessionNotFound:
        return Response(status_code=204)
    talk = under_way(session.id, await desk.log.read(session.id))
    if talk is None:
        return Response(status_code=204)
    told = UiMessages(new_id("msg"))
    ended = always_ended(_told(desk, talk, told), lambda _, message: told.failed(message))
    return _response(ended)


def under_way(session: str, events: Sequence[Logged]) -> Talk | None:
    """The run that has begun and not ended; None when there is none."""
    talk = None
    for logged in events:
        match logged.event:
            case RunStarted(run=run):
                talk = Talk(session, run, logged.number - 1)
            case RunFinished():
                talk = None
    return talk


def _response(parts: AsyncGenerator[dict[str, Any]]) -> Response:
    response = data_response(parts, closing="[DONE]")
    response.headers["x-vercel-ai-ui-message-stream"] = "v1"
    return response


async def _parts(desk: Desk, owner: str, asked: UiChat, told: UiMessages) -> AsyncGenerator[dict[str, Any]]:
    talk = await _begin(desk, owner, asked)
    async with aclosing(_told(desk, talk, told)) as parts:
        async for part in parts:
            yield part


async def _told(desk: Desk, talk: Talk, told: UiMessages) -> AsyncGenerator[dict[str, Any]]:
    for part in told.begun(talk.session):
        yield part
    async with aclosing(follow(desk, talk)) as happenings:
        async for happening in happenings:
            for part in told.parts(happening):
                yield part


async def _begin(desk: Desk, owner: str, asked: UiChat) -> Talk:
    """Begin with the user's last message, or go on after approvals were answered. Raises ServiceError."""
    last = asked.messages[-1]
    if last.role == "user":
        if not (text := plain_text(last.parts)):
            raise Invalid("The last message has no text.")
        session = await own_session(desk, owner, asked.id, text)
        return await say(desk, session, owner, text, {})
    answers = _answers(last)
    session = await known_session(desk, owner, asked.id, [str(answer.get("id")) for answer in answers])
    for answer in answers:
        verdict: Literal["approved", "denied"] = "approved" if answer.get("approved") is True else "denied"
        reason = str(answer.get("reason") or "")
        await desk.approvals.decide(
            str(answer.get("id")), owner, verdict, at=desk.now(), by=owner, reason=reason
        )
    run = await desk.runs.resume(session.id, owner)
    if run is None:
        raise Invalid("There is nothing to go on with: no call of the last answer was decided about.")
    return Talk(session.id, run, session.last_event)


def _answers(message: UiMessage) -> list[dict[str, Any]]:
    """The approvals that the person answered and that are not carried out yet."""
    return [
        part["approval"]
        for part in message.parts
        if part.get("state") == "approval-responded" and isinstance(part.get("approval"), dict)
    ]


OPERATIONS = (
    Operation(
        method="POST",
        path="/api/chat",
        endpoint=ui_chat,
        tag="protocols",
        takes=UiChat,
        example={
            "id": "chat-1",
            "messages": [
                {
                    "id": "m1",
                    "role": "user",
                    "parts": [{"type": "text", "text": "How many orders are late?"}],
                }
            ],
        },
        streams=UiPart,
    ),
    Operation(
        method="GET",
        path="/api/chat/{id}/stream",
        endpoint=resume_ui_chat,
        tag="protocols",
        streams=UiPart,
        is_maybe_empty=True,
    ),
)
