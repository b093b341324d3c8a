"""Who calls a tool, by what key the call is known, and whether the person behind it can be asked."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Ask = Callable[[str, str], Awaitable[bool]]
"""Puts a question to the person, with the digest of what it is about; whether they agree."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The principal ("local" over stdio), the idempotency key ("" for none), and how to ask, None if not.

    `sees_all_changes`: also what others changed is shown, and may be taken back.
    """

    principal: str = "local"
    key: str = ""
    ask: Ask | None = None
    sees_all_changes: bool = True

    @property
    def is_local(self) -> bool:
        """Whether they sit at this machine, so that a path of a file says something to them."""
        return self.principal == "local"


NOBODY = Caller()
"""The caller before there is a call."""
