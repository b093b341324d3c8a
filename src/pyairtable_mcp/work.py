"""How much of its work a call has done: counted where it is done, told to a client that waits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


def _nothing() -> int:
    return 0


@dataclass(slots=True)
class Work:
    """The records that one call has read and written so far.

    Where the call knows how many it has to write, they are `due`; of those `settled` are done with, the
    `refused` ones among them. `copied` counts what a local copy reads meanwhile on the call's behalf.
    """

    read: int = 0
    written: int = 0
    due: int = 0
    settled: int = 0
    refused: int = 0
    copied: Callable[[], int] = _nothing

    def __str__(self) -> str:
        read = self.read + self.copied()
        parts = [f"{read:,} records read"] if read else []
        if self.due:
            parts.append(f"{self.settled - self.refused:,} of {self.due:,} records written")
        elif self.written:
            parts.append(f"{self.written:,} records written")
        if self.refused:
            parts.append(f"{self.refused:,} refused")
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


@contextmanager
def copying(count: Callable[[], int]) -> Iterator[None]:
    """By how much `count` grows inside, so many records came from Airtable."""
    work = _work.get() or Work()
    begun = count()
    # It begins anew when the copy is opened anew.
    work.copied = lambda: max(0, count() - begun)
    try:
        yield
    finally:
        work.read += work.copied()
        work.copied = _nothing


def note_read(count: int) -> None:
    """So many records came from Airtable."""
    if (work := _work.get()) is not None:
        work.read += count


def note_written(count: int) -> None:
    """So many records were written."""
    if (work := _work.get()) is not None:
        work.written += count


def note_due(count: int) -> None:
    """So many records are to be written, all in all: said once a call, as early as it is known."""
    if (work := _work.get()) is not None:
        work.due = count


def note_settled(count: int, *, refused: bool = False) -> None:
    """So many of those that were due are written, or will not be: Airtable refused them."""
    if (work := _work.get()) is not None:
        work.settled += count
        work.refused += count if refused else 0
