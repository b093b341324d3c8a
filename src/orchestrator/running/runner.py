"""Runs in the background: begun, gone on with, stopped, and taken over from processes that ended."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from orchestrator.approvals import AlreadyDecided, ApprovalExpired
from orchestrator.events import Event, RunFinished, RunStarted, ToolFinished, UserMessage
from orchestrator.ids import new_id
from orchestrator.model.texts import whole
from orchestrator.running.keeping import kept
from orchestrator.running.options import Options
from orchestrator.running.parts import Parts
from orchestrator.running.run import Run
from orchestrator.running.stopping import Stopping
from orchestrator.running.story import Story
from orchestrator.sessions import Lease, LeaseLost, SessionBusy
from pyairtable_platform.kernel import ServiceError, Unavailable

_log = logging.getLogger(__name__)


class Runner:
    """The runs of this process. `recover` when it starts, `close` before it ends."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._runs: dict[str, tuple[asyncio.Task[None], Stopping]] = {}
        self._watching: asyncio.Task[None] | None = None
        self._is_closing = False

    async def start(
        self, session: str, owner: str, text: str, options: Mapping[str, Any] | None = None
    ) -> str:
        """Begin a run with what the person says; its id. It goes on in the background, whoever watches.

        Calls that wait for a decision are denied by this: the person went on without them. Raises
        SessionNotFound, SessionBusy while another run is under way, and Invalid for an unknown option.
        """
        chosen = self._parts.defaults.changed(options or {})
        await self._parts.sessions.get(session, owner)
        lease = await self._take(session)
        async with self._or_given_back(lease):
            story = await self._story(session)
            run = new_id("run")
            closed = await self._deny_waiting(story, owner, run)
            # Whatever way it came: half of a surrogate pair could be sent to no model, and told to no client.
            said = UserMessage(run, whole(text))
            await self._begin(story, lease, *closed, RunStarted(run, chosen.model, chosen.to_json()), said)
        self._go_on(lease, owner, story, chosen)
        return run

    async def resume(self, session: str, owner: str) -> str | None:
        """Go on after every waiting call was decided about; the new run's id, None if there is nothing to do.

        Raises SessionNotFound and SessionBusy.
        """
        await self._parts.sessions.get(session, owner)
        # Asked before the lease is taken: whoever decides about the last call meanwhile must find it free.
        if await self._waits(session, owner):
            return None
        lease = await self._take(session)
        async with self._or_given_back(lease):
            story = await self._story(session)
            if not story.open_calls or await self._waits(session, owner):
                await self._parts.leases.give_back(lease)
                return None
            run = new_id("run")
            chosen = self._parts.defaults.changed(story.last_options)
            await self._begin(story, lease, RunStarted(run, chosen.model, chosen.to_json()))
        self._go_on(lease, owner, story, chosen)
        return run

    async def cancel(self, session: str) -> bool:
        """Ask the run that is under way to stop, in whichever process it is; False when there is none."""
        if (here := self._runs.get(session)) is not None:
            here[1].ask("cancelled")
            return True
        return await self._parts.leases.ask_to_stop(session, at=self._parts.now())

    async def recover(self) -> int:
        """Take over what other processes left behind, now and from now on; how many runs go on now."""
        found = await self._take_over()
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())
        return found

    async def close(self, *, seconds: float = 20.0) -> None:
        """Let runs come to an end for so long; what is left goes on in the process that recovers it."""
        self._is_closing = True
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        tasks = [task for task, _ in self._runs.values()]
        if not tasks:
            return
        _, still_going = await asyncio.wait(tasks, timeout=seconds)
        for _, stopping in self._runs.values():
            stopping.ask("leaving")
        if still_going:
            # A write that was begun is waited for; it has its own time.
            await asyncio.wait(still_going)

    async def wait(self, session: str) -> None:
        """Until no run of this process is under way in the session."""
        if (here := self._runs.get(session)) is not None:
            await asyncio.wait([here[0]])

    async def _take(self, session: str) -> Lease:
        if self._is_closing:
            raise Unavailable("The server is about to stop; ask again in a moment.")
        return await self._parts.leases.take(session, at=self._parts.now())

    @contextlib.asynccontextmanager
    async def _or_given_back(self, lease: Lease) -> Any:
        """The lease is given back when the block fails."""
        try:
            yield
        except BaseException:
            await self._parts.leases.give_back(lease)
            raise

    async def _story(self, session: str) -> Story:
        events = await self._parts.log.read(session)
        return Story(session, events, repeats_told=self._parts.limits.repeats_told)

    async def _begin(self, story: Story, lease: Lease, *events: Event) -> None:
        for logged in await self._parts.log.append(story.session, *events, lease=lease, after=story.last):
            story.add(logged)

    async def _waits(self, session: str, owner: str) -> bool:
        return bool(await self._parts.approvals.waiting(owner, at=self._parts.now(), session=session))

    async def _deny_waiting(self, story: Story, owner: str, run: str) -> list[Event]:
        """The answers to calls that the person did not decide about before they went on."""
        waiting = await self._parts.approvals.waiting(owner, at=self._parts.now(), session=story.session)
        for approval in waiting:
            with contextlib.suppress(AlreadyDecided, ApprovalExpired):
                await self._parts.approvals.decide(
                    approval.id,
                    owner,
                    "denied",
                    at=self._parts.now(),
                    by=owner,
                    reason="They went on without it.",
                )
        why = "The person went on without deciding about this call, so it was not made."
        return [ToolFinished(run, call.id, call.name, error=why) for call in story.open_calls]

    def _go_on(self, lease: Lease, owner: str, story: Story, options: Options) -> None:
        stopping = Stopping()
        run = Run(self._parts, lease, owner, story, options, stopping)
        task = asyncio.create_task(self._carry(run, lease, owner, stopping), name=f"run {run.id}")
        self._runs[lease.session] = (task, stopping)
        task.add_done_callback(lambda _: self._forget(lease.session, task))

    def _forget(self, session: str, task: "asyncio.Task[None]") -> None:
        """The task is done; the session's next run may have begun already."""
        if session in self._runs and self._runs[session][0] is task:
            del self._runs[session]

    async def _carry(self, run: Run, lease: Lease, owner: str, stopping: Stopping) -> None:
        """Let the run go on while its lease is kept; it ends in the log, or can be recovered."""
        id = run.id
        # What is logged below says in which session; who asked is known from the request that began it.
        structlog.contextvars.bind_contextvars(session=lease.session, run=id)
        _log.info("run %s goes on", id)
        try:
            async with kept(self._parts, lease, stopping):
                await run.go()
        except LeaseLost:
            _log.warning("run %s: another process goes on with it", id)
        except Unavailable:
            _log.exception("run %s: the database did not answer for too long; it is left to be recovered", id)
        except Exception:  # noqa: BLE001 - the last border: a run must have an end, whatever the fault
            _log.exception("run %s failed inside the server", id)
            await self._end_failed(lease, id)
        else:
            _log.info("run %s rests", id)
            await self._let_go(lease, has_ended=run.has_ended)
            await self._follow_decisions(lease.session, owner, run.waiting)

    async def _follow_decisions(self, session: str, owner: str, calls: Sequence[str]) -> None:
        """Go on if a decision came before the run rested: whoever made it found the session busy."""
        with contextlib.suppress(Unavailable):
            if calls and not self._is_closing and await self._parts.approvals.any_decided(session, calls):
                await self._resume_one(session, owner)

    async def _end_failed(self, lease: Lease, run: str) -> None:
        """A fault of ours: the run has an end all the same."""
        failed = RunFinished(run, "failed", 0, "internal", "The server failed; its log says why.")
        with contextlib.suppress(ServiceError):
            await self._parts.log.append(lease.session, failed, lease=lease)
            await self._parts.leases.give_back(lease)

    async def _let_go(self, lease: Lease, *, has_ended: bool) -> None:
        with contextlib.suppress(Unavailable):
            if has_ended:
                await self._parts.leases.give_back(lease)
            else:
                await self._parts.leases.leave(lease, at=self._parts.now())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._parts.limits.watch_seconds)
            with contextlib.suppress(Unavailable):
                await self._take_over()

    async def _take_over(self) -> int:
        left = await self._parts.leases.left_behind(at=self._parts.now())
        recovered = [await self._recover_one(session) for session in left]
        decided = await self._parts.approvals.left(at=self._parts.now())
        recovered += [await self._resume_one(session, owner) for session, owner in decided]
        return sum(recovered)

    async def _resume_one(self, session: str, owner: str) -> bool:
        """Go on after a decision that its process did not live to follow."""
        with contextlib.suppress(ServiceError):
            return await self.resume(session, owner) is not None
        return False

    async def _recover_one(self, session: str) -> bool:
        """Go on with the run that was left in the session; False if another was quicker, or it had ended."""
        try:
            lease = await self._take(session)
        except (SessionBusy, ServiceError):
            return False
        async with self._or_given_back(lease):
            story = await self._story(session)
            owner = (await self._parts.sessions.stored(session)).owner
            if story.run is None:
                await self._parts.leases.give_back(lease)
                return False
            chosen = self._parts.defaults.changed(story.run.options)
        self._go_on(lease, owner, story, chosen)
        return True
