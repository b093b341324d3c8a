"""A model call with its money: room is reserved before, what it cost is settled after, whatever happened."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from orchestrator.cost import Priced, Reservation, Settled, rough_tokens
from orchestrator.errors import LimitReached, ModelError
from orchestrator.events import Delta, TextDelta, ThoughtDelta
from orchestrator.ids import new_id
from orchestrator.model import ModelRequest, Piece, Reply, Usage
from orchestrator.running.parts import Parts
from orchestrator.running.patience import Patience
from orchestrator.running.writer import Writer

_MARGIN = 1.1
"""A prompt's estimate may be short by this much."""

Show = Callable[[Delta], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Spender:
    """For whom money is spent, and the most that the run may cost."""

    session: str
    run: str
    owner: str
    most_micros: int | None
    used_micros: int


@dataclass(frozen=True, slots=True)
class Bill:
    """A reply, and what is to be paid for it."""

    reply: Reply
    request: str
    priced: Priced


@dataclass(slots=True)
class Failed(Exception):
    """A model call that gave no reply, and what it cost all the same; None when surely nothing."""

    error: ModelError
    request: str
    settled: Settled | None
    has_shown_text: bool = False

    @property
    def code(self) -> str:
        """That of the error."""
        return self.error.code


@dataclass(slots=True)
class _Heard:
    """What has been said so far."""

    text: str = ""
    has_text: bool = False

    def add(self, piece: Piece) -> None:
        self.text += piece.text
        self.has_text = self.has_text or not piece.is_thought


class Purse:
    """Makes model calls and pays for them."""

    def __init__(self, parts: Parts, patience: Patience, write: Writer) -> None:
        self._parts = parts
        self._patience = patience
        self._write = write
        self.broken_off: Failed | None = None
        """The call that was cancelled, with what it probably cost; whoever cancelled it counts that."""

    async def ask(self, request: ModelRequest, prompt_tokens: int, spender: Spender, show: Show) -> Bill:
        """The reply, to be paid with `settle`. Raises BudgetExceeded, LimitReached, and Failed."""
        name = new_id("req")
        try:
            await self._reserve(name, request, prompt_tokens, spender)
        except asyncio.CancelledError:
            await asyncio.shield(self._void(name))
            raise
        heard = _Heard()
        try:
            reply = await self._hear(request, spender.run, show, heard)
        except ModelError as error:
            settled = await self._settle_failure(name, request, error, prompt_tokens, heard)
            raise Failed(error, name, settled, heard.has_text) from error
        except asyncio.CancelledError:
            settled = await asyncio.shield(self._settle_guess(name, request, prompt_tokens, heard))
            self.broken_off = Failed(ModelError("The call was broken off.").used(None), name, settled)
            raise
        priced = self._price(reply.usage, reply.model_served)
        if reply.is_usage_guessed:
            priced = replace(priced, is_estimated=True)
        else:
            self._parts.estimates.learn(request.model, estimated=prompt_tokens, counted=reply.usage.prompt)
        return Bill(reply, name, priced)

    async def settle(self, bill: Bill) -> Settled:
        """Pay; to be repeated while the database does not answer."""
        reply = bill.reply
        return await self._parts.ledger.settle(
            bill.request, reply.usage, bill.priced, served=reply.model_served, at=self._parts.now()
        )

    async def _reserve(self, name: str, request: ModelRequest, prompt_tokens: int, spender: Spender) -> None:
        worst = Usage(prompt=round(prompt_tokens * _MARGIN), output=request.max_output_tokens or 0)
        micros = self._price(worst, request.model).micros
        left = None if spender.most_micros is None else spender.most_micros - spender.used_micros
        if left is not None and micros > left:
            raise LimitReached(
                f"The run may cost {spender.most_micros} micro-dollars and has cost {spender.used_micros}; "
                f"the next model call may cost {micros}. Allow more, or ask for less.",
                limit="money",
            )
        reservation = Reservation(name, spender.session, spender.run, spender.owner, request.model, micros)
        # With what was staged since: an answer of a tool is logged before it is shown to the model.
        await self._write.with_money(
            lambda: self._parts.ledger.reserve(reservation, at=self._parts.now()), lambda _: ()
        )

    async def _hear(self, request: ModelRequest, run: str, show: Show, heard: _Heard) -> Reply:
        async with aclosing(self._parts.model.stream(request)) as said:
            async for piece in said:
                if isinstance(piece, Reply):
                    return piece
                heard.add(piece)
                await show((ThoughtDelta if piece.is_thought else TextDelta)(run, piece.text))
        raise ModelError("The model ended without an answer.").used(None)

    async def _settle_failure(
        self, name: str, request: ModelRequest, error: ModelError, prompt_tokens: int, heard: _Heard
    ) -> Settled | None:
        """By what the service counted, else by a guess; nothing if it never began."""
        if error.usage is not None:
            usage = error.usage
            return await self._settle(name, usage, self._price(usage, request.model), request.model)
        if error.may_be_billed:
            return await self._settle_guess(name, request, prompt_tokens, heard)
        await self._void(name)
        return None

    async def _void(self, name: str) -> None:
        await self._patience(lambda: self._parts.ledger.void(name, at=self._parts.now()))

    async def _settle_guess(
        self, name: str, request: ModelRequest, prompt_tokens: int, heard: _Heard
    ) -> Settled:
        usage = Usage(prompt=prompt_tokens, output=rough_tokens(heard.text))
        priced = replace(self._price(usage, request.model), is_estimated=True)
        return await self._settle(name, usage, priced, request.model)

    async def _settle(self, name: str, usage: Usage, priced: Priced, served: str) -> Settled:
        ledger, now = self._parts.ledger, self._parts.now
        return await self._patience(lambda: ledger.settle(name, usage, priced, served=served, at=now()))

    def _price(self, usage: Usage, model: str) -> Priced:
        return self._parts.prices.price(usage, model, self._parts.now())
