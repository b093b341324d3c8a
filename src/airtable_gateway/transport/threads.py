"""Threads for work that blocks, each handed its next piece by the loop."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Errand(Generic[T]):
    """Work, and the future of the loop at which its caller waits; `running` None while it has no thread."""

    work: Callable[[], T]
    answer: "asyncio.Future[T]"
    running: "Future[T] | None" = None


class Threads:
    """Runs work in at most `count` threads, first come first served; used from one loop.

    Each thread is a pool of its own, and the one that rested last goes first. When idle threads wait at one
    queue, as in a pool of many, every piece of work wakes a second one, in vain.
    """

    def __init__(self, count: int) -> None:
        self._threads = [ThreadPoolExecutor(1, thread_name_prefix=f"airtable-{n}") for n in range(count)]
        self._idle = self._threads[::-1]
        self._waiting: deque[_Errand[Any]] = deque()
        self._running: set[Future[Any]] = set()

    async def run(self, work: Callable[[], T]) -> T:
        """What the work gives. Raises what it does.

        When the caller is cancelled, work that has no thread yet is not done; work that has one runs to its
        end.
        """
        errand: _Errand[T] = _Errand(work, asyncio.get_running_loop().create_future())
        self._waiting.append(errand)
        self._hand_out()
        try:
            answer: T = await errand.answer
        except asyncio.CancelledError:
            # The thread may not have begun.
            if errand.running:
                errand.running.cancel()
            raise
        return answer

    async def close(self) -> None:
        """Wait for the work that is under way, also where its caller has gone, and end the threads."""
        while running := tuple(self._running):
            await asyncio.gather(*map(asyncio.wrap_future, running), return_exceptions=True)
            self._running.difference_update(running)
        for thread in self._threads:
            thread.shutdown()

    def _hand_out(self) -> None:
        """Give to each idle thread a piece of the work that waits."""
        while self._idle and self._waiting:
            errand = self._waiting.popleft()
            if not errand.answer.done():
                self._start(self._idle.pop(), errand)

    def _start(self, thread: ThreadPoolExecutor, errand: _Errand[Any]) -> None:
        loop = errand.answer.get_loop()

        def tell(done: "Future[Any]") -> None:
            # A loop that was closed meanwhile has nobody who waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._end, thread, errand, done)

        errand.running = thread.submit(errand.work)
        self._running.add(errand.running)
        errand.running.add_done_callback(tell)

    def _end(self, thread: ThreadPoolExecutor, errand: _Errand[Any], done: "Future[Any]") -> None:
        """Tell the caller, and have the thread go on with what waits."""
        self._running.discard(done)
        self._idle.append(thread)
        self._hand_out()
        if errand.answer.done():
            return
        if error := done.exception():
            errand.answer.set_exception(error)
        else:
            errand.answer.set_result(done.result())
