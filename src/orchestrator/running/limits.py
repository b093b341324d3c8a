"""What a run may use; the same for every run of a process, where its options do not ask for less."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Steps are model calls of a run; after the last one the model answers once more without tools.

    `wall_seconds` is the time of a run without its waiting for a person; `tokens` are those of all its model
    calls together. A call with the same result for the `repeats_told`-th time is remarked on; the
    `repeats_most`-th ends the run. From `compact_at_tokens` on, old turns are told by a summary.

    The database is waited for for `outage_seconds`; leases are renewed every `renew_seconds`, and sessions
    that were left behind are looked for every `watch_seconds`.
    """

    steps: int = 25
    calls_per_reply: int = 16
    calls_at_once: int = 4
    wall_seconds: float = 600.0
    model_seconds: float = 180.0
    tokens: int = 3_000_000
    repeats_told: int = 3
    repeats_most: int = 5
    broken_answers: int = 2
    compact_at_tokens: int = 200_000
    turns_kept: int = 3
    approval_lives: timedelta = timedelta(hours=24)
    outage_seconds: float = 120.0
    renew_seconds: float = 5.0
    watch_seconds: float = 10.0
