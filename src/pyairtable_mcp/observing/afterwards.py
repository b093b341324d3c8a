"""Calls told of when their answers have left: nobody waits for a line of the log, or for a counter."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pyairtable_mcp.observing.call import Observer, Seen

_AT_LATEST_SECONDS = 0.1
"""When a call is told of whose answer leaves by a way that does not `tell`, or not so soon."""

_LOG = logging.getLogger(__name__)


class Afterwards:
    """An Observer that passes on what it sees, in order; inside `keeping` when `tell` asks for it.

    Whoever sends answers calls `tell` after one has left.
    """

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)
        self._kept: deque[Seen] = deque()
        self._is_keeping = False
        self._at_latest: asyncio.TimerHandle | None = None

    def saw(self, call: Seen) -> None:
        """See `Observer.saw`."""
        self._kept.append(call)
        if not self._is_keeping:
            self.tell()
        elif self._at_latest is None:
            loop = asyncio.get_running_loop()
            self._at_latest = loop.call_later(_AT_LATEST_SECONDS, self._tell_at_latest)

    def tell(self) -> None:
        """Pass on what was kept; what an observer fails at is logged, and the others are told."""
        while self._kept:
            call = self._kept.popleft()
            for observer in self._observers:
                try:
                    observer.saw(call)
                except Exception:  # noqa: BLE001 - logged; whoever sends answers must go on sending them
                    _LOG.exception("A call of %s was not told of.", call.tool)

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Inside, calls wait to be told of; at the end they are, and every later one at once."""
        self._is_keeping = True
        try:
            yield
        finally:
            self._is_keeping = False
            self._disarm()
            self.tell()

    def _tell_at_latest(self) -> None:
        self._at_latest = None
        self.tell()

    def _disarm(self) -> None:
        if self._at_latest is not None:
            self._at_latest.cancel()
            self._at_latest = None
