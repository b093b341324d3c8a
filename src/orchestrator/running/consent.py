"""A person's leave for writes: decided about, granted beforehand, or asked for with what would change."""

import asyncio
from collections.abc import Mapping, Sequence

from orchestrator.approvals import Approval, arguments_sha256
from orchestrator.errors import ToolError
from orchestrator.events import ApprovalDecided, ApprovalRequested
from orchestrator.ids import new_id
from orchestrator.running.parts import Parts
from orchestrator.running.patience import Patience
from orchestrator.running.planned import Planned
from orchestrator.running.stopping import Stopping
from orchestrator.running.story import Story
from orchestrator.running.writer import Writer
from orchestrator.toolbox import Json, Preview, ToolCall


class Consent:
    """The leave for the writes of a session's story."""

    def __init__(
        self, parts: Parts, story: Story, write: Writer, owner: str, stopping: Stopping, patience: Patience
    ) -> None:
        self._parts = parts
        self._story = story
        self._write = write
        self._owner = owner
        self._stopping = stopping
        self._patience = patience
        self._turns = asyncio.Semaphore(parts.limits.calls_at_once)

    async def missing(self, writes: Sequence[Planned]) -> list[Planned]:
        """The writes that nobody granted or decided about yet; decisions are logged."""
        unclear = [one for one in writes if not one.call.started and not one.call.decided]
        if not unclear:
            return []
        approvals = await self._patience(lambda: self._approvals(unclear))
        known = [approvals[one.call.id] for one in unclear if one.call.id in approvals]
        if decided := [_decision(one, self._run) for one in known if one.state != "pending"]:
            await self._write(*decided)
        unknown = [one for one in unclear if one.call.id not in approvals]
        granted = await self._patience(lambda: self._granted(unknown)) if unknown else set()
        return [one for one in unclear if not one.call.decided and one.call.id not in granted]

    async def ask(self, writes: Sequence[Planned]) -> None:
        """Let the calls wait, each with what it would change. Raises Stopped while that is found out."""
        if not writes:
            return
        previews = await self._stopping.unless_stopped(self._previews(writes))
        pending = [self._pending(one, preview.text) for one, preview in zip(writes, previews, strict=True)]
        kept = await self._patience(lambda: self._parts.approvals.ask_all(pending))
        asked = zip(kept, previews, strict=True)
        await self._write(*(_request(approval, preview.differences) for approval, preview in asked))

    @property
    def _run(self) -> str:
        return self._story.run.run if self._story.run else ""

    async def _approvals(self, calls: Sequence[Planned]) -> Mapping[str, Approval]:
        await self._parts.approvals.expire(at=self._parts.now())
        return await self._parts.approvals.of_calls(self._story.session, [one.call.id for one in calls])

    async def _granted(self, calls: Sequence[Planned]) -> set[str]:
        """The calls for which a grant holds: never in a session that text from outside has entered.

        Nor once the tools have changed since it was given: it was given for others.
        """
        session = await self._parts.sessions.stored(self._story.session)
        if session.is_tainted:
            return set()
        now, changed = self._parts.now(), self._story.tools_changed_at
        grants = [
            grant
            for grant in await self._parts.grants.in_force(self._owner, at=now)
            if changed is None or grant.created_at > changed
        ]
        return {
            one.call.id
            for one in calls
            if any(
                grant.covers(one.name, one.effect, one.arguments, session=session.id, at=now)
                for grant in grants
            )
        }

    async def _previews(self, calls: Sequence[Planned]) -> list[Preview]:
        return list(await asyncio.gather(*(self._preview(one) for one in calls)))

    async def _preview(self, one: Planned) -> Preview:
        call = ToolCall(one.name, one.arguments, acting_for=self._owner)
        async with self._turns:
            try:
                return await self._parts.toolbox.preview(call)
            except ToolError as error:
                return Preview(f"It could not be tried: {error.detail}")

    def _pending(self, one: Planned, preview: str) -> Approval:
        now = self._parts.now()
        return Approval(
            id=new_id("apr"),
            session=self._story.session,
            run=self._run,
            call=one.call.id,
            tool=one.name,
            arguments=one.arguments,
            arguments_sha256=arguments_sha256(one.name, one.arguments),
            preview=preview,
            reason_asked=f"It {one.effect}." if one.effect != "reads" else "",
            requested_at=now,
            expires_at=now + self._parts.limits.approval_lives,
        )


def denial(decided: ApprovalDecided) -> str:
    """What the model is told of a call that was not approved."""
    if decided.decision == "expired":
        return "Nobody approved this call in time, so it was not made."
    why = f" They say: {decided.reason}" if decided.reason else ""
    return f"The person denied this call, so it was not made.{why}"


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
    return ApprovalDecided(
        run=run,
        approval=approval.id,
        call=approval.call,
        decision="expired" if approval.state == "pending" else approval.state,
        by=approval.decided_by or "time",
        reason=approval.reason,
        arguments=approval.edited_arguments,
    )
