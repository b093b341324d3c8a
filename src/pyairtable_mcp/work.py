"""How much of its work a call has done: counted by the gateway, told to a client that waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Work:
    """The records that one call has read and written so far."""

    read: int = 0
    written: int = 0

    def __str__(self) -> str:
        parts = [f"{count:,} records {verb}" for count, verb in self._counts() if count]
        return ", ".join(parts) or "waiting for Airtable"

    def _counts(self) -> tuple[tuple[int, str], ...]:
        return (self.read, "read"), (self.written, "written")


_work: ContextVar[Work | None] = ContextVar("pyairtable_work", default=None)


@contextmanager
def counted() -> Iterator[Work]:
    """What is read and written inside is counted in the value that is given."""
    work = Work()
    token = _work.set(work)
    try:
        yield work
    finally:
        _work.reset(token)


def note_read(count: int) -> None:
    """So many records came from Airtable."""
    if (work := _work.get()) is not None:
        work.read += count


def note_written(count: int) -> None:
    """So many records were written."""
    if (work := _work.get()) is not None:
        work.written += count
