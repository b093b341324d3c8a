"""One run: the model is asked, its calls are answered, until it answers, or a person or a limit stops it."""

from dataclasses import asdict
from typing import NoReturn

from orchestrator.cost import Settled
from orchestrator.errors import LimitReached
from orchestrator.events import (
    BudgetWarned,
    Compacted,
    CostCounted,
    Delta,
    Event,
    ModelMessage,
    Outcome,
    RunFinished,
    ToolFinished,
)
from orchestrator.model import ModelRequest, Reply
from orchestrator.model.declarations import Declarations
from orchestrator.running.compacting import summary_request
from orchestrator.running.executing import Executor
from orchestrator.running.listing import listed
from orchestrator.running.options import Options
from orchestrator.running.parts import Parts
from orchestrator.running.patience import Patience
from orchestrator.running.spending import Bill, Failed, Purse, Spender
from orchestrator.running.stopping import Stopped, Stopping
from orchestrator.running.story import Story
from orchestrator.running.writer import Writer
from orchestrator.sessions import Lease, LeaseLost
from pyairtable_platform.kernel import ServiceError, Unavailable


class Ended(Exception):
    """The run is at its end, in this way."""

    def __init__(self, outcome: Outcome, code: str = "", message: str = "") -> None:
        super().__init__(outcome)
        self.outcome: Outcome = outcome
        self.code = code
        self.message = message


