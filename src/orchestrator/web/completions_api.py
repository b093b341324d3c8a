"""OpenAI's API over HTTP: /v1/models and /v1/chat/completions, for clients that speak nothing else."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from orchestrator.errors import (
    BudgetExceeded,
    LimitReached,
    ModelBusy,
    ModelError,
    ModelRefused,
    RequestInvalid,
    SignatureMissing,
    ToolsChanged,
    ToolsUnreachable,
)
from orchestrator.ids import new_id
from orchestrator.sessions import Session, SessionBusy, SessionNotFound
from orchestrator.web.chores import answer_chore
from orchestrator.web.completions import Completion, verdict_of
from orchestrator.web.completions_shapes import ChunkJson, CompletionJson, ErrorJson
from orchestrator.web.conversing import Talk, follow, own_session, plain_text, say, title_of
from orchestrator.web.courses import Said, is_course, with_history
from orchestrator.web.desk import CHAT, Desk, desk_of
from orchestrator.web.openapi import Operation
from orchestrator.web.sse import always_ended, data_response
from pyairtable_platform.kernel import Invalid, ServiceError
from pyairtable_platform.kernel.http import parsed, require

MODEL = "pyairtable"
"""The agent under the name of a model; a model of Gemini's may be named instead."""

_LOOKED_AT = 20
"""Sessions of the same beginning that are compared with what the client sends."""


class ChatMessage(BaseModel):
    """A message as OpenAI has it."""

    model_config = ConfigDict(extra="ignore")

    role: str
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """Its text."""
        return plain_text(self.content)


class StreamOptions(BaseModel):
    """What a stream tells."""

    include_usage: bool = False


class Completing(BaseModel):
    """A request; what has no meaning for an agent with tools of its own is not looked at."""

    model_config = ConfigDict(extra="ignore")

    model: str = Field(MODEL, min_length=1, max_length=100)
    messages: list[ChatMessage] = Field(min_length=1)
    stream: bool = False
    stream_options: StreamOptions | None = None
    user: str | None = None
    metadata: dict[str, Any] | None = None

    @property
    def title(self) -> str:
        """That of a session which begins with what the user said first."""
        return title_of(next(message.text for message in self.messages if message.role == "user"))

    @property
    def before(self) -> list[Said]:
        """What was said before the last message."""
        return [Said(message.role, message.text) for message in self.messages[:-1]]


