"""A terminal, or a pipe, as a conversation uses it: lines read beside the event loop, Ctrl-C, plain text."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from orchestrator.toolbox.bounding import plain

_CHUNK = 65_536


class Interrupted(Exception):
    """The person pressed Ctrl-C where a line was waited for."""


class Terminal:
    """Standard input and output. What is said is shown without signs that would steer the terminal."""

    def __init__(self) -> None:
        self._rest = b""
        self._is_over = False
        self._is_at_start = True
        self._waiting: asyncio.Future[bytes] | None = None

    def say(self, text: str) -> None:
        """Show the text as it is, without a new line. Raises BrokenPipeError when nobody reads any more."""
        shown = plain(text)
        if shown:
            self._is_at_start = shown.endswith("\n")
            sys.stdout.write(shown)
            sys.stdout.flush()

    def line(self, text: str = "") -> None:
        """Show the text on a line of its own."""
        self.say(f"{'' if self._is_at_start else chr(10)}{text}\n")

    async def read(self, prompt: str) -> str | None:
        """A line; None at the end of the input. Raises Interrupted."""
        self.say(f"{'' if self._is_at_start else chr(10)}{prompt}")
        while b"\n" not in self._rest and not self._is_over:
            more = await self._more()
            self._rest += more
            self._is_over = not more
        # The person's own Enter ended the line, unless nobody typed.
        self._is_at_start = sys.stdin.isatty() and not self._is_over
        if not self._rest:
            return None
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode(errors="replace").strip()

    @asynccontextmanager
    async def interruptible(self, interrupt: Callable[[], object]) -> AsyncIterator[None]:
        """Ctrl-C ends the reading of a line inside, and calls `interrupt` while none is read."""
        loop = asyncio.get_running_loop()

        def pressed() -> None:
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_exception(Interrupted())
            else:
                interrupt()

        with suppress(NotImplementedError):  # Windows: there Ctrl-C ends the process, as it always does.
            loop.add_signal_handler(signal.SIGINT, pressed)
        try:
            yield
        finally:
            with suppress(NotImplementedError):
                loop.remove_signal_handler(signal.SIGINT)

    async def _more(self) -> bytes:
        """What comes next of the input; nothing at its end. A thread could not be left at a Ctrl-C."""
        loop, source = asyncio.get_running_loop(), sys.stdin.fileno()
        waiting: asyncio.Future[bytes] = loop.create_future()

        def ready() -> None:
            if not waiting.done():
                waiting.set_result(os.read(source, _CHUNK))

        try:
            loop.add_reader(source, ready)
        except (NotImplementedError, PermissionError):  # Windows; a file, which is always ready.
            return await asyncio.to_thread(os.read, source, _CHUNK)
        self._waiting = waiting
        try:
            return await waiting
        finally:
            self._waiting = None
            loop.remove_reader(source)


def nobody_reads() -> None:
    """Let nothing more be written: whoever read the output is gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
