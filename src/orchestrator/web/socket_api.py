"""The session's events over a WebSocket: one JSON object a frame, with the numbers of the log.

A client sends {"type": "say", ...}, or decide, cancel, follow; each is answered by `accepted` or `error`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NotRequired
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect
from typing_extensions import TypedDict

from orchestrator.events import Logged, to_json
from orchestrator.sessions import SessionNotFound
from orchestrator.web.approvals_api import Deciding, decided
from orchestrator.web.chat_api import Message
from orchestrator.web.conversing import Happening, say, title_of
from orchestrator.web.desk import CHAT, Desk
from orchestrator.web.openapi import Named, Socket
from orchestrator.web.sessions_api import event_to_json
from orchestrator.web.sse import HEARTBEAT_SECONDS
from pyairtable_platform.kernel import BadRequest, Invalid, Principal, ServiceError
from pyairtable_platform.kernel.http import RequestLimit, read_json, require, too_many

Json = dict[str, Any]


class Verdict(Deciding):
    """A decision and the approval that it is about."""

    approval: str


class Cancelling(BaseModel):
    """The session whose run shall stop."""

    model_config = ConfigDict(extra="forbid")

    session: str


class Following(BaseModel):
    """The session to be followed, from behind that event on."""

    model_config = ConfigDict(extra="forbid")

    session: str
    after: int = Field(0, ge=0)


class Accepted(TypedDict):
    """The frame of that type was carried out."""

    kind: Literal["accepted"]
    type: str
    session: str
    run: NotRequired[str | None]
    approval: NotRequired[str]
    is_stopping: NotRequired[bool]


class Heartbeat(TypedDict):
    """Nothing happened for a while."""

    kind: Literal["heartbeat"]


class Refused(TypedDict):
    """The frame was not carried out; the socket stays open."""

    kind: Literal["error"]
    code: str
    message: str


@dataclass(slots=True)
class Connection:
    """One client: what it follows, each session once."""

    socket: WebSocket
    desk: Desk
    principal: Principal
    limit: RequestLimit
    _followed: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        """Who talks."""
        return self.principal.id

    async def serve(self) -> None:
        """Answer until the client leaves; its runs go on."""
        beating = asyncio.create_task(self._beat())
        try:
            while (message := await self.socket.receive())["type"] != "websocket.disconnect":
                await self._answer(message.get("text"))
        except WebSocketDisconnect:
            return
        finally:
            tasks = [beating, *self._followed.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _answer(self, text: str | None) -> None:
        try:
            # A frame asks for as much as a request.
            if not (allowance := await self.limit.count(self.principal)).is_granted:
                raise too_many(allowance)
            if text is None:
                raise BadRequest("Send frames of text: each is one object of JSON.")
            asked = read_json(text)
            kind = asked.get("type") if isinstance(asked, dict) else None
            handle = _HANDLERS.get(str(kind))
            if handle is None:
                raise Invalid(f"type={kind!r}: allowed are {', '.join(_HANDLERS)}, in an object of JSON.")
            told = await handle(self, {name: value for name, value in asked.items() if name != "type"})
            await self.socket.send_json({"kind": "accepted", "type": kind, **told})
        except ServiceError as error:
            await self._refuse(error.code, error.detail or error.title)
        except ValidationError as error:
            first = error.errors()[0]
            said = first["msg"].removeprefix("Value error, ")
            await self._refuse("invalid", ": ".join(filter(None, (".".join(map(str, first["loc"])), said))))

    async def say(self, asked: Json) -> Json:
        """Begin a run, and follow it."""
        message = Message.model_validate(asked)
        if message.session is None:
            title = title_of(message.message)
            session = await self.desk.sessions.create(self.owner, at=self.desk.now(), title=title)
        else:
            session = await self.desk.sessions.get(message.session, self.owner)
        talk = await say(self.desk, session, self.owner, message.message, message.options)
        self._follow(session.id, session.last_event)
        return {"session": session.id, "run": talk.run}

    async def decide(self, asked: Json) -> Json:
        """Decide about a call; the run goes on when nothing else waits."""
        made = Verdict.model_validate(asked)
        approval, run = await decided(self.desk, self.owner, made.approval, made)
        return {"session": approval.session, "approval": approval.id, "run": run}

    async def cancel(self, asked: Json) -> Json:
        """Ask the session's run to stop."""
        session = await self.desk.sessions.get(Cancelling.model_validate(asked).session, self.owner)
        return {"session": session.id, "is_stopping": await self.desk.runs.cancel(session.id)}

    async def follow(self, asked: Json) -> Json:
        """Tell the session's events behind a number, and all that come."""
        wanted = Following.model_validate(asked)
        session = await self.desk.sessions.get(wanted.session, self.owner)
        if (task := self._followed.pop(session.id, None)) is not None:
            task.cancel()
        # A number that the log has not reached is none that a client can have seen.
        self._follow(session.id, min(wanted.after, session.last_event))
        return {"session": session.id}

    def _follow(self, session: str, after: int) -> None:
        if session not in self._followed:
            self._followed[session] = asyncio.create_task(self._tell(session, after))

    async def _tell(self, session: str, after: int) -> None:
        """Tell what happens; an end that the client did not ask for is told, and it may follow anew."""
        try:
            async with aclosing(
                self.desk.feed.follow(session, self.desk.log.read, after=after)
            ) as happenings:
                async for happening in happenings:
                    await self.socket.send_json(_told(session, happening))
            raise SessionNotFound(session)
        except ServiceError as error:
            self._followed.pop(session, None)
            await self._refuse(error.code, error.detail)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            await self.socket.send_json({"kind": "heartbeat"})

    async def _refuse(self, code: str, message: str) -> None:
        await self.socket.send_json({"kind": "error", "code": code, "message": message})


_HANDLERS: dict[str, Callable[[Connection, Json], Awaitable[Json]]] = {
    "say": Connection.say,
    "decide": Connection.decide,
    "cancel": Connection.cancel,
    "follow": Connection.follow,
}

_FRAMES: dict[str, type[BaseModel]] = {
    "say": Message,
    "decide": Verdict,
    "cancel": Cancelling,
    "follow": Following,
}
"""What stands beside `type` in a frame of that type."""


async def talk(socket: WebSocket) -> None:
    """Serve one client, if it is no foreign web page."""
    if not _is_own_page(socket):
        await socket.close(4403, "This origin is not allowed.")
        return
    try:
        principal = require(socket, CHAT)
    except ServiceError as error:
        await socket.close(4403, error.title)
        return
    await socket.accept()
    state = socket.app.state
    await Connection(socket, state.desk, principal, state.limit).serve()


def _is_own_page(socket: WebSocket) -> bool:
    """A browser sends the page's origin, and asks nobody's leave: foreign pages are refused here."""
    origin = socket.headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc == socket.headers.get("host") or origin in socket.app.state.origins


def _told(session: str, happening: Happening) -> Json:
    if isinstance(happening, Logged):
        return event_to_json(happening) | {"session": session}
    return {"kind": happening.kind, "session": session, **to_json(happening)}


OPERATIONS = (
    Socket(
        path="/ws",
        endpoint=talk,
        tag="protocols",
        takes=_FRAMES,
        sends=Annotated[dict[str, Any], Named("StreamEvent")] | Accepted | Refused | Heartbeat,
    ),
)
