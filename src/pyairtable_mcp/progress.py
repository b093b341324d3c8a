"""Progress of every call that lasts: once a second, for a client that asked for it."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext

from pyairtable_mcp.work import Work, counted

_SIGN_OF_LIFE = 0.001
"""A second in which no record was settled counts as so much of one, for progress has to increase (spec)."""


@dataclass(frozen=True, slots=True)
class ProgressTold:
    """A middleware: tells how far a call is, and what it has read and written by then.

    The measure is the records that are done with, out of those that are due; where their number is not known
    after the first interval, it is the seconds since the call began, to the end. Of a shorter call nothing is
    told, so that its answer comes alone.
    """

    every_seconds: float = 1.0

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Run the call; it ends the telling, however it ends."""
        if ctx.method != "tools/call":
            return await call_next(ctx)
        with counted() as work:
            telling = _Telling(ctx, work, self.every_seconds)
            try:
                result = await call_next(ctx)
            finally:
                telling.stop()
            await telling.finish()
            return result


EACH_SECOND = ProgressTold()


class _Telling:
    """Begins after the first interval: most calls are over by then, and cost nothing but a timer."""

    def __init__(self, ctx: ServerRequestContext[Any, Any], work: Work, every_seconds: float) -> None:
        self._ctx = ctx
        self._work = work
        self._every_seconds = every_seconds
        self._began = time.monotonic()
        self._counts_records = False
        self._last = -1.0
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(every_seconds, self._start)

    def stop(self) -> None:
        """Tell no more of a call that goes on."""
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    async def finish(self) -> None:
        """Tell the last of the records too, to who was told of those before."""
        if self._counts_records and self._last < self._work.due <= self._work.settled:
            await self._report(self._work.due, self._work.due)

    def _start(self) -> None:
        self._counts_records = self._work.due > 0
        self._task = asyncio.ensure_future(self._tell())

    async def _tell(self) -> None:
        while True:
            if not self._counts_records:
                await self._report(round(self._seconds, 3), None)
            elif self._last < (settled := self._settled()):
                await self._report(settled, self._work.due)
            await asyncio.sleep(self._every_seconds)

    def _settled(self) -> float:
        """The records that are done with and a little more each time, but never more than are due."""
        work = self._work
        return min(work.due, max(work.settled, round(self._last + _SIGN_OF_LIFE, 3)))

    async def _report(self, progress: float, total: float | None) -> None:
        self._last = progress
        await self._ctx.session.report_progress(progress, total, f"{self._seconds:.0f} s: {self._work}")

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began
