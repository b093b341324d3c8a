"""What the endpoints stand on, and how they read a request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from starlette.requests import Request

from orchestrator.approvals import Approvals, Grants
from orchestrator.cost import Budgets
from orchestrator.cost.report import Report
from orchestrator.sessions import EventLog, Feed, Sessions
from orchestrator.toolbox import Toolbox
from pyairtable_platform.kernel import Invalid

CHAT = "chat"
"""The scope of talking, of one's own sessions and of one's own decisions."""

ADMIN = "chat:admin"
"""The scope of everyone's usage and of budgets."""


class Runs(Protocol):
    """Runs, as the endpoints ask for them: each goes on in the background, whoever watches."""

    async def start(self, session: str, owner: str, text: str, options: Mapping[str, Any]) -> str:
        """The id of the new run. Raises SessionBusy while another one is under way."""
        ...

    async def resume(self, session: str, owner: str) -> str | None:
        """The id of the run that goes on after its approvals were decided; None when there is none."""
        ...

    async def cancel(self, session: str) -> bool:
        """Whether there was a run to ask to stop."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The collaborators of every endpoint."""

    sessions: Sessions
    log: EventLog
    feed: Feed
    approvals: Approvals
    grants: Grants
    budgets: Budgets
    report: Report
    toolbox: Toolbox
    runs: Runs
    now: Callable[[], datetime]


def desk_of(request: Request) -> Desk:
    """The desk of the application that answers."""
    desk: Desk = request.app.state.desk
    return desk


def number(request: Request, name: str, default: int, *, least: int, most: int) -> int:
    """A whole number of the query. Raises Invalid."""
    given = request.query_params.get(name, "").strip()
    if not given:
        return default
    if not given.lstrip("-").isdecimal() or not least <= int(given) <= most:
        raise Invalid(f"{name}={given!r}: expected a whole number from {least} to {most}.")
    return int(given)


def moment(request: Request, name: str) -> datetime | None:
    """A moment of the query in ISO 8601 with its zone. Raises Invalid."""
    given = request.query_params.get(name, "").strip().replace(" ", "+")
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid(f"{name}={given!r}: expected a moment such as 2026-11-25T09:00:00Z.")
    return found
