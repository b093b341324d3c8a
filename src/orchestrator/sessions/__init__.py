"""Sessions: who owns them, what happened in them, who may go on with them, and how to watch them."""

from orchestrator.sessions.copies import Copies
from orchestrator.sessions.errors import LeaseLost, LogMoved, SessionBusy, SessionNotFound
from orchestrator.sessions.feed import Feed
from orchestrator.sessions.leases import Lease, Leases
from orchestrator.sessions.log import EventLog
from orchestrator.sessions.session import Session
from orchestrator.sessions.sessions import Sessions

__all__ = [
    # Sessions
    "Session",
    "Sessions",
    # What happened in them
    "EventLog",
    "Feed",
    "Copies",
    # Who goes on with them
    "Lease",
    "Leases",
    # Errors
    "SessionNotFound",
    "SessionBusy",
    "LeaseLost",
    "LogMoved",
]
