"""How much of its work a call has done: counted by the gateway, told to a client that waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Work:
    """The records that one call has read and written so far, and has to write, 0 where nobody knows."""

    read: int = 0
    written: int = 0
    due: int = 0

    def __str__(self) -> str:
        parts = [f"{self.read:,} records read"] if self.read else []
        if self.due:
            parts.append(f"{self.written:,} of {self.due:,} records written")
        elif self.written:
            parts.append(f"{self.written:,} records written")
        return ", ".join(parts) or "waiting for Airtable"


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


def note_due(count: int) -> None:
    """So many more records are to be written."""
    if (work := _work.get()) is not None:
        work.due += count