class Run:
    """A run that is under way in a session whose lease is held."""

    def __init__(
        self, parts: Parts, lease: Lease, owner: str, story: Story, options: Options, stopping: Stopping
    ) -> None:
        self._parts = parts
        self._owner = owner
        self._story = story
        self._options = options
        self._stopping = stopping
        self._patience = Patience(parts.limits.outage_seconds)
        self._write = Writer(parts.log, lease, story, self._patience, parts.now)
        self._purse = Purse(parts, self._patience, self._write)
        self._broken = 0

    @property
    def id(self) -> str:
        """Its id."""
        return self._story.run.run if self._story.run else ""

    @property
    def has_ended(self) -> bool:
        """Whether its end is in the log."""
        return self._story.run is None

    @property
    def waiting(self) -> list[str]:
        """The calls at which it ended, since they wait for a person."""
        return [call.id for call in self._story.open_calls] if self.has_ended else []

    async def go(self) -> None:
        """Go on until the run's end, which is logged; only for another process to go on, it is not."""
        with self._parts.tracing.run(self._story.session, self.id, self._options.model):
            try:
                await self._go()
            except Ended as ended:
                await self._finish(ended)
            except Stopped as stopped:
                if stopped.why == "cancelled":
                    await self._write_all(self._failure_costs(self._purse.broken_off))
                    await self._finish(Ended("cancelled", "cancelled", "The run was cancelled."))

    async def _go(self) -> NoReturn:
        try:
            tools = await self._parts.toolbox.tools()
            self._write.stage(*listed(self._story, self.id, tools, self._parts.tool_changes))
            declarations = Declarations.of(tools)
            executor = self._executor(declarations)
            while True:
                await self._advance(executor, declarations)
        except LimitReached as error:
            raise Ended("stopped", f"limit_{error.extra.get('limit', 'reached')}", error.detail) from error
        except (LeaseLost, Unavailable):
            raise
        except ServiceError as error:
            outcome: Outcome = "stopped" if error.code == "budget_exceeded" else "failed"
            raise Ended(outcome, error.code, error.detail) from error

    def _executor(self, declarations: Declarations) -> Executor:
        parts, story, owner = self._parts, self._story, self._owner
        return Executor(parts, story, self._write, declarations, owner, self._stopping, self._patience)

    async def _advance(self, executor: Executor, declarations: Declarations) -> None:
        """The next thing that the story asks for. Raises Ended."""
        self._stopping.check()
        if self._story.open_calls:
            if await executor.answer():
                raise Ended("waiting", "approval_required", "A call waits for a person's decision.")
            self._check_repeats()
        elif self._story.awaits_model:
            await self._step(executor, declarations)
        else:
            raise self._end()

    def _end(self) -> Ended:
        if self._is_last_step and self._story.used and self._story.used.steps > self._most_steps:
            return Ended("stopped", "limit_steps", f"The run made {self._most_steps} model calls, its limit.")
        if self._story.last_finish == "MAX_TOKENS":
            return Ended("stopped", "answer_cut", "The answer was cut at its longest: allow more.")
        return Ended("done")

    @property
    def _most_steps(self) -> int:
        return min(self._options.max_steps or self._parts.limits.steps, self._parts.limits.steps)

    @property
    def _is_last_step(self) -> bool:
        """Whether every step was used, so that only an answer without tools is left."""
        return self._story.used is not None and self._story.used.steps >= self._most_steps

    def _check_repeats(self) -> None:
        if self._story.most_repeated >= self._parts.limits.repeats_most:
            raise Ended(
                "stopped",
                "limit_repeats",
                f"One call was made {self._story.most_repeated} times with the same result each time.",
            )

    async def _step(self, executor: Executor, declarations: Declarations) -> None:
        """Ask the model once, and log what it said."""
        self._check_limits()
        request = self._request(declarations)
        tokens = self._prompt_tokens(request)
        if tokens >= self._parts.limits.compact_at_tokens and await self._compact(request):
            request = self._request(declarations)
            tokens = self._prompt_tokens(request)
        try:
            bill = await self._ask(request, tokens)
        except Failed as failed:
            await self._note_failure(failed)
            return
        self._broken = 0
        said = self._message(bill.reply)
        begun = executor.first_reads(said)
        # Reads may follow at once. Whatever is done outside of here follows upon a commit of its own; without
        # it the model is asked again, and its call counts as spent, since it was reserved.
        await self._write.with_money(
            lambda: self._purse.settle(bill),
            lambda settled: [said, *self._costs(bill, settled), *begun],
            waits_for_disk=False,
        )

    def _request(self, declarations: Declarations) -> ModelRequest:
        options = self._options
        return ModelRequest(
            model=options.model,
            system=self._parts.instructions,
            contents=self._story.contents,
            tools=declarations.to_json(),
            may_call=not self._is_last_step,
            effort=options.effort,
            thinking_budget=options.thinking_budget,
            max_output_tokens=options.max_output_tokens,
            timeout_seconds=self._parts.limits.model_seconds,
            continuation=self._story.continuation,
        )

    def _prompt_tokens(self, request: ModelRequest) -> int:
        """By what the last call counted and what came since; without one, by an estimate of everything."""
        estimates, last = self._parts.estimates, self._story.last_usage
        if last is None or self._story.continuation:
            return estimates.tokens(request.model, request.system, request.tools, request.contents)
        came = self._story.after_usage + ([request.contents[-1]] if self._story.calls else [])
        known: int = last.get("prompt", 0) + last.get("output", 0) + last.get("thinking", 0)
        return known + estimates.tokens(request.model, came)

    async def _ask(self, request: ModelRequest, tokens: int, *, is_shown: bool = True) -> Bill:
        spender = Spender(
            self._story.session, self.id, self._owner, self._options.budget_micros, self._micros
        )
        tracing = self._parts.tracing
        with tracing.chat(self._story.session, request.model, request.max_output_tokens or 0) as span:
            show = self._show if is_shown else _show_nothing
            bill = await self._stopping.unless_stopped(self._purse.ask(request, tokens, spender, show))
            tracing.answered(span, bill.reply)
        return bill

    async def _show(self, delta: Delta) -> None:
        await self._parts.feed.show(self._story.session, delta, behind=self._story.last)

    async def _note_failure(self, failed: Failed) -> None:
        """Count what the failure cost; ask again where that is of use, and nobody has read a beginning."""
        await self._write_all(self._failure_costs(failed))
        # Without usage the model was asked again already, as often as is of use.
        is_again = (
            failed.error.is_worth_repeating and failed.error.usage is not None and not failed.has_shown_text
        )
        if not is_again or self._broken >= self._parts.limits.broken_answers:
            raise failed.error
        self._broken += 1

    def _failure_costs(self, failed: Failed | None) -> list[Event]:
        if failed is None or failed.settled is None:
            return []
        micros = failed.settled.micros
        return [
            CostCounted(self.id, failed.request, micros, self._micros + micros, failed.error.usage is None)
        ]

    @property
    def _micros(self) -> int:
        return self._story.used.micros if self._story.used else 0

    def _message(self, reply: Reply) -> ModelMessage:
        return ModelMessage(
            run=self.id,
            parts=reply.parts,
            finish=reply.finish,
            usage=asdict(reply.usage),
            model_served=reply.model_served,
            continuation=reply.continuation,
            provider=reply.provider,
        )

    def _costs(self, bill: Bill, settled: Settled) -> list[Event]:
        micros, is_estimated = settled.micros, bill.priced.is_estimated
        counted = CostCounted(self.id, bill.request, micros, self._micros + micros, is_estimated)
        warned = [
            BudgetWarned(self.id, budget.scope, budget.spent, budget.limit) for budget in settled.warnings
        ]
        return [counted, *warned]

    def _check_limits(self) -> None:
        """Raises LimitReached."""
        used, limits = self._story.used, self._parts.limits
        if used is None:
            return
        seconds = (self._parts.now() - used.since).total_seconds()
        if seconds > limits.wall_seconds:
            raise LimitReached(
                f"The run took {seconds:.0f} seconds; {limits.wall_seconds:.0f} are allowed.", limit="time"
            )
        if used.tokens > limits.tokens:
            raise LimitReached(
                f"The run used {used.tokens:,} tokens; {limits.tokens:,} are allowed.", limit="tokens"
            )

    async def _compact(self, request: ModelRequest) -> bool:
        """Tell all but the last turns by a summary; whether there was something to tell."""
        questions = self._story.questions
        kept = questions[-self._parts.limits.turns_kept :]
        if not kept or not (old := self._story.before(kept[0])) or len(old) < 2:
            return False
        asked = summary_request(request, old)
        try:
            bill = await self._ask(
                asked, self._parts.estimates.tokens(asked.model, asked.contents), is_shown=False
            )
        except Failed as failed:
            await self._write_all(self._failure_costs(failed))
            return False
        summary = Compacted(self.id, kept[0] - 1, bill.reply.text)
        await self._write.with_money(
            lambda: self._purse.settle(bill), lambda settled: [*self._costs(bill, settled), summary]
        )
        return True

    async def _write_all(self, events: list[Event]) -> None:
        if events:
            await self._write(*events)

    async def _finish(self, ended: Ended) -> None:
        """Log the end; calls that nobody will make any more are answered, so that the history stays valid."""
        closed = [] if ended.outcome == "waiting" else self._closed(ended)
        finish = RunFinished(self.id, ended.outcome, self._micros, ended.code, ended.message)
        await self._write(*closed, finish)

    def _closed(self, ended: Ended) -> list[Event]:
        why = f"This call was not made: the run ended ({ended.code or ended.outcome})."
        return [ToolFinished(self.id, call.id, call.name, error=why) for call in self._story.open_calls]


async def _show_nothing(_delta: Delta) -> None:
    """A summary is for the model."""
