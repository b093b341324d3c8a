"""The command `chat`: the agent in a terminal, with tool calls, approvals and cost; or one answer as JSON."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrator.approvals import Approval
from orchestrator.events import (
    ApprovalRequested,
    BudgetWarned,
    CostCounted,
    Logged,
    ModelMessage,
    RunFinished,
    TextDelta,
    ToolFinished,
    ToolStarted,
)
from orchestrator.running import Parts, Runner
from pyairtable_app.errors import CannotServe
from pyairtable_app.settings import Settings
from pyairtable_app.terminal import Interrupted, Terminal, nobody_reads
from pyairtable_app.wiring import Wiring
from pyairtable_platform.kernel import ServiceError

OWNER = "local"
"""Whoever sits at this machine: the same as over HTTP without a key."""

STATUS = {"done": 0, "waiting": 3}
"""The process's exit status by outcome; 1 for every other."""

_ANSWERS = {"y": "approved", "yes": "approved", "n": "denied", "no": "denied"}


@dataclass(slots=True)
class Talk:
    """A conversation of one person with the agent of this process.

    `is_unpriced` when nobody knows what the run under way costs.
    """

    parts: Parts
    runner: Runner
    session: str
    terminal: Terminal = field(default_factory=Terminal)
    changes: dict[str, str] = field(default_factory=dict)
    is_unpriced: bool = False
    seen: int = 0

    async def say(self, text: str) -> AsyncGenerator[Any]:
        """What happens after this was said, up to the end of the run."""
        run = await self.runner.start(self.session, OWNER, text)
        async with aclosing(self._until_end(run)) as happenings:
            async for happening in happenings:
                yield happening

    async def go_on(self) -> AsyncGenerator[Any]:
        """What happens after every waiting call was decided about."""
        run = await self.runner.resume(self.session, OWNER)
        if run is None:
            return
        async with aclosing(self._until_end(run)) as happenings:
            async for happening in happenings:
                yield happening

    async def interrupt(self) -> None:
        """Ask the run that is under way to stop."""
        await self.runner.cancel(self.session)

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

    async def _until_end(self, run: str) -> AsyncGenerator[Any]:
        following = self.parts.feed.follow(self.session, self.parts.log.read, after=self.seen)
        async with aclosing(following) as happenings:
            async for happening in happenings:
                if isinstance(happening, Logged):
                    self.seen = happening.number
                yield happening
                event = happening.event if isinstance(happening, Logged) else None
                if isinstance(event, RunFinished) and event.run == run:
                    return


def chat(settings: Settings, question: str, session: str, *, as_json: bool) -> None:
    """Answer the question and end, or talk until the input ends. Raises CannotStart."""
    try:
        status = asyncio.run(_chat(settings, question, session, as_json=as_json))
    except ServiceError as error:
        raise CannotServe(error.detail or error.title) from error
    except BrokenPipeError:
        nobody_reads()
        status = 1
    raise SystemExit(status)


async def _chat(settings: Settings, question: str, session: str, *, as_json: bool) -> int:
    async with _talking(settings, session, question) as talk:
        stops: set[asyncio.Task[None]] = set()

        def interrupt() -> None:
            stops.add(asyncio.create_task(talk.interrupt()))

        async with talk.terminal.interruptible(interrupt):
            if as_json:
                return await _answer_as_json(talk, question)
            try:
                return await (_exchange(talk, question) if question else _converse(talk))
            except Interrupted:
                talk.terminal.line()
                return 130


async def _converse(talk: Talk) -> int:
    terminal = talk.terminal
    terminal.line(f"Session {talk.session}. An empty line or Ctrl-D ends it; Ctrl-C stops an answer.")
    if await talk.waiting():
        await _decide(talk, "waiting")
    while said := await terminal.read("> "):
        await _exchange(talk, said)
    terminal.line()
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
        yield Talk(parts, wiring.agent.runner, known.id, seen=known.last_event)


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
    print(json.dumps(told, ensure_ascii=False), flush=True)
    return STATUS.get(end.outcome, 1)


