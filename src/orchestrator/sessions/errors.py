"""What can go wrong with a session.

SessionNotFound   there is none of that id, or it belongs to someone else: both are answered alike
SessionBusy       another run is under way in it
LogMoved          the log has grown since it was read
LeaseLost         the run's time to renew its lease passed, and another process may have taken over
"""

from pyairtable_platform.kernel import Conflict, NotFound


class SessionNotFound(NotFound):
    """There is no such session of yours."""

    code = "session_not_found"

    def __init__(self, session: str) -> None:
        super().__init__(
            f"There is no session {session!r} of yours; GET /sessions lists them.", session=session
        )


class SessionBusy(Conflict):
    """A run is under way in this session."""

    code = "session_busy"

    def __init__(self, session: str) -> None:
        super().__init__(
            "A run is under way in this session. Wait for its end, or cancel it.", session=session
        )


class LeaseLost(Conflict):
    """This run no longer holds its session; another process goes on with it."""

    code = "lease_lost"


class LogMoved(Conflict):
    """The log has grown since it was read; read it again."""

    code = "log_moved"
