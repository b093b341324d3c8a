"""Standard input and output as pipes of the event loop, where the SDK waits for each in a thread."""

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing

_IN, _OUT, _ERRORS = 0, 1, 2


class LinesIn:
    """The lines of text that come through a pipe until its end; the last one may lack its newline."""

    def __init__(self, reader: asyncio.StreamReader, transport: asyncio.BaseTransport) -> None:
        self._reader = reader
        self._transport = transport

    async def __aiter__(self) -> AsyncIterator[str]:
        while line := await self._line():
            yield line.decode(errors="replace")

    async def _line(self) -> bytes:
        """One line of any length; empty at the end."""
        parts = []
        while True:
            try:
                parts.append(await self._reader.readuntil())
            except asyncio.LimitOverrunError as longer:
                parts.append(await self._reader.readexactly(longer.consumed))
                continue
            except asyncio.IncompleteReadError as end:
                parts.append(end.partial)
            return b"".join(parts)

    def close(self) -> None:
        """Read no more."""
        self._transport.close()


class TextOut:
    """Text that goes out through a pipe; `sent` is called when the system has what was written."""

    def __init__(self, writer: asyncio.StreamWriter, sent: Callable[[], None] = lambda: None) -> None:
        self._writer = writer
        self._sent = sent

    async def write(self, text: str) -> None:
        """Say what the next flush sends."""
        self._writer.write(text.encode())

    async def flush(self) -> None:
        """Until the system has all of it. Raises ConnectionError when nobody reads any more."""
        await self._writer.drain()
        self._sent()

    def close(self) -> None:
        """Send no more."""
        self._writer.close()


def can_be_pipes() -> bool:
    """Whether the loop can wait for both. Only pipes and sockets are made non-blocking without a side effect.

    A terminal is shared with the shell, and standard error must block; Windows has pipes of another kind.
    """
    if sys.platform == "win32":
        return False
    kinds = [os.fstat(number) for number in (_IN, _OUT, _ERRORS)]
    is_shared = (kinds[_OUT].st_dev, kinds[_OUT].st_ino) == (kinds[_ERRORS].st_dev, kinds[_ERRORS].st_ino)
    both = kinds[:_ERRORS]
    return not is_shared and all(stat.S_ISFIFO(kind.st_mode) or stat.S_ISSOCK(kind.st_mode) for kind in both)


@asynccontextmanager
async def taken_pipes(sent: Callable[[], None]) -> AsyncIterator[tuple[LinesIn, TextOut]]:
    """The two pipes, from now on out of reach of everything else that reads or prints in this process.

    What is printed goes to standard error, and who reads finds the end. For `sent` see `TextOut`.
    """
    taken_in, taken_out = os.dup(_IN), os.dup(_OUT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, _IN)
    os.close(nothing)
    os.dup2(_ERRORS, _OUT)
    with closing(await lines_from(taken_in)) as lines, closing(await text_to(taken_out, sent)) as text:
        yield lines, text


async def lines_from(number: int) -> LinesIn:
    """The lines from the pipe of that file descriptor, which is the loop's from now on."""
    reader = asyncio.StreamReader()
    pipe = os.fdopen(number, "rb", 0)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), pipe
    )
    return LinesIn(reader, transport)


async def text_to(number: int, sent: Callable[[], None] = lambda: None) -> TextOut:
    """A way for text into the pipe of that file descriptor, which is the loop's from now on."""
    loop = asyncio.get_running_loop()
    # The protocol of a reader is the only public one that lets a writer wait.
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()), os.fdopen(number, "wb", 0)
    )
    # What is written is sent before the next message, and before the end.
    transport.set_write_buffer_limits(high=0)
    return TextOut(asyncio.StreamWriter(transport, protocol, None, loop), sent)
