"""A call as it is seen from outside."""

from dataclasses import dataclass
from typing import Literal, Protocol

Outcome = Literal["ok", "refused", "asked", "error", "cancelled"]
"""Answered; answered with why not; waits for the person's answer; failed in the protocol; given up."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A call that ended, at `ended` of the clock; `bytes` is the size of the answer's text.

    `base` is as the caller wrote it.
    """

    principal: str
    tool: str
    base: str
    seconds: float
    bytes: int
    outcome: Outcome
    ended: float


class Observer(Protocol):
    """Is told of calls; never fails and never waits."""

    def saw(self, call: Seen) -> None:
        """A call ended."""
        ...
