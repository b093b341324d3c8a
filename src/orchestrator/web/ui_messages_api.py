"""The AI SDK's `useChat` over HTTP: POST /api/chat with its messages, an answer as a UI message stream."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from orchestrator.ids import new_id
from orchestrator.web.conversing import Talk, follow, own_session, plain_text, say
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
    response = data_response(ended, closing="[DONE]")
    response.headers["x-vercel-ai-ui-message-stream"] = "v1"
    return response


async def _parts(desk: Desk, owner: str, asked: UiChat, told: UiMessages) -> AsyncGenerator[dict[str, Any]]:
    talk = await _begin(desk, owner, asked)
    for part in told.begun(talk.session):
        yield part
    async with aclosing(follow(desk, talk)) as happenings:
        async for happening in happenings:
            for part in told.parts(happening):
                yield part


async def _begin(desk: Desk, owner: str, asked: UiChat) -> Talk:
    """Begin with the user's last message, or go on after approvals were answered. Raises ServiceError."""
    last = asked.messages[-1]
    text = plain_text(last.parts)
    session = await own_session(desk, owner, asked.id, text)
    if last.role == "user":
        if not text:
            raise Invalid("The last message has no text.")
        return await say(desk, session, owner, text, {})
    for answer in _answers(last):
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
)