async def _exchange(talk: Talk, question: str) -> int:
    """Ask, show what happens, and let the person decide until nothing waits; the exit status."""
    return await _decide(talk, await _shown(talk, talk.say(question)))


async def _decide(talk: Talk, outcome: str) -> int:
    """Ask about what waits until nothing does, or nobody answers; the exit status."""
    while outcome == "waiting":
        for approval in await talk.waiting():
            answer = await _answer_about(talk, approval)
            if answer is None:
                talk.terminal.line(f"Nobody decided. To go on: pyairtable-mcp chat --session {talk.session}")
                return STATUS["waiting"]
            verdict = _ANSWERS.get(answer.lower(), "denied")
            reason = "" if answer.lower() in _ANSWERS else answer
            await talk.decide(approval, "approved" if verdict == "approved" else "denied", reason)
        outcome = await _shown(talk, talk.go_on())
    return STATUS.get(outcome, 1)


async def _answer_about(talk: Talk, approval: Approval) -> str | None:
    """What the person says of the call, never nothing; None at the end of the input."""
    shown = talk.changes.get(approval.id) or approval.preview or json.dumps(dict(approval.arguments))
    talk.terminal.line(f"{approval.tool} would change:\n{shown}")
    answer: str | None = ""
    while answer == "":
        answer = await talk.terminal.read("Make this change? [y/n, or why not] ")
    return answer


async def _shown(talk: Talk, happenings: AsyncGenerator[Any]) -> str:
    """Show what happens as it happens; how it ended."""
    outcome = "done"
    async with aclosing(happenings) as each:
        async for happening in each:
            _show(talk, happening)
            if isinstance(happening, Logged) and isinstance(happening.event, RunFinished):
                outcome = happening.event.outcome
    return outcome


def _show(talk: Talk, happening: Any) -> None:
    terminal = talk.terminal
    match happening:
        case TextDelta(text=text):
            terminal.say(text)
        case Logged(event=ToolStarted(tool=tool, arguments=arguments)):
            terminal.line(f"[{tool} {json.dumps(arguments, ensure_ascii=False)}]")
        case Logged(event=ToolFinished(error=error)) if error:
            terminal.line(f"[failed: {error}]")
        case Logged(event=ApprovalRequested() as asked):
            talk.changes[asked.approval] = _changes(asked)
        case Logged(event=BudgetWarned(scope=scope)):
            terminal.line(f"[the budget {scope} is nearly used up]")
        case Logged(event=CostCounted() as counted):
            talk.is_unpriced = counted.is_estimated and counted.run_micros == 0
        case Logged(event=RunFinished() as end):
            terminal.line(_ended(end, is_unpriced=talk.is_unpriced))


def _changes(asked: ApprovalRequested) -> str:
    """Each cell that would change, as it is and as it would be; empty where the tool does not tell."""
    return "\n".join(line for difference in asked.differences for line in _lines(difference))


def _lines(difference: Mapping[str, Any]) -> list[str]:
    before, after = difference.get("before"), difference.get("after")
    name = difference.get("id") or f"record {difference.get('index', 0) + 1}"
    fields = dict.fromkeys([*(before or {}), *(after or {})])
    if before is None:
        return [f"  new {name}", *(f"    {field}: {_cell(after, field)}" for field in fields)]
    if after is None:
        return [f"  {name} is removed", *(f"    {field}: {_cell(before, field)}" for field in fields)]
    changed = (f"    {field}: {_cell(before, field)} -> {_cell(after, field)}" for field in fields)
    return [f"  {name}", *changed]


def _cell(cells: Mapping[str, Any] | None, field: str) -> str:
    value = (cells or {}).get(field)
    return "nothing" if value in (None, "") else json.dumps(value, ensure_ascii=False)


def _ended(end: RunFinished, *, is_unpriced: bool) -> str:
    cost = "price unknown" if is_unpriced else f"${end.micros / 1_000_000:.4f}"
    return f"({cost})" if end.outcome in STATUS else f"({end.outcome}: {end.message} {cost})"


def _text(message: ModelMessage) -> str:
    return "".join(part.get("text", "") for part in message.parts if not part.get("thought"))
