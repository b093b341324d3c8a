"""What was looked at and what held, a line each, with the first few that did not."""

from collections.abc import Iterable
from dataclasses import dataclass, field

_SHOWN = 5


@dataclass(slots=True)
class Tally:
    """How many held; `broken` says of each other one what is wrong, `aside` why it cannot be judged."""

    what: str
    held: int = 0
    broken: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    def add(self, name: str, faults: Iterable[str]) -> None:
        """Count one."""
        found = list(faults)
        if found:
            self.broken.append(f"{name}: {'; '.join(found)}")
        else:
            self.held += 1

    @property
    def has_held(self) -> bool:
        """Whether all did, and there was something to look at."""
        return self.held > 0 and not self.broken

    def __str__(self) -> str:
        lines = [f"{self.what}: {self.held} of {self.held + len(self.broken)}"]
        lines += [f"    {one[:400]}" for one in self.broken[:_SHOWN]]
        lines += [f"    set aside: {one[:400]}" for one in self.aside]
        if len(self.broken) > _SHOWN:
            lines.append(f"    and {len(self.broken) - _SHOWN} more")
        return "\n".join(lines)
