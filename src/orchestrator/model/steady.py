"""A model that is asked again: patient before the first word of an answer, and never after it."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from orchestrator.errors import ModelBusy, ModelError, ModelUnreachable, SignatureMissing
from orchestrator.model.port import Model, ModelRequest, Piece, Reply, Usage
from orchestrator.model.signatures import unsigned

ATTEMPTS = 4
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0

FAILURES = 5
"""Requests of a model in a row that found no service in order, before it is left alone."""

REST_SECONDS = 30.0


class SteadyModel:
    """See `Model`: the inner model, asked again when that is of use, within the request's time altogether.

    A model that failed several times in a row is left alone for a while: then every request is refused at
    once, without being sent.
    """

    def __init__(
        self,
        inner: Model,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self._inner = inner
        self._sleep = sleep
        self._chance = chance
        self._breakers = AsyncCircuitBreakerFactory(
            FAILURES,
            rest_seconds,
            exclude=[
                (ModelError, _is_answer),
                # Whoever closes the stream or cancels tells nothing of the service.
                asyncio.CancelledError,
                GeneratorExit,
            ],
        )

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Piece | Reply, None]:
        """See `Model.stream`."""
        asked = _Asked(request, _now() + request.timeout_seconds)
        while True:
            has_spoken = False
            try:
                async with aclosing(self._attempt(asked.next())) as said:
                    async for piece in said:
                        has_spoken = True
                        yield asked.counted(piece)
            except ModelError as error:
                if has_spoken or (pause := self._pause(asked, error)) is None:
                    raise
                await self._sleep(pause)
            else:
                return

    async def count_tokens(self, request: ModelRequest) -> int:
        """See `Model.count_tokens`; asked once."""
        return await self._inner.count_tokens(request)

    async def _attempt(self, request: ModelRequest) -> AsyncGenerator[Piece | Reply, None]:
        breaker = await self._breakers.get_breaker(request.model)
        try:
            async with breaker, aclosing(self._inner.stream(request)) as said:
                async for piece in said:
                    yield piece
        except OpenedState as error:
            raise _Resting(
                f"{request.model} failed {FAILURES} times in a row and is left alone for a while; ask later."
            ) from error

    def _pause(self, asked: "_Asked", error: ModelError) -> float | None:
        """The seconds until the next attempt; None when there is none to be made."""
        if isinstance(error, SignatureMissing):
            return asked.without_signatures(error.usage)
        # What was used has to be paid for before more is: whoever asked decides.
        is_paid = error.usage is not None
        if (
            not error.is_worth_repeating
            or is_paid
            or isinstance(error, _Resting)
            or asked.attempts >= ATTEMPTS
        ):
            return None
        pause = self._told(error) or self._backed_off(asked.attempts)
        return pause if _now() + pause < asked.deadline else None

    def _told(self, error: ModelError) -> float | None:
        """What the service asked for, and a little more, so that not all come back at once."""
        told = error.retry_after_seconds if isinstance(error, ModelBusy) else None
        return None if told is None else told * (1 + 0.1 * self._chance())

    def _backed_off(self, attempts: int) -> float:
        longest: float = min(FIRST_PAUSE_SECONDS * 2 ** (attempts - 1), LONGEST_PAUSE_SECONDS)
        return longest * (0.5 + 0.5 * self._chance())


@dataclass(slots=True)
class _Asked:
    """A request and how often it was made."""

    request: ModelRequest
    deadline: float
    attempts: int = 0
    is_unsigned: bool = False
    wasted: Usage | None = None

    def next(self) -> ModelRequest:
        """The request as it is made now, with the time that is left."""
        self.attempts += 1
        return replace(self.request, timeout_seconds=max(self.deadline - _now(), 0.001))

    def counted(self, piece: Piece | Reply) -> Piece | Reply:
        """The piece; a reply counts what the attempt before it used as well."""
        if self.wasted is None or isinstance(piece, Piece):
            return piece
        return replace(piece, usage=piece.usage.plus(self.wasted))

    def without_signatures(self, wasted: Usage | None) -> float | None:
        """Ask at once without signatures; None when that was done before."""
        if self.is_unsigned:
            return None
        self.is_unsigned = True
        self.wasted = wasted
        self.request = replace(self.request, contents=unsigned(self.request.contents))
        return 0.0


class _Resting(ModelUnreachable):
    """The model is left alone for a while."""

    code = "model_resting"


def _is_answer(error: BaseException) -> bool:
    """Whether the service is in order all the same: it refused, or has too much to do."""
    is_overloaded = isinstance(error, ModelBusy) and error.retry_after_seconds is None
    return not isinstance(error, ModelUnreachable) and not is_overloaded


def _now() -> float:
    return asyncio.get_running_loop().time()
