"""Progress of every call that lasts: once a second, for a client that asked for it."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext

from pyairtable_mcp.work import Work, counted


@dataclass(frozen=True, slots=True)
class ProgressTold:
    """A middleware: tells the seconds since a call began, and what it has read and written by then.

    The seconds are the measure, for nobody knows beforehand how long a table is.
    """

    every_seconds: float = 1.0

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Run the call; it ends the telling, however it ends."""
        if ctx.method != "tools/call":
            return await call_next(ctx)
        with counted() as work:
            telling = _Telling(ctx, work, self.every_seconds)
            try:
                return await call_next(ctx)
            finally:
                telling.stop()


class _Telling:
    """Begins after the first interval: most calls are over by then, and cost nothing but a timer."""

    def __init__(self, ctx: ServerRequestContext[Any, Any], work: Work, every_seconds: float) -> None:
        self._ctx = ctx
        self._work = work
        self._every_seconds = every_seconds
        self._began = time.monotonic()
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(every_seconds, self._start)

    def stop(self) -> None:
        """Tell no more."""
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _start(self) -> None:
        self._task = asyncio.ensure_future(self._tell())

    async def _tell(self) -> None:
        while True:
            seconds = round(time.monotonic() - self._began, 3)
            await self._ctx.session.report_progress(seconds, None, f"{seconds:.0f} s: {self._work}")
            await asyncio.sleep(self._every_seconds)
