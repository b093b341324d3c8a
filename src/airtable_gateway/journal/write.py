"""A write as a value: what to look at before, how to send it, what to note of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from airtable_gateway.gateway import Gateway
from airtable_gateway.journal.change import Change, Images, Operation, Outcome, UndoPromise
from airtable_gateway.journal.sight import Sight, Spot

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Before:
    """What was seen before a write: the table, what is to be changed, and what undo can promise."""

    spot: Spot
    undo: UndoPromise
    images: Images = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


class Described(Protocol[T]):
    """What a journal notes of a write, whoever sends it."""

    @property
    def operation(self) -> Operation:
        """The name of what it does."""
        ...

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Everything that tells this call from another one."""
        ...

    @property
    def record_ids(self) -> tuple[str, ...]:
        """The records that it names, so that no other write touches them meanwhile."""
        ...

    async def look(self, sight: Sight) -> Before:
        """What is there now. Raises AirtableError where the names are wrong or nothing can be read."""
        ...

    def applied(self, before: Before, answer: T) -> Outcome:
        """What is there after Airtable answered so."""
        ...

    def replay(self, change: Change) -> T:
        """The answer that an earlier call got, as the journal kept it."""
        ...


class Write(Described[T], Protocol[T]):
    """A write that a journal can note and send."""

    async def send(self, inner: Gateway) -> T:
        """Airtable's answer. Raises AirtableError."""
        ...
