"""A request to Airtable as a value: what it is about, how to send and read it, whether to repeat it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from airtable_gateway.transport.translation import Subject

if TYPE_CHECKING:
    from airtable_gateway.caching.kept import Kept
    from airtable_gateway.joining.joint import Joint
    from airtable_gateway.transport.connection import Connection

T = TypeVar("T")


class Repeat(Enum):
    """When a request may be sent a second time."""

    ALWAYS = "a read: nothing changes"
    IDEMPOTENT = "a write that finds its records by id or key: twice is as once"
    NEVER = (
        "a create: Airtable has no idempotency key, and twice would be two; unless it surely was not applied"
    )


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request. `send` runs in a thread and gives the answer's JSON; `read` makes a value of it.

    `joint` says how it goes together with others of its kind, None when it goes alone; `kept` how its answer
    is kept, None when it is not; and `reshapes` whether it may change the schema.
    """

    subject: Subject
    repeat: Repeat
    send: "Callable[[Connection], Any]"
    read: Callable[[Any], T]
    joint: "Joint[T] | None" = None
    kept: "Kept[T] | None" = None
    reshapes: bool = False


class Line(Protocol):
    """Something that sends calls; one may stand around another."""

    async def send(self, call: Call[T]) -> T:
        """What the call reads from Airtable's answer. Raises AirtableError."""
        ...
