"""Copies of sessions and their events outside of the database, for when it does not answer.

They are written after the database and read only instead of it: whoever reads one is told nothing newer than
what was kept, and nothing is ever decided by it.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from orchestrator.events import Logged, from_json, told
from orchestrator.sessions.session import Session, session_from_json, session_to_json
from pyairtable_platform.kernel import KeyValue, Unavailable

TTL_SECONDS = 24 * 3600.0


class Copies:
    """Copies in a key-value store; one that does not answer holds nobody up."""

    def __init__(self, store: KeyValue) -> None:
        self._store = store

    async def keep_session(self, session: Session) -> None:
        """Copy the session."""
        await self._set(f"session:{session.id}", session_to_json(session))

    async def keep_events(self, events: Sequence[Logged]) -> None:
        """Copy events, each under its number."""
        for logged in events:
            said = {"kind": logged.event.kind, "at": logged.at.isoformat(), "data": told(logged.event)}
            if not await self._set(f"event:{logged.session}:{logged.number}", said):
                return

    async def forget(self, session: str, last_event: int) -> None:
        """Remove every copy of a session that is deleted."""
        keys = [f"session:{session}", *(f"event:{session}:{number}" for number in range(1, last_event + 1))]
        for key in keys:
            try:
                await self._store.delete(key)
            except Unavailable:
                return

    async def session(self, id: str) -> Session | None:
        """The copy of the session, None when there is none."""
        kept = await self._store.get(f"session:{id}")
        return None if kept is None else session_from_json(json.loads(kept))

    async def events(self, session: str, after: int) -> list[Logged]:
        """The copies of the events that follow, up to the first that is missing."""
        found: list[Logged] = []
        while (kept := await self._store.get(f"event:{session}:{after + len(found) + 1}")) is not None:
            said = json.loads(kept)
            event = from_json(said["kind"], said["data"])
            at = datetime.fromisoformat(said["at"])
            found.append(Logged(session, after + len(found) + 1, at, event))
        return found

    async def _set(self, key: str, value: object) -> bool:
        try:
            await self._store.set(key, json.dumps(value).encode(), ttl_seconds=TTL_SECONDS)
        except Unavailable:
            return False
        return True
