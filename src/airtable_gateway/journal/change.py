"""One change of a base as the journal keeps it: by whom, what was there before, what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from airtable_gateway.journal.author import Author

Operation = Literal[
    "create",
    "update",
    "replace",
    "upsert",
    "delete",
    "create_base",
    "create_table",
    "update_table",
    "create_field",
    "update_field",
    "create_comment",
    "update_comment",
    "delete_comment",
    "upload_attachment",
    "forward",
]

State = Literal["intended", "applied", "refused", "unknown"]
"""intended: no outcome yet; applied: it is so; refused: nothing was changed; unknown: nobody can tell."""

UndoLevel = Literal["full", "partial", "none"]


@dataclass(frozen=True, slots=True)
class UndoPromise:
    """How far a change can be taken back, said before it is made; `losses` is what cannot come back."""

    level: UndoLevel
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """What something looked like: a record's cells by field id, or the parts of a table or a field."""

    fields: Mapping[str, Any]
    created_time: str = ""


Images = Mapping[str, Image | None]
"""Images by the id of what they show; None where nothing of that id was there."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a change was refused, or why nobody knows what became of it; in the words of the error."""

    code: str
    message: str
    hint: str = ""
    status: int | None = None
    type: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change was made; the names are those of that time, `table_id` is "" for a change of a base."""

    base_id: str
    base: str
    table_id: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A change. `call` groups those that were written through one signed view; `step` counts them.

    `claim` is the call's key with its principal, "" where a later call may have the key. `names` are the
    fields' names of that time by id. `undoes` is the change that this one took back; `recreates` the old ids
    of the records that it makes again, in order; `undone_by` the call that took this one back.
    """

    id: str
    call: str
    step: int
    at: datetime
    author: Author
    operation: Operation
    place: Place
    arguments: Mapping[str, Any]
    undo: UndoPromise
    before: Images = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    claim: str = ""
    undoes: str = ""
    recreates: tuple[str, ...] = ()
    state: State = "intended"
    after: Images = field(default_factory=dict)
    answer: Any = None
    failure: Failure | None = None
    undone_by: str = ""

    @property
    def subjects(self) -> tuple[str, ...]:
        """The ids of what was changed; of what may have been, while the outcome is not known.

        More may stand in `before`: an upsert looks at all that it might meet.
        """
        return tuple(self.after if self.state == "applied" and self.after else self.seen)

    @property
    def seen(self) -> tuple[str, ...]:
        """The ids of everything that has an image."""
        return tuple(dict.fromkeys([*self.before, *self.after]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change; `made` are the ids of what it made, in order.

    `frees_key`: nothing was done, for a reason that passes, so that the key may be used again.
    """

    state: State
    after: Images = field(default_factory=dict)
    answer: Any = None
    failure: Failure | None = None
    made: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    frees_key: bool = False
