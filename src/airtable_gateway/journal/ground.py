"""What changes were made on - records, schemas, comments - and how each of them is taken back there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from airtable_gateway.journal.change import Change, Images
from airtable_gateway.journal.plan import Difference, Plan, SameValue, Step
from airtable_gateway.journal.write import Write

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Survey:
    """How the subjects of a change look now, by the ids that it knows them by.

    `same` values hold the same, `equal` ones in the same order, too.
    """

    now: Images
    same: SameValue
    equal: SameValue


@dataclass(slots=True)
class Progress:
    """What is known while changes are taken back.

    `present` gives the present ids of records by old ones, `awaited` are old ids of records that will be made
    again, `absent` are records that are gone, to which nothing can be linked. `losses` is what did not come
    back.
    """

    present: dict[str, str] = field(default_factory=dict)
    awaited: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    losses: list[str] = field(default_factory=list)

    def id_now(self, subject: str) -> str:
        """The present id of a record, comment, table or field."""
        return self.present.get(subject, subject)

    @property
    def awaited_ids(self) -> set[str]:
        """The last ids of what will be made again."""
        return {self.id_now(subject) for subject in self.awaited}

    def replaced(self, subject: str, new_id: str) -> None:
        """Note that the subject was made again, under all the ids that it had."""
        last = self.id_now(subject)
        self.present |= {old: new_id for old, now in self.present.items() if now == last}
        self.present |= {subject: new_id, last: new_id}
        self.awaited.discard(subject)


class Pen(Protocol):
    """Writes in the name of the one who takes back."""

    async def take_back(self, write: Write[T], change: Change, recreates: Sequence[str] = ()) -> T:
        """Write through the journal; `recreates` are the last ids of what is made again, in order."""
        ...


class Ground(Protocol):
    """One kind of thing that changes are made on."""

    async def survey(self, change: Change, progress: Progress) -> Survey:
        """How the subjects of the change look now."""
        ...

    async def obstacles(self, plan: Plan, progress: Progress) -> list[Difference]:
        """What else stands against the plan's steps."""
        ...

    async def recreate(self, pen: Pen, plan: Plan, steps: Sequence[Step], progress: Progress) -> list[Step]:
        """Make the subjects of those steps again; what can be restored only once all others are there."""
        ...

    async def restore(self, pen: Pen, plan: Plan, steps: Sequence[Step], progress: Progress) -> None:
        """Give the subjects of those steps their old values."""
        ...

    async def remove(self, pen: Pen, plan: Plan, steps: Sequence[Step], progress: Progress) -> None:
        """Remove the subjects of those steps."""
        ...
