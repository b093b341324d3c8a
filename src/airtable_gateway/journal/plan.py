"""What taking a change back would do, step by step, and what stands against it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from airtable_gateway.journal.change import Change, Image, Images

Verb = Literal["restore", "recreate", "remove"]

SameValue = Callable[[str, Any, Any], bool]
"""Whether two values of a part agree, told by the id of the field (or the name of the part)."""

GONE = "no longer there"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: new values for `subject`, or make it again with them, or remove it."""

    verb: Verb
    subject: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a record that is not as the change left it; `part` is a field's name, "" for the whole.

    `before` is what undo would bring back, `left` what the change left there, `now` what is there.
    """

    subject: str
    part: str
    before: Any
    left: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps that take a change back, what is against them, and what will be there after them."""

    change: Change
    steps: tuple[Step, ...]
    differences: tuple[Difference, ...] = ()
    foreseen: Images = field(default_factory=dict)


def plan_of(change: Change, now: Images, same: SameValue, equal: SameValue) -> Plan:
    """The plan for a change whose subjects look like `now`, told by the ids that the change knows.

    What is `equal` to what was before needs no step; what is the `same` as the change left is no difference.
    """
    steps: list[Step] = []
    differences: list[Difference] = []
    for subject, left in change.after.items():
        planner = _Planner(change, subject, now.get(subject), same, equal)
        match change.before.get(subject), left:
            case None, None:
                continue
            case None, Image() as made:
                found = planner.undo_creation(made)
            case Image() as before, None:
                found = planner.undo_deletion(before)
            case Image() as before, Image() as written:
                found = planner.undo_update(before, written)
        steps += found[0]
        differences += found[1]
    return Plan(change, tuple(steps), tuple(differences), _foreseen(now, steps))


_Found = tuple[list[Step], list[Difference]]


@dataclass(frozen=True, slots=True)
class _Planner:
    """Plans for one subject of a change."""

    change: Change
    subject: str
    now: Image | None
    same: SameValue
    equal: SameValue

    def undo_creation(self, made: Image) -> _Found:
        if self.now is None:
            return [], []
        differences = self._differences({}, made.fields, self.now.fields, {**made.fields, **self.now.fields})
        return [Step("remove", self.subject)], differences

    def undo_deletion(self, before: Image) -> _Found:
        if self.now is None:
            return [Step("recreate", self.subject, before.fields)], []
        # It was made again before. What differs now is what somebody changed since.
        return self.undo_update(before, before)

    def undo_update(self, before: Image, left: Image) -> _Found:
        if self.now is None:
            return [], [self._difference("", dict(before.fields), dict(left.fields), GONE)]
        changed = {
            key: value
            for key, value in before.fields.items()
            if not self.equal(key, self.now.fields.get(key), value)
        }
        steps = [Step("restore", self.subject, changed)] if changed else []
        return steps, self._differences(before.fields, left.fields, self.now.fields, changed)

    def _differences(
        self,
        before: Mapping[str, Any],
        left: Mapping[str, Any],
        now: Mapping[str, Any],
        parts: Mapping[str, Any],
    ) -> list[Difference]:
        return [
            self._difference(self.change.names.get(key, key), before.get(key), left.get(key), now.get(key))
            for key in parts
            if not self.same(key, left.get(key), now.get(key))
        ]

    def _difference(self, part: str, before: Any, left: Any, now: Any) -> Difference:
        return Difference(self.subject, part, before, left, now)


def _foreseen(now: Images, steps: list[Step]) -> dict[str, Image | None]:
    """How the subjects look after the steps: what an older change of the same call is planned upon."""
    foreseen = dict(now)
    for step in steps:
        known = foreseen.get(step.subject)
        match step.verb:
            case "remove":
                foreseen[step.subject] = None
            case "recreate":
                foreseen[step.subject] = Image(step.values)
            case "restore" if known:
                foreseen[step.subject] = Image({**known.fields, **step.values}, known.created_time)
    return foreseen