class ModelJson(TypedDict):
    """A model as OpenAI tells it."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(TypedDict):
    """The models that can be named."""

    object: Literal["list"]
    data: list[ModelJson]


async def list_models(request: Request) -> Response:
    """The agent, as the one model that there is."""
    require(request, CHAT)
    model = ModelJson(id=MODEL, object="model", created=0, owned_by="pyairtable-mcp")
    return JSONResponse(ModelList(object="list", data=[model]))


async def complete(request: Request) -> Response:
    """The answer, whole or as a stream that ends with [DONE]."""
    owner = require(request, CHAT).id
    desk = desk_of(request)
    try:
        asked = await parsed(request, Completing)
        answer = Completion(new_id("chatcmpl"), asked.model)
        talk = await _begin(desk, owner, asked, answer)
    except ServiceError as error:
        return JSONResponse({"error": _error(error)}, error.status)
    if asked.stream:
        chunks = always_ended(_chunks(desk, talk, answer, asked), _broken)
        return data_response(chunks, closing="[DONE]")
    async for _ in _deltas(desk, talk, answer):
        pass
    if answer.failure and not answer.text:
        return JSONResponse({"error": answer.failure}, _status_of(answer.failure["code"]))
    return JSONResponse(answer.whole() | ({"metadata": {"session_id": talk.session}} if talk else {}))


async def _chunks(
    desk: Desk, talk: Talk | None, answer: Completion, asked: Completing
) -> AsyncGenerator[dict[str, Any]]:
    yield answer.chunk({"role": "assistant", "content": ""})
    if talk is None:
        yield answer.chunk({"content": answer.text})
    async for delta in _deltas(desk, talk, answer):
        yield answer.chunk(delta)
    if answer.failure:
        yield {"error": answer.failure}
    yield answer.chunk({}, answer.finish)
    if asked.stream_options and asked.stream_options.include_usage:
        yield answer.usage_chunk()


async def _deltas(desk: Desk, talk: Talk | None, answer: Completion) -> AsyncGenerator[dict[str, Any]]:
    if talk is None:
        return
    async with aclosing(follow(desk, talk)) as happenings:
        async for happening in happenings:
            for delta in answer.deltas(happening):
                yield delta


async def _begin(desk: Desk, owner: str, asked: Completing, answer: Completion) -> Talk | None:
    """Begin a run, or go on after a decision; None for a chore, whose answer is then whole."""
    last = asked.messages[-1]
    text = last.text.strip()
    if last.role != "user" or not text:
        raise Invalid("The last of `messages` must be a user's, with a text.")
    if (chore := answer_chore(text)) is not None:
        answer.text = chore
        return None
    session = await _session(desk, owner, asked)
    if session.last_event and (verdict := verdict_of(text)):
        talk = await _decided(desk, owner, session, verdict)
        if talk is not None:
            return talk
    options = {} if asked.model == MODEL else {"model": asked.model}
    told = text if session.last_event else with_history(asked.before, text)
    return await say(desk, session, owner, told, options)


async def _session(desk: Desk, owner: str, asked: Completing) -> Session:
    """The session that the client names, or whose course is what the client sends, or a new one."""
    named = str((asked.metadata or {}).get("session_id") or asked.user or "")
    if (asked.metadata or {}).get("session_id") or named.startswith("ses_"):
        return await own_session(desk, owner, named, asked.title)
    if any(message.role == "assistant" for message in asked.before):
        alike = await desk.sessions.list(owner, title=asked.title, limit=_LOOKED_AT)
        said = await desk.log.said([session.id for session in alike])
        if found := next((one for one in alike if is_course(said[one.id], asked.before)), None):
            return found
    return await desk.sessions.create(owner, at=desk.now(), title=asked.title)


async def _decided(
    desk: Desk, owner: str, session: Session, verdict: Literal["approved", "denied"]
) -> Talk | None:
    """The run that goes on after the decision about all that waits; None when nothing waits."""
    waiting = await desk.approvals.waiting(owner, at=desk.now(), session=session.id)
    for approval in waiting:
        await desk.approvals.decide(approval.id, owner, verdict, at=desk.now(), by=owner)
    run = await desk.runs.resume(session.id, owner) if waiting else None
    return None if run is None else Talk(session.id, run, session.last_event)


_ENDS: tuple[type[ServiceError], ...] = (
    ModelError,
    ModelBusy,
    ModelRefused,
    RequestInvalid,
    SignatureMissing,
    ToolsUnreachable,
    ToolsChanged,
    LimitReached,
    BudgetExceeded,
)
"""How a run may end without an answer."""

_STATUSES = {error.code: error.status for error in _ENDS} | {"answer_cut": LimitReached.status}


def _status_of(code: str) -> int:
    """The status for a run's end; clients ask again by themselves after one of 500 and more."""
    return LimitReached.status if code.startswith("limit_") else _STATUSES.get(code, ModelError.status)


def _broken(code: str, message: str) -> list[dict[str, Any]]:
    return [{"error": {"message": message, "type": code, "code": code, "param": None}}]


def _error(error: ServiceError) -> dict[str, Any]:
    return {"message": error.detail or error.title, "type": error.code, "code": error.code, "param": None}


OPERATIONS = (
    Operation(method="GET", path="/v1/models", endpoint=list_models, tag="protocols", gives=ModelList),
    Operation(
        method="POST",
        path="/v1/chat/completions",
        endpoint=complete,
        tag="protocols",
        takes=Completing,
        example={
            "model": MODEL,
            "messages": [{"role": "user", "content": "How many orders are late?"}],
            "stream": False,
        },
        gives=CompletionJson,
        streams=ChunkJson,
        refuses_as=ErrorJson,
        fails=(SessionNotFound, SessionBusy, *_ENDS),
    ),
)
