"""Instants as Airtable writes them."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant; the default clock of a store."""
    return datetime.now(UTC)


def to_text(instant: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: 2026-11-23T09:30:00.000Z."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """The instant of such a text."""
    return datetime.fromisoformat(text)
