"""What a run keeps, in the memory of one process: our loop as others run theirs, for a fair comparison."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from orchestrator.cost import Ledger, Settled
from orchestrator.events import Event, Logged
from orchestrator.sessions import EventLog, Lease, Leases, Session, Sessions


class MemoryLog(EventLog):
    """Events in lists."""

    def __init__(self) -> None:
        self._events: dict[str, list[Logged]] = {}

    @asynccontextmanager
    async def together(self, **_: Any) -> AsyncIterator[None]:
        """Nothing is committed."""
        yield

    async def add(self, session: str, *events: Event, **_: Any) -> list[Logged]:
        """Number the events and keep them."""
        kept = self._events.setdefault(session, [])
        at = datetime.now(UTC)
        new = [Logged(session, len(kept) + place, at, event) for place, event in enumerate(events, start=1)]
        kept.extend(new)
        return new

    async def tell(self, logged: Any) -> None:
        """Nobody watches."""

    async def read(self, session: str, *, after: int = 0, limit: int | None = None) -> list[Logged]:
        """The events behind that number."""
        return self._events.get(session, [])[after:][:limit]


class MemorySessions(Sessions):
    """Every session is ada's."""

    def __init__(self) -> None:
        self._made = 0

    async def create(self, owner: str, *, at: datetime, **_: Any) -> Session:
        """A new one."""
        self._made += 1
        return Session(f"ses_{self._made}", owner, "", at, at)

    async def get(self, id: str, owner: str) -> Session:
        """Whichever is asked for."""
        now = datetime.now(UTC)
        return Session(id, owner, "", now, now)


class NoLeases(Leases):
    """Nobody else is there."""

    def __init__(self) -> None:
        """Nothing to keep."""

    async def take(self, session: str, **_: Any) -> Lease:
        """Granted."""
        return Lease(session, "bench")

    async def give_back(self, lease: Lease) -> None:
        """Given back."""


class NoApprovals:
    """Nothing waits."""

    async def waiting(self, *_: Any, **__: Any) -> list[Any]:
        """None."""
        return []


class NoLedger(Ledger):
    """Prices are reckoned, and nothing is written."""

    def __init__(self) -> None:
        """Nothing to keep."""

    async def reserve(self, *_: Any, **__: Any) -> None:
        """Granted."""

    async def settle(self, _request: str, _usage: Any, priced: Any, **_: Any) -> Settled:
        """What it cost."""
        return Settled(priced.micros)
