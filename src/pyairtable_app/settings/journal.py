"""What the journal of writes keeps, and for how long."""

from dataclasses import dataclass
from datetime import timedelta

from pyairtable_app.errors import SettingError
from pyairtable_app.settings.reading import Env, Variable, choice

VARIABLES = (
    Variable(
        "JOURNAL", "on", "Whether writes are kept in DATA_DIR/journal.db, to be listed and undone: on or off."
    ),
    Variable("JOURNAL_DAYS", "90", "Days that the journal remembers a write; off for ever."),
    Variable("JOURNAL_FILE_MB", "5", "The largest file that is kept when it leaves its cell: 0 (none) to 5."),
)

_LARGEST_MB = 5.0
"""What Airtable takes back in one upload (docs: "Upload attachment")."""


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """The journal; `kept_for` None means for ever, `file_limit` is in bytes."""

    is_on: bool
    kept_for: timedelta | None
    file_limit: int

    @classmethod
    def from_env(cls, env: Env) -> "JournalSettings":
        """Read the environment. Raises SettingError."""
        return cls(
            is_on=choice(env, "JOURNAL", ("on", "off")) == "on",
            kept_for=_days(env, "JOURNAL_DAYS"),
            file_limit=int(_megabytes(env, "JOURNAL_FILE_MB") * 1024 * 1024),
        )


def _days(env: Env, name: str) -> timedelta | None:
    value = env.get(name, "").strip().lower() or "90"
    if value == "off":
        return None
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 36_500):
        raise SettingError(f"{name}={value!r}: allowed are off, or days from 1 to 36500.")
    return timedelta(days=int(value))


def _megabytes(env: Env, name: str) -> float:
    value = env.get(name, "").strip() or "5"
    try:
        size = float(value)
    except ValueError:
        size = -1.0
    if not 0 <= size <= _LARGEST_MB:
        raise SettingError(f"{name}={value!r}: allowed are 0 (none) to {_LARGEST_MB:g}, what Airtable takes.")
    return size
