"""AG-UI over HTTP: POST /agui begins a run, or answers the interrupts of the last one."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import Response

from orchestrator.web.agui import AgUi
from orchestrator.web.agui_events import AgUiEvent
from orchestrator.web.conversing import Talk, follow, known_session, own_session, plain_text, say
from orchestrator.web.desk import CHAT, Desk, desk_of
from orchestrator.web.openapi import Operation
from orchestrator.web.sse import always_ended, data_response
from pyairtable_platform.kernel import Invalid
from pyairtable_platform.kernel.http import parsed, require


class Payload(BaseModel):
    """What the person answered; `arguments` are the call's as it shall be made instead."""

    model_config = ConfigDict(extra="ignore")

    approved: StrictBool = False
    arguments: dict[str, Any] | None = None
    reason: str | None = Field(default=None, max_length=2000)


class Resumed(BaseModel):
    """The answer to one interrupt."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    interrupt_id: str
    status: Literal["resolved", "cancelled"]
    payload: Payload | StrictBool | None = None

    @property
    def answer(self) -> Payload:
        """The person's answer; whoever cancels denies."""
        if self.status == "cancelled" or self.payload is None:
            return Payload()
        return self.payload if isinstance(self.payload, Payload) else Payload(approved=self.payload)


class RunInput(BaseModel):
    """What a client of AG-UI sends; its own tools and state are not for an agent with tools of its own."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    thread_id: str = Field(min_length=1, max_length=200)
    run_id: str = Field(min_length=1, max_length=200)
    messages: list[dict[str, Any]] = Field(default_factory=list)
    resume: list[Resumed] | None = None


async def run_agent(request: Request) -> Response:
    """The run's events as they happen; the last is RUN_FINISHED or RUN_ERROR."""
    owner = require(request, CHAT).id
    asked = await parsed(request, RunInput)
    told = AgUi(asked.thread_id, asked.run_id)
    events = _events(desk_of(request), owner, asked, told)
    return data_response(always_ended(events, lambda code, message: [told.failed(code, message)]))


async def _events(desk: Desk, owner: str, asked: RunInput, told: AgUi) -> AsyncGenerator[dict[str, Any]]:
    yield told.begun()
    talk = await _begin(desk, owner, asked)
    async with aclosing(follow(desk, talk)) as happenings:
        async for happening in happenings:
            for event in told.events(happening):
                yield event


async def _begin(desk: Desk, owner: str, asked: RunInput) -> Talk:
    """Begin with the last message, or go on after the interrupts are answered. Raises ServiceError."""
    if not asked.resume:
        if not (text := _last_text(asked.messages)):
            raise Invalid("The last message of `messages` is no text of a user.")
        session = await own_session(desk, owner, asked.thread_id, text)
        return await say(desk, session, owner, text, {})
    session = await known_session(desk, owner, asked.thread_id, [one.interrupt_id for one in asked.resume])
    for answered in asked.resume:
        await _decide(desk, owner, answered)
    run = await desk.runs.resume(session.id, owner)
    if run is None:
        raise Invalid("Other interrupts of the last run are open: answer all of them in `resume`.")
    return Talk(session.id, run, session.last_event)


async def _decide(desk: Desk, owner: str, answered: Resumed) -> None:
    given = answered.answer
    edited = given.arguments if given.approved else None
    await desk.approvals.decide(
        answered.interrupt_id,
        owner,
        "edited" if edited is not None else ("approved" if given.approved else "denied"),
        at=desk.now(),
        by=owner,
        reason=given.reason or "",
        edited_arguments=edited,
    )


def _last_text(messages: list[dict[str, Any]]) -> str:
    """The text of the last message, if it is a user's."""
    last = messages[-1] if messages else {}
    return plain_text(last.get("content")) if last.get("role") == "user" else ""


OPERATIONS = (
    Operation(
        method="POST",
        path="/agui",
        endpoint=run_agent,
        tag="protocols",
        takes=RunInput,
        example={
            "threadId": "thread-1",
            "runId": "run-1",
            "messages": [{"id": "m1", "role": "user", "content": "How many orders are late?"}],
        },
        streams=AgUiEvent,
    ),
)
