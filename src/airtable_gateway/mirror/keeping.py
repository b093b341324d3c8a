"""How the copies of bases are kept."""

from dataclasses import dataclass, field

from airtable_gateway.clock import Clock


@dataclass(frozen=True, slots=True)
class Keeping:
    """How copies are kept. `pause_seconds` between two refreshes is the copy's own when it is None.

    `patience_seconds` is how long a caller waits for a first copy.
    """

    pause_seconds: float | None = None
    sweep_seconds: float = 3600.0
    patience_seconds: float = 40.0
    clock: Clock = field(default_factory=Clock)
