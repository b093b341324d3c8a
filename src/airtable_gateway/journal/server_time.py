"""Whose clock a journal goes by: Airtable's where its answers have told it, else this machine's."""

from collections.abc import Callable
from datetime import UTC, datetime

ServerTime = Callable[[], datetime | None]
"""Airtable's time by its last answer, None before the first one."""


def nobodys_time() -> datetime | None:
    """The time of an Airtable that tells none."""
    return None


def time_by(server_time: ServerTime) -> datetime:
    """The time now."""
    return server_time() or datetime.now(UTC)
