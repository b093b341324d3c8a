"""What of a call can be joined with others of its kind, and how its own answer is found again."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from airtable_gateway.calls.call import Call

T = TypeVar("T")


class Apart(Exception):
    """The joined answer says nothing about this call, which has to be sent by itself."""


@dataclass(frozen=True, slots=True)
class Joint(Generic[T]):
    """The side of a call at which others join.

    Calls of one `key` (method, table and options) go together, up to `limit` parts, never two that touch the
    same record. `join` makes the request of all their parts; its answer has one item for each, in order, and
    `own` makes this call's value from its own items, or raises Apart.
    """

    key: Hashable
    parts: tuple[Any, ...]
    limit: int
    join: "Callable[[Sequence[Any]], Call[Any]]"
    own: Callable[[Sequence[Any]], T]
    touches: frozenset[str] = field(default=frozenset())
