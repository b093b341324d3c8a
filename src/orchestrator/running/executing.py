"""The calls of a reply, carried out: reads at once and together, writes one by one and only as approved."""

import asyncio
from collections.abc import Sequence
from time import perf_counter

from orchestrator.approvals import arguments_sha256
from orchestrator.errors import ToolError
from orchestrator.events import ModelMessage, ToolFinished, ToolStarted
from orchestrator.model.declarations import Declarations
from orchestrator.running.calls import Call, calls_of
from orchestrator.running.consent import Consent, denial
from orchestrator.running.parts import Parts
from orchestrator.running.patience import Patience
from orchestrator.running.planned import Planned
from orchestrator.running.stopping import Stopping
from orchestrator.running.story import Story
from orchestrator.running.tracing import failed
from orchestrator.running.writer import Writer
from orchestrator.toolbox import Json, ToolCall, ToolOutcome


class Executor:
    """Answers the open calls of a session's story."""

    def __init__(
        self,
        parts: Parts,
        story: Story,
        write: Writer,
        declarations: Declarations,
        owner: str,
        stopping: Stopping,
        patience: Patience,
    ) -> None:
        self._parts = parts
        self._story = story
        self._write = write
        self._declarations = declarations
        self._owner = owner
        self._stopping = stopping
        self._patience = patience
        self._consent = Consent(parts, story, write, owner, stopping, patience)
        self._turns = asyncio.Semaphore(parts.limits.calls_at_once)

    @property
    def _run(self) -> str:
        return self._story.run.run if self._story.run else ""

    async def answer(self) -> bool:
        """Answer all that can be answered now; whether some calls wait for a person."""
        planned = [
            self._plan(place, call) for place, call in enumerate(self._story.calls) if not call.finished
        ]
        if refused := [one for one in planned if one.refusal]:
            await self._write(*(self._finish(one, error=one.refusal) for one in refused))
        if reads := [one for one in planned if one.is_read and not one.refusal]:
            await self._read(reads)
        writes = [one for one in planned if not one.is_read and not one.refusal]
        return await self._wait_or_write(writes) if writes else False

    def _plan(self, place: int, call: Call) -> Planned:
        tool = self._declarations.tool(call.name)
        if tool is None:
            near = self._declarations.near(call.name)
            known = f"Did you mean {' or '.join(near)}?" if near else "Choose one of those declared."
            return Planned(call, None, call.arguments, f"There is no tool {call.name!r}. {known}")
        arguments = self._declarations.arguments(tool, call.arguments)
        return Planned(call, tool, arguments, self._refusal(place, call))

    def _refusal(self, place: int, call: Call) -> str:
        most = self._parts.limits.calls_per_reply
        if call.was_cut:
            return (
                "Your answer was cut at its longest, so this call was not made. Ask for less in one answer."
            )
        if place >= most and not call.started:
            return f"At most {most} calls are made for one answer; this one was not. Ask for it again."
        return ""

    def first_reads(self, message: ModelMessage) -> list[ToolStarted]:
        """The reads of a reply that is about to be logged: they begin in the same breath."""
        asked = calls_of(message, self._story.step_of(message.run))
        planned = [self._plan(place, call) for place, call in enumerate(asked)]
        return [self._start(one, one.arguments) for one in planned if one.is_read and not one.refusal]

    async def _read(self, reads: Sequence[Planned]) -> None:
        if unbegun := [self._start(one, one.arguments) for one in reads if one.call.started is None]:
            await self._write(*unbegun)
        # What a read gave is logged with what comes next: a process that ends before then reads again.
        self._write.stage(*await self._stopping.unless_stopped(self._read_together(reads)))

    async def _read_together(self, reads: Sequence[Planned]) -> list[ToolFinished]:
        return list(await asyncio.gather(*(self._read_one(one) for one in reads)))

    async def _read_one(self, one: Planned) -> ToolFinished:
        async with self._turns:
            return await self._execute(one, ToolCall(one.name, one.arguments, acting_for=self._owner))

    async def _wait_or_write(self, writes: Sequence[Planned]) -> bool:
        """Write if every write may be made or was decided about; else ask, and say that calls wait."""
        if waiting := await self._consent.missing(writes):
            await self._consent.ask([one for one in waiting if not one.call.asked])
            return True
        for one in writes:
            self._stopping.check()
            await self._carry_out(one)
        return False

    async def _carry_out(self, one: Planned) -> None:
        """Execute one write, or tell why it was not made."""
        decided = one.call.decided
        if decided is not None and decided.decision not in ("approved", "edited"):
            await self._write(self._finish(one, error=denial(decided)))
            return
        arguments = one.arguments if decided is None or decided.arguments is None else decided.arguments
        if one.call.started is None:
            await self._write(self._start(one, arguments))
        call = ToolCall(
            one.name,
            arguments,
            key=f"{self._story.session}:{one.call.id}",
            acting_for=self._owner,
            # A grant is no answer to what the server asks before it destroys.
            approved_sha256="" if decided is None else arguments_sha256(one.name, arguments),
        )
        # What was begun is not broken off: nobody would know whether it was done.
        await self._write(await self._execute(one, call))

    async def _execute(self, one: Planned, call: ToolCall) -> ToolFinished:
        """Make the call; what the model reads of it."""
        began = perf_counter()
        tracing = self._parts.tracing
        with tracing.tool(call.name, one.call.id, call.arguments) as span:
            try:
                outcome = await self._parts.toolbox.call(call)
            except ToolError as error:
                failed(span, error.code)
                return self._finish(one, error=error.detail, seconds=perf_counter() - began)
            tracing.executed(span, outcome.text)
            if outcome.is_error:
                failed(span, "tool_refused")
        if one.tool is None or one.tool.is_outside:
            await self._patience(lambda: self._parts.sessions.taint(self._story.session))
        return self._told(one, outcome, perf_counter() - began)

    def _told(self, one: Planned, outcome: ToolOutcome, seconds: float) -> ToolFinished:
        if outcome.is_error:
            said = outcome.text or "The tool refused and did not say why."
            return self._finish(one, error=said, is_truncated=outcome.is_truncated, seconds=seconds)
        if outcome.structured is None:
            return self._finish(one, output=outcome.text, is_truncated=outcome.is_truncated, seconds=seconds)
        return self._finish(
            one,
            output=outcome.structured,
            text=outcome.text,
            is_truncated=outcome.is_truncated,
            seconds=seconds,
        )

    def _start(self, one: Planned, arguments: Json) -> ToolStarted:
        key = "" if one.is_read else f"{self._story.session}:{one.call.id}"
        return ToolStarted(self._run, one.call.id, one.name, dict(arguments), key)

    def _finish(
        self,
        one: Planned,
        *,
        output: object = None,
        text: str = "",
        error: str = "",
        is_truncated: bool = False,
        seconds: float = 0.0,
    ) -> ToolFinished:
        return ToolFinished(
            self._run, one.call.id, one.name, output, error, is_truncated, round(seconds, 4), text
        )
