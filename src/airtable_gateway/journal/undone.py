"""What came of taking changes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from airtable_gateway.journal.change import Change
from airtable_gateway.journal.plan import Difference, Step


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, or would be.

    `call` is the call that took it back ("" when nothing was written): undo that to have the change again.
    `changes` are those that needed a step, `steps` what was done, `new_ids` the ids of records that were made
    again by their old ones, `differences` what had changed since, `losses` what did not come back.
    """

    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    differences: tuple[Difference, ...] = ()
    losses: tuple[str, ...] = ()
    new_ids: Mapping[str, str] = field(default_factory=dict)
    call: str = ""
    written: tuple[Change, ...] = ()


def made_again(changes: Sequence[Change]) -> dict[str, str]:
    """The new ids of what these changes made again, by the ones before."""
    pairs = [
        (change.recreates, [key for key in change.after if key not in change.before]) for change in changes
    ]
    return {old: new for olds, news in pairs for old, new in zip(olds, news, strict=False)}
