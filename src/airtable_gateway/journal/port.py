"""What the gateway asks of a journal, whatever keeps it."""

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from airtable_gateway.journal.change import Change, Outcome


@dataclass(frozen=True, slots=True)
class ChangeQuery:
    """Which changes, newest first; what is empty does not select. `base` and `table` are names or ids."""

    base: str = ""
    table: str = ""
    record: str = ""
    principal: str = ""
    call: str = ""
    undoes: str = ""
    since: datetime | None = None
    limit: int = 50
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Some changes, and where the list goes on; `cursor` "" at the end."""

    changes: tuple[Change, ...]
    cursor: str = ""


class Ledger(Protocol):
    """The changes themselves. What was written is kept when the method returns, however the process ends.

    `begin` and `settle` may be done when they are called: what they give is awaited all the same.
    Intents are on the disk then, or after `bring_to_disk`, which is called before a write is sent. An outcome
    may follow a second later, and a power cut before that leaves the intent without one, as if its process
    had been killed.
    """

    def begin(self, change: Change) -> Awaitable[Change | None]:
        """Write an intent down; or, when another change has its claim, write nothing and give that one."""
        ...

    def bring_to_disk(self) -> None:
        """Return once every intent that was begun before is on the disk; any thread may call.

        Raises JournalUnusable.
        """
        ...

    def settle(self, change_id: str, outcome: Outcome) -> Awaitable[None]:
        """Write down what became of an intent, and the new ids of records that it made again."""
        ...

    async def change(self, change_id: str) -> Change | None:
        """The change of that id."""
        ...

    async def claimed(self, claim: str) -> Change | None:
        """The change that has this claim."""
        ...

    async def changes(self, query: ChangeQuery) -> ChangePage:
        """The changes that the query selects, newest first. Raises ValueError for a cursor of its own."""
        ...


class Succession(Protocol):
    """What outlives a process: intents without outcome, records under new ids, changes taken back."""

    async def take_over(self) -> list[Change]:
        """The intents of processes that have ended, oldest first; they are this process's from now on."""
        ...

    async def renamed(self, record_ids: Iterable[str]) -> dict[str, str]:
        """The present ids of those records that were made again, by the ids that were asked for."""
        ...

    async def note_undone(self, change_id: str, by: str) -> None:
        """Note which call took a change back; "" when the change is in force again."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget what was settled, and files that were kept, before that; how many changes were forgotten."""
        ...


class KeptFiles(Protocol):
    """Files by the ids of their attachments."""

    async def keep_file(self, attachment_id: str, content: bytes) -> None:
        """Keep the file until it is pruned."""
        ...

    async def file(self, attachment_id: str) -> bytes | None:
        """The file, None when it is not kept."""
        ...


class Journal(Ledger, Succession, KeptFiles, Protocol):
    """A journal; `async with journal:` opens and closes it, and it may be used only in between."""

    async def __aenter__(self) -> Self:
        """Make ready for use."""
        ...

    async def __aexit__(self, *exc: object) -> None:
        """Close what was opened."""
        ...
