"""An approval: one exact call that waits for a person, and what was decided about it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

State = Literal["pending", "approved", "denied", "edited", "expired"]


@dataclass(frozen=True, slots=True)
class Approval:
    """The call, what it would change, until when it waits, and who decided what."""

    id: str
    session: str
    run: str
    call: str
    tool: str
    arguments: Mapping[str, Any]
    arguments_sha256: str
    preview: str
    reason_asked: str
    requested_at: datetime
    expires_at: datetime
    state: State = "pending"
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""
    edited_arguments: Mapping[str, Any] | None = None

    @property
    def is_granted(self) -> bool:
        """Whether the call may be made, as it was asked or as it was edited."""
        return self.state in ("approved", "edited")

    @property
    def granted_arguments(self) -> Mapping[str, Any]:
        """What the call is made with."""
        return self.arguments if self.edited_arguments is None else self.edited_arguments

    def to_json(self) -> dict[str, Any]:
        """The approval as JSON, moments in ISO 8601."""
        made: dict[str, Any] = json.loads(json.dumps(asdict(self), default=datetime.isoformat))
        return made


def arguments_sha256(tool: str, arguments: Mapping[str, Any]) -> str:
    """What a decision is bound to: the same for the same call, whatever the order of its keys."""
    said = json.dumps([tool, arguments], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
