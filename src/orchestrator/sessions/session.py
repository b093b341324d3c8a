"""A session: a conversation of one person."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it stands; `last_event` is the number of its newest event, 0 when nothing happened yet.

    `is_tainted` says that text from outside of the base entered it.
    """

    id: str
    owner: str
    title: str
    created_at: datetime
    changed_at: datetime
    expires_at: datetime | None = None
    last_event: int = 0
    is_tainted: bool = False

    def titled(self, title: str) -> "Session":
        """The same session under another title."""
        return replace(self, title=title)


def session_to_json(session: Session) -> dict[str, Any]:
    """The session as JSON, moments in ISO 8601."""
    made: dict[str, Any] = json.loads(json.dumps(asdict(session), default=datetime.isoformat))
    return made


def session_from_json(data: dict[str, Any]) -> Session:
    """The session that `session_to_json` wrote."""
    moments = {
        name: datetime.fromisoformat(data[name]) if data[name] else None
        for name in ("created_at", "changed_at", "expires_at")
    }
    return Session(**(data | moments))
