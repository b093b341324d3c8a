"""What the endpoints stand on, and how they read a request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from starlette.requests import Request

from orchestrator.analysis import Words
from orchestrator.approvals import Approvals, Grants
from orchestrator.cost import Budgets
from orchestrator.cost.report import Report
from orchestrator.sessions import EventLog, Feed, Sessions
from orchestrator.toolbox import Toolbox

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
    """The collaborators of every endpoint; `schema_toolbox` is that of schema analyses, if it is another.

    `words` is the model that words their findings, if there is one.
    """

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
    schema_toolbox: Toolbox | None = None
    words: Words | None = None


def desk_of(request: Request) -> Desk:
    """The desk of the application that answers."""
    desk: Desk = request.app.state.desk
    return desk
