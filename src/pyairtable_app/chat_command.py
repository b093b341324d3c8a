"""The command `chat`: the agent in a terminal, with tool calls, approvals and cost; or one answer as JSON."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from orchestrator.approvals import Approval
from orchestrator.events import Logged, ModelMessage, RunFinished, TextDelta, ToolFinished, ToolStarted
from orchestrator.running import Parts, Runner
from pyairtable_app.settings import Settings
from pyairtable_app.wiring import Wiring

OWNER = "local"
"""Whoever sits at this machine: the same as over HTTP without a key."""

STATUS = {"done": 0, "waiting": 3}
"""The process's exit status by outcome; 1 for every other."""

_ANSWERS = {"y": "approved", "yes": "approved", "n": "denied", "no": "denied"}


@dataclass(slots=True)
class Talk:
    """A conversation of one person with the agent of this process."""

    parts: Parts
    runner: Runner
    session: str
    seen: int = 0

    async def say(self, text: str) -> AsyncIterator[Any]:
        """What happens after this was said, up to the end of the run."""
        run = await self.runner.start(self.session, OWNER, text)
        async for happening in self._until_end(run):
            yield happening

    async def go_on(self) -> AsyncIterator[Any]:
        """What happens after every waiting call was decided about."""
        run = await self.runner.resume(self.session, OWNER)
        if run is not None:
            async for happening in self._until_end(run):
                yield happening

    async def waiting(self) -> list[Approval]:
        """The calls that wait for a decision."""
        return list(await self.parts.approvals.waiting(OWNER, at=self.parts.now(), session=self.session))

    async def decide(self, approval: Approval, verdict: Literal["approved", "denied"], reason: str) -> None:
        """Decide about one of them."""
        await self.parts.approvals.decide(
            approval.id,
            OWNER,
            verdict,
            at=self.parts.now(),
            by=OWNER,
            reason=reason,
            seen_sha256=approval.arguments_sha256,
        )

    async def _until_end(self, run: str) -> AsyncIterator[Any]:
        async for happening in self.parts.feed.follow(self.session, self.parts.log.read, after=self.seen):
            if isinstance(happening, Logged):
                self.seen = happening.number
            yield happening
            event = happening.event if isinstance(happening, Logged) else None
            if isinstance(event, RunFinished) and event.run == run:
                return


def chat(settings: Settings, question: str, session: str, *, as_json: bool) -> None:
    """Answer the question and end, or talk until the input ends. Raises CannotStart."""
    status = asyncio.run(_chat(settings, question, session, as_json=as_json))
    raise SystemExit(status)


async def _chat(settings: Settings, question: str, session: str, *, as_json: bool) -> int:
    async with _talking(settings, session, question) as talk:
        if as_json:
            return await _answer_as_json(talk, question)
        if question:
            return await _exchange(talk, question)
        print(f"Session {talk.session}. An empty line or Ctrl-D ends it.")
        while said := await _read("> "):
            await _exchange(talk, said)
        return 0


@asynccontextmanager
async def _talking(settings: Settings, session: str, question: str) -> AsyncIterator[Talk]:
    """The agent of this process, and the session that was named or a new one."""
    wiring = Wiring(settings)
    async with wiring.running(), wiring.agent.running():
        parts = wiring.agent.parts
        if session:
            known = await parts.sessions.get(session, OWNER)
        else:
            known = await parts.sessions.create(OWNER, at=parts.now(), title=question[:80])
        yield Talk(parts, wiring.agent.runner, known.id, known.last_event)


async def _answer_as_json(talk: Talk, question: str) -> int:
    """One line: {session, run, outcome, text, micros, code, message, approvals}."""
    text, end = "", None
    async for happening in talk.say(question):
        match happening:
            case Logged(event=ModelMessage() as message):
                text = _text(message) or text
            case Logged(event=RunFinished() as finished):
                end = finished
    assert end is not None  # noqa: S101 - a run always ends, and only its end ends the loop
    approvals = [approval.to_json() for approval in await talk.waiting()]
    told = {
        "session": talk.session,
        "run": end.run,
        "outcome": end.outcome,
        "text": text,
        "micros": end.micros,
        "code": end.code,
        "message": end.message,
        "approvals": approvals,
    }
    print(json.dumps(told, ensure_ascii=False))
    return STATUS.get(end.outcome, 1)


async def _exchange(talk: Talk, question: str) -> int:
    """Ask, show what happens, and let the person decide until nothing waits; the exit status."""
    outcome = await _shown(talk.say(question))
    while outcome == "waiting":
        for approval in await talk.waiting():
            print(f"\n{approval.tool} would change:\n{approval.preview or json.dumps(approval.arguments)}")
            answer = (await _read("Make this change? [y/n, or why not] ")).strip()
            verdict = _ANSWERS.get(answer.lower(), "denied")
            reason = "" if answer.lower() in _ANSWERS else answer
            await talk.decide(approval, "approved" if verdict == "approved" else "denied", reason)
        outcome = await _shown(talk.go_on())
    return STATUS.get(outcome, 1)


async def _shown(happenings: AsyncIterator[Any]) -> str:
    """Show what happens as it happens; how it ended."""
    outcome = "done"
    async for happening in happenings:
        match happening:
            case TextDelta(text=text):
                print(text, end="", flush=True)
            case Logged(event=ToolStarted(tool=tool, arguments=arguments)):
                print(f"\n[{tool} {json.dumps(arguments, ensure_ascii=False)}]", flush=True)
            case Logged(event=ToolFinished(error=error)) if error:
                print(f"[failed: {error}]", flush=True)
            case Logged(event=RunFinished() as end):
                outcome = end.outcome
                print(_ended(end), flush=True)
    return outcome


def _ended(end: RunFinished) -> str:
    cost = f"${end.micros / 1_000_000:.4f}"
    return f"\n({cost})" if end.outcome in STATUS else f"\n({end.outcome}: {end.message} {cost})"


def _text(message: ModelMessage) -> str:
    return "".join(part.get("text", "") for part in message.parts if not part.get("thought"))


async def _read(prompt: str) -> str:
    """A line of the person's, read beside the event loop; empty at the end of the input."""
    print(prompt, end="", flush=True)
    line: str = await asyncio.to_thread(sys.stdin.readline)
    return line.strip()
