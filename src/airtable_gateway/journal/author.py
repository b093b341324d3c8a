"""Who a write is by: the principal, the tool that they used, and the key that names the call."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Author:
    """The signature of a write; `key` "" means that the call may not be told from another like it.

    A key is the principal's own word for one call: the same key again is the same call again.
    """

    principal: str = "unknown"
    tool: str = ""
    key: str = ""
