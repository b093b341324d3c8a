"""Who calls, and how urgent it is: said once around the work, and heeded by every call inside."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Urgency:
    """A caller, "" when nobody said who, and whether the work is bulk, which lets the others go first."""

    caller: str = ""
    is_bulk: bool = False

    @property
    def budget_seconds(self) -> float:
        """How long a call may take with its waits and repeats; nobody sits and waits for bulk work."""
        return 600.0 if self.is_bulk else 60.0


_PLAIN = Urgency()
_urgency: ContextVar[Urgency] = ContextVar("airtable_urgency", default=_PLAIN)


def urgency() -> Urgency:
    """That of the work under way."""
    return _urgency.get()


@contextmanager
def bulk() -> Iterator[None]:
    """Calls inside let those of people go first: for exports, batches and other long work."""
    with _set(replace(_urgency.get(), is_bulk=True)):
        yield


@contextmanager
def calling(caller: str) -> Iterator[None]:
    """Calls inside are this caller's; callers who wait for the same base take turns."""
    with _set(replace(_urgency.get(), caller=caller)):
        yield


@contextmanager
def _set(urgency: Urgency) -> Iterator[None]:
    token = _urgency.set(urgency)
    try:
        yield
    finally:
        _urgency.reset(token)
