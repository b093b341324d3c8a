"""A conversation as the endpoints of every protocol hold it: found or begun, followed to a run's end."""

import hashlib
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from orchestrator.approvals import ApprovalNotFound
from orchestrator.events import Delta, Logged, ModelMessage, RunFinished
from orchestrator.sessions import Session
from orchestrator.sessions.errors import SessionNotFound
from orchestrator.web.desk import Desk
from pyairtable_platform.kernel import Invalid

Happening = Logged | Delta

_MOST_CHARACTERS = 400_000
"""Of one message, with what a client says was said before it."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A run that was begun: `after` is the number of the event before its first."""

    session: str
    run: str | None
    after: int


async def say(desk: Desk, session: Session, owner: str, text: str, options: Mapping[str, Any]) -> Talk:
    """Begin a run with what a person says. Raises SessionBusy, and Invalid for what is too long."""
    if len(text) > _MOST_CHARACTERS:
        raise Invalid(f"The message has {len(text):,} characters; {_MOST_CHARACTERS:,} are allowed.")
    run = await desk.runs.start(session.id, owner, text, options)
    return Talk(session.id, run, session.last_event)


async def own_session(desk: Desk, owner: str, their_id: str, title: str) -> Session:
    """The session of an id of ours, or the one that stands for a client's own id, made if it is new.

    A client's id is not taken as it is: another person may have the same one.
    """
    id = own_id(owner, their_id)
    if id == their_id:
        return await desk.sessions.get(id, owner)
    return await desk.sessions.find_or_create(id, owner, at=desk.now(), title=title_of(title))


async def known_session(desk: Desk, owner: str, their_id: str, approvals: Iterable[str]) -> Session:
    """The session of a client's id, in which these approvals wait.

    Raises SessionNotFound, and ApprovalNotFound for one that belongs to another session.
    """
    session = await desk.sessions.get(own_id(owner, their_id), owner)
    for id in approvals:
        if (await desk.approvals.get(id, owner)).session != session.id:
            raise ApprovalNotFound(f"The approval {id} belongs to another conversation: answer it there.")
    return session


def own_id(owner: str, their_id: str) -> str:
    """The id of the session that a client's id stands for; one of ours stands for itself."""
    if their_id.startswith("ses_"):
        return their_id
    return f"ses_{hashlib.sha256(f'{owner}{chr(10)}{their_id}'.encode()).hexdigest()[:32]}"


async def follow(desk: Desk, talk: Talk) -> AsyncGenerator[Happening]:
    """What happens in the session up to the end of the run, of any run when none is named.

    Raises SessionNotFound when the session is deleted before that.
    """
    async with aclosing(desk.feed.follow(talk.session, desk.log.read, after=talk.after)) as happenings:
        async for happening in happenings:
            yield happening
            event = happening.event if isinstance(happening, Logged) else None
            if isinstance(event, RunFinished) and talk.run in (None, event.run):
                return
    raise SessionNotFound(talk.session)


def plain_text(content: Any) -> str:
    """The text of a message in another protocol's form: a text, or parts of which some are texts."""
    if isinstance(content, str):
        return content.strip()
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, Mapping) and part.get("type") == "text"]
    return "\n".join(text for text in texts if isinstance(text, str)).strip()


def text_of(message: ModelMessage) -> str:
    """What a person reads of the message: no thoughts, no calls."""
    return "".join(part.get("text", "") for part in message.parts if not part.get("thought"))


def title_of(message: str) -> str:
    """The beginning of what was said first."""
    first = " ".join(message.split())
    return first if len(first) <= 80 else f"{first[:79]}…"
