"""What a twin did since it was started or asked to count anew, for tests to hold against what they saw."""

from collections import Counter
from typing import Any


class Counts:
    """Requests under /v0: how they were answered, which faults struck, and which writes were kept."""

    def __init__(self) -> None:
        self._requests = 0
        self._answers: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._writes: Counter[str] = Counter()

    def note_request(self, kinds: tuple[str, ...]) -> None:
        """A request came, and those faults strike it."""
        self._requests += 1
        if kinds:
            self._faults.update(kinds)

    def note_answer(self, status: int) -> None:
        """An answer goes out."""
        self._answers[str(status)] += 1

    def note_write(self, endpoint: str) -> None:
        """A write is on the disk, whatever becomes of its answer."""
        self._writes[endpoint] += 1

    def begin_anew(self) -> None:
        """Count from zero."""
        self._requests = 0
        for counter in (self._answers, self._faults, self._writes):
            counter.clear()

    def to_json(self) -> dict[str, Any]:
        """`requests`, `answers` by status, `faults` by kind, `writes` that were kept by endpoint."""
        counters = {"answers": self._answers, "faults": self._faults, "writes": self._writes}
        return {"requests": self._requests, **{name: dict(counter) for name, counter in counters.items()}}
