"""Threads for work that blocks, each handed its next piece by the loop."""

import asyncio
import atexit
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

T = TypeVar("T")

PATIENCE_SECONDS = 3.0
"""Whoever stops a process soon kills it: after ten seconds where it is a container."""


@dataclass(frozen=True, slots=True, eq=False)
class _Errand(Generic[T]):
    """Work, and the future of the loop at which its caller waits."""

    work: Callable[[], T]
    answer: "asyncio.Future[T]"


class Threads:
    """Runs work in at most `count` threads, first come first served; used from one loop.

    The thread that rested last goes first, and each waits for itself. When idle threads wait at one queue, as
    in the pools of concurrent.futures, every piece of work wakes a second one, in vain.
    """

    def __init__(self, count: int, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._patience_seconds = patience_seconds
        self._threads = [_Handed(f"airtable_{number}") for number in range(count)]
        self._idle = self._threads[::-1]
        self._waiting: deque[_Errand[Any]] = deque()
        self._at_rest = asyncio.Event()
        self._at_rest.set()

    async def run(self, work: Callable[[], T]) -> T:
        """What the work gives. Raises what it does.

        When the caller is cancelled, work that has no thread yet is not done; work that has one runs to its
        end.
        """
        errand: _Errand[T] = _Errand(work, asyncio.get_running_loop().create_future())
        self._waiting.append(errand)
        self._hand_out()
        return await errand.answer

    async def close(self) -> None:
        """Wait for the work that is under way, also where its caller has gone, and end the threads.

        What takes longer than the patience is left alone, and ends with the process at the latest; what has
        no thread by then is not done.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience_seconds):
                await self._at_rest.wait()
        for errand in self._waiting:
            errand.answer.cancel()
        for thread in self._threads:
            if thread in self._idle:
                thread.end()
            else:
                thread.leave()

    def _hand_out(self) -> None:
        """Give to each idle thread a piece of the work that waits."""
        while self._idle and self._waiting:
            errand = self._waiting.popleft()
            if not errand.answer.done():
                self._at_rest.clear()
                thread = self._idle.pop()
                thread.hand(partial(self._do, thread, errand))

    def _do(self, thread: "_Handed", errand: _Errand[Any]) -> None:
        """In the thread: do the work unless its caller has just gone, and have the loop told."""
        try:
            answer = None if errand.answer.cancelled() else errand.work()
        except BaseException as error:  # noqa: BLE001 - whoever waits has to hear of it
            self._tell(thread, errand, None, error)
        else:
            self._tell(thread, errand, answer, None)

    def _tell(
        self, thread: "_Handed", errand: _Errand[Any], answer: Any, error: BaseException | None
    ) -> None:
        # A loop that was closed meanwhile has nobody who waits.
        with suppress(RuntimeError):
            errand.answer.get_loop().call_soon_threadsafe(self._end, thread, errand, answer, error)

    def _end(self, thread: "_Handed", errand: _Errand[Any], answer: Any, error: BaseException | None) -> None:
        """In the loop: have the thread go on with what waits, and tell the caller."""
        self._idle.append(thread)
        self._hand_out()
        if len(self._idle) == len(self._threads):
            self._at_rest.set()
        if errand.answer.done():
            return
        if error is not None:
            errand.answer.set_exception(error)
        else:
            errand.answer.set_result(answer)


class _Handed:
    """A thread that does what it is handed; it begins with the first piece.

    It is ended at the exit of the process at the latest, which waits for what it has begun.
    """

    def __init__(self, name: str) -> None:
        self._pieces: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._serve, name=name, daemon=True)
        self._is_at_work = False

    def hand(self, piece: Callable[[], None]) -> None:
        """Have it do that next."""
        if not self._is_at_work:
            self._thread.start()
            self._is_at_work = True
            atexit.register(self.end)
        self._pieces.put(piece)

    def end(self) -> None:
        """Wait for what it does, and let go of it."""
        if self._is_at_work:
            self.leave()
            self._thread.join()

    def leave(self) -> None:
        """Let it end with what it does, for which nobody waits."""
        self._is_at_work = False
        atexit.unregister(self.end)
        self._pieces.put(None)

    def _serve(self) -> None:
        while (piece := self._pieces.get()) is not None:
            piece()
            del piece  # or it would be kept until there is another
