"""What can go wrong with a journaled write or with taking one back.

AirtableError
└── JournalError
    ├── KeyReused         the key names another call
    ├── ChangeNotFound    the journal has no such change
    ├── NotUndoable       the change cannot be taken back, now or ever
    ├── UndoConflict      what was changed has been changed again since
    └── JournalUnusable   what keeps the journal cannot be read or written
"""

from collections.abc import Sequence

from airtable_gateway.errors import AirtableError
from airtable_gateway.journal.change import Change
from airtable_gateway.journal.plan import Difference

_SHOWN = 300
_TOLD_DIFFERENCES = 10


class JournalError(AirtableError):
    """The journal stands in the way of a write, or of taking one back."""

    code = "journal_error"


class KeyReused(JournalError):
    """An idempotency key names one call, and was given to another one."""

    code = "idempotency_key_reused"
    hint = "Give a new key to a new call; repeat a call with the arguments that it had."

    def __init__(self, key: str, first: str, second: str) -> None:
        super().__init__(
            f"The idempotency key {key!r} was used for {_shortened(first)}, "
            f"and is now used for {_shortened(second)}."
        )
        self.key = key


class ChangeNotFound(JournalError):
    """The journal has no change or call of that id."""

    code = "change_not_found"
    hint = "List the changes to see their ids; old ones are forgotten after a while."

    def __init__(self, change_id: str) -> None:
        super().__init__(f"There is no change {change_id!r} in the journal.")


class NotUndoable(JournalError):
    """The change cannot be taken back."""

    code = "not_undoable"

    def __init__(self, change: Change, reason: str) -> None:
        super().__init__(f"Change {change.id} ({change.operation}) cannot be undone: {reason}")
        self.change = change


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


class JournalUnusable(JournalError):
    """What keeps the journal cannot be read or written: no journal, a newer one, a full disk, no server."""

    code = "journal_unusable"
    hint = "Put that right, or move the journal away to begin a new one, or set JOURNAL=off to have none."

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"The journal {path} cannot be used: {reason}.")


class UndoConflict(JournalError):
    """What was changed has been changed again since; `differences` tells each part."""

    code = "undo_conflict"
    hint = (
        "Look at the differences; undo the later changes first, or force it to overwrite what is there now."
    )

    def __init__(self, changes: Sequence[Change], differences: Sequence[Difference]) -> None:
        told = "; ".join(map(_told, differences[:_TOLD_DIFFERENCES]))
        more = len(differences) - _TOLD_DIFFERENCES
        super().__init__(
            f"{', '.join(change.id for change in changes)} cannot be undone: things have changed since. "
            f"{told}{f'; and {more} more' if more > 0 else ''}."
        )
        self.changes = tuple(changes)
        self.differences = tuple(differences)


def _told(difference: Difference) -> str:
    """One difference in a line."""
    before, left, now = (
        _shortened(repr(value)) for value in (difference.before, difference.left, difference.now)
    )
    where = f"{difference.subject} {difference.part}".strip()
    return f"{where}: undo would bring back {before}, the change left {left}, now there is {now}"
