"""The collaborators of every run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from orchestrator.approvals import Approvals, Grants
from orchestrator.cost import Estimates, Ledger, Prices
from orchestrator.model import Model
from orchestrator.running.instructions import INSTRUCTIONS
from orchestrator.running.limits import Limits
from orchestrator.running.options import Options
from orchestrator.running.tracing import Tracing
from orchestrator.sessions import EventLog, Feed, Leases, Sessions
from orchestrator.toolbox import Toolbox

ToolChanges = Literal["tell", "stop"]
"""When the tools are not those that a session began with: go on and tell the person, or do not go on."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """What runs stand on; `defaults` are the options of a run that chooses none."""

    sessions: Sessions
    log: EventLog
    leases: Leases
    feed: Feed
    approvals: Approvals
    grants: Grants
    ledger: Ledger
    prices: Prices
    estimates: Estimates
    model: Model
    toolbox: Toolbox
    defaults: Options
    limits: Limits = field(default_factory=Limits)
    instructions: str = INSTRUCTIONS
    tracing: Tracing = field(default_factory=Tracing)
    tool_changes: ToolChanges = "tell"
    now: Callable[[], datetime] = _now
