"""The calls of a reply, carried out: reads at once and together, writes one by one and only as approved."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from orchestrator.approvals import Approval, arguments_sha256
from orchestrator.errors import ToolError
from orchestrator.events import ApprovalDecided, ApprovalRequested, ModelMessage, ToolFinished, ToolStarted
from orchestrator.ids import new_id
from orchestrator.model.declarations import Declarations
from orchestrator.running.calls import Call, calls_of
from orchestrator.running.parts import Parts
from orchestrator.running.patience import Patience
from orchestrator.running.stopping import Stopping
from orchestrator.running.story import Story
from orchestrator.running.tracing import failed
from orchestrator.running.writer import Writer
from orchestrator.toolbox import Json, Preview, Tool, ToolCall, ToolOutcome


@dataclass(frozen=True, slots=True)
class _Planned:
    """A call with its tool, its arguments as the schema has them, and why it cannot be made, if so."""

    call: Call
    tool: Tool | None
    arguments: Json
    refusal: str = ""

    @property
    def is_read(self) -> bool:
        return self.tool is not None and self.tool.effect_of(self.arguments) == "reads"


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

    def _plan(self, place: int, call: Call) -> _Planned:
        tool = self._declarations.tool(call.name)
        if tool is None:
            near = self._declarations.near(call.name)
            known = f"Did you mean {' or '.join(near)}?" if near else "Choose one of those declared."
            return _Planned(call, None, call.arguments, f"There is no tool {call.name!r}. {known}")
        arguments = self._declarations.arguments(tool, call.arguments)
        return _Planned(call, tool, arguments, self._refusal(place, call))

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

    async def _read(self, reads: Sequence[_Planned]) -> None:
        if unbegun := [self._start(one, one.arguments) for one in reads if one.call.started is None]:
            await self._write(*unbegun)
        # What a read gave is logged with what comes next: a process that ends before then reads again.
        self._write.stage(*await self._stopping.unless_stopped(self._read_together(reads)))

    async def _read_together(self, reads: Sequence[_Planned]) -> list[ToolFinished]:
        return list(await asyncio.gather(*(self._read_one(one) for one in reads)))

    async def _read_one(self, one: _Planned) -> ToolFinished:
        async with self._turns:
            return await self._execute(one, ToolCall(_name(one), one.arguments, acting_for=self._owner))

    async def _wait_or_write(self, writes: Sequence[_Planned]) -> bool:
        """Write if every write may be made or was decided about; else ask, and say that calls wait."""
        unclear = [one for one in writes if not one.call.started and not one.call.decided]
        waiting = [one for one in unclear if not await self._is_clear(one)]
        if waiting:
            await self._ask([one for one in waiting if not one.call.asked])
            return True
        for one in writes:
            self._stopping.check()
            await self._carry_out(one)
        return False

    async def _is_clear(self, one: _Planned) -> bool:
        """Whether the call is granted or decided about; a decision is logged."""
        approval = await self._patience(lambda: self._approval(one.call))
        if approval is None:
            return await self._patience(lambda: self._is_granted(one))
        if approval.state == "pending":
            return False
        await self._write(_decision(approval, self._run))
        return True

    async def _approval(self, call: Call) -> Approval | None:
        await self._parts.approvals.expire(at=self._parts.now())
        return await self._parts.approvals.of_call(self._story.session, call.id)

    async def _is_granted(self, one: _Planned) -> bool:
        """Whether a grant holds: never in a session that text from outside has entered.

        Nor once the tools have changed since it was given: it was given for others.
        """
        session = await self._parts.sessions.stored(self._story.session)
        if session.is_tainted or one.tool is None:
            return False
        now = self._parts.now()
        grants = await self._parts.grants.in_force(self._owner, at=now)
        effect = one.tool.effect_of(one.arguments)
        changed = self._story.tools_changed_at
        return any(
            (changed is None or grant.created_at > changed)
            and grant.covers(one.tool.name, effect, one.arguments, session=session.id, at=now)
            for grant in grants
        )

    async def _ask(self, unasked: Sequence[_Planned]) -> None:
        """Let the calls wait, each with what it would change."""
        events = []
        for one in unasked:
            preview = await self._preview(one)
            approval = self._pending(one, preview.text)
            kept = await self._patience(lambda approval=approval: self._parts.approvals.ask(approval))  # type: ignore[misc]
            events.append(_request(kept, preview.differences))
        if events:
            await self._write(*events)

    def _pending(self, one: _Planned, preview: str) -> Approval:
        now = self._parts.now()
        effect = one.tool.effect_of(one.arguments) if one.tool else "destroys"
        return Approval(
            id=new_id("apr"),
            session=self._story.session,
            run=self._run,
            call=one.call.id,
            tool=_name(one),
            arguments=one.arguments,
            arguments_sha256=arguments_sha256(_name(one), one.arguments),
            preview=preview,
            reason_asked=f"It {effect}." if effect != "reads" else "",
            requested_at=now,
            expires_at=now + self._parts.limits.approval_lives,
        )

    async def _preview(self, one: _Planned) -> Preview:
        try:
            return await self._parts.toolbox.preview(
                ToolCall(_name(one), one.arguments, acting_for=self._owner)
            )
        except ToolError as error:
            return Preview(f"It could not be tried: {error.detail}")

    async def _carry_out(self, one: _Planned) -> None:
        """Execute one write, or tell why it was not made."""
        decided = one.call.decided
        if decided is not None and decided.decision not in ("approved", "edited"):
            await self._write(self._finish(one, error=_denial(decided)))
            return
        arguments = one.arguments if decided is None or decided.arguments is None else decided.arguments
        if one.call.started is None:
            await self._write(self._start(one, arguments))
        call = ToolCall(
            _name(one),
            arguments,
            key=f"{self._story.session}:{one.call.id}",
            acting_for=self._owner,
            # A grant is no answer to what the server asks before it destroys.
            approved_sha256="" if decided is None else arguments_sha256(_name(one), arguments),
        )
        # What was begun is not broken off: nobody would know whether it was done.
        await self._write(await self._execute(one, call))

    async def _execute(self, one: _Planned, call: ToolCall) -> ToolFinished:
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

    def _told(self, one: _Planned, outcome: ToolOutcome, seconds: float) -> ToolFinished:
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

    def _start(self, one: _Planned, arguments: Json) -> ToolStarted:
        key = "" if one.is_read else f"{self._story.session}:{one.call.id}"
        return ToolStarted(self._run, one.call.id, _name(one), dict(arguments), key)

    def _finish(
        self,
        one: _Planned,
        *,
        output: object = None,
        text: str = "",
        error: str = "",
        is_truncated: bool = False,
        seconds: float = 0.0,
    ) -> ToolFinished:
        return ToolFinished(
            self._run, one.call.id, _name(one), output, error, is_truncated, round(seconds, 4), text
        )


def _name(one: _Planned) -> str:
    return one.tool.name if one.tool else one.call.name


def _request(approval: Approval, differences: tuple[Json, ...]) -> ApprovalRequested:
    return ApprovalRequested(
        run=approval.run,
        approval=approval.id,
        call=approval.call,
        tool=approval.tool,
        arguments=approval.arguments,
        arguments_sha256=approval.arguments_sha256,
        preview=approval.preview,
        reason=approval.reason_asked,
        expires_at=approval.expires_at.isoformat(),
        differences=differences,
    )


def _decision(approval: Approval, run: str) -> ApprovalDecided:
    state = approval.state
    return ApprovalDecided(
        run=run,
        approval=approval.id,
        call=approval.call,
        decision="expired" if state == "pending" else state,
        by=approval.decided_by or "time",
        reason=approval.reason,
        arguments=approval.edited_arguments,
    )


def _denial(decided: ApprovalDecided) -> str:
    if decided.decision == "expired":
        return "Nobody approved this call in time, so it was not made."
    why = f" They say: {decided.reason}" if decided.reason else ""
    return f"The person denied this call, so it was not made.{why}"
