"""What a check found."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` says how to mend it, "" where nothing needs mending."""

    check: str
    status: Status
    found: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """Makes the findings of one check."""

    check: str

    def ok(self, found: str) -> Finding:
        """Nothing needs mending."""
        return Finding(self.check, "ok", found)

    def warning(self, found: str, remedy: str) -> Finding:
        """It works, and may surprise somebody."""
        return Finding(self.check, "warning", found, remedy)

    def wrong(self, found: str, remedy: str) -> Finding:
        """It cannot work."""
        return Finding(self.check, "wrong", found, remedy)
