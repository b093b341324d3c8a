"""Changes taken back: planned against what is there now, refused where it differs, written as changes."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from airtable_gateway.journal.change import Change, Image
from airtable_gateway.journal.comment_ground import CommentGround
from airtable_gateway.journal.errors import NotUndoable, UndoConflict
from airtable_gateway.journal.ground import Ground, Pen, Progress
from airtable_gateway.journal.plan import Difference, Plan, Step, plan_of
from airtable_gateway.journal.port import Journal, KeptFiles
from airtable_gateway.journal.record_ground import RecordGround
from airtable_gateway.journal.schema_ground import SchemaGround
from airtable_gateway.journal.sight import Sight
from airtable_gateway.journal.undone import Undone

GROUNDS: Mapping[str, Callable[[Sight, KeptFiles], Ground]] = {
    **dict.fromkeys(("create", "update", "replace", "upsert", "delete", "upload_attachment"), RecordGround),
    **dict.fromkeys(("update_table", "update_field"), SchemaGround),
    **dict.fromkeys(("create_comment", "update_comment", "delete_comment"), CommentGround),
}
"""What each operation is taken back on; what is not listed cannot be taken back."""


class Undoing:
    """Changes on the way back."""

    def __init__(self, journal: Journal, sight: Sight) -> None:
        self._journal = journal
        self._sight = sight
        self._grounds: dict[str, Ground] = {}
        self._progress = Progress()
        self.plans: list[Plan] = []
        self.differences: list[Difference] = []

    async def plan(self, changes: Sequence[Change]) -> None:
        """Plan each change upon what those before it will leave, the newest first. Raises NotUndoable."""
        for change in changes:
            _require_undoable(change)
        self._progress.present = await self._journal.renamed(_ids_in(changes))
        foreseen: dict[str, Image | None] = {}
        for change in changes:
            survey = await self._ground(change).survey(change, self._progress)
            ids = {subject: self._progress.id_now(subject) for subject in change.after}
            now = {subject: foreseen.get(key, survey.now.get(subject)) for subject, key in ids.items()}
            plan = plan_of(change, now, survey.same, survey.equal)
            foreseen |= {ids[subject]: image for subject, image in plan.foreseen.items()}
            self.plans.append(plan)
        self._progress.awaited = {
            step.subject for plan in self.plans for step in plan.steps if step.verb == "recreate"
        }
        for plan in self.plans:
            obstacles = await self._ground(plan.change).obstacles(plan, self._progress)
            self.differences += [*plan.differences, *obstacles]

    def require_agreement(self) -> None:
        """Raise UndoConflict when something is not as the changes left it."""
        if self.differences:
            raise UndoConflict([plan.change for plan in self.plans], self.differences)

    async def carry_out(self, pen: Pen) -> Undone:
        """Take the steps: make again what others lean on, then restore values, then remove."""
        later: list[tuple[Plan, Step]] = []
        for plan, ground, steps in self._of("recreate"):
            later += [(plan, step) for step in await ground.recreate(pen, plan, steps, self._progress)]
        for plan, ground, steps in self._of("restore"):
            await ground.restore(pen, plan, steps, self._progress)
        for plan, pairs in groupby(later, key=lambda pair: pair[0]):
            steps = [step for _, step in pairs]
            await self._ground(plan.change).restore(pen, plan, steps, self._progress)
        for plan, ground, steps in self._of("remove"):
            await ground.remove(pen, plan, steps, self._progress)
        return self.result()

    def result(self) -> Undone:
        """What was done, or would be."""
        steps = tuple(step for plan in self.plans for step in plan.steps)
        made = [step.subject for step in steps if step.verb == "recreate"]
        present = self._progress.present
        return Undone(
            changes=tuple(plan.change for plan in self.plans if plan.steps),
            steps=steps,
            differences=tuple(self.differences),
            losses=tuple(dict.fromkeys([*_losses(self.plans), *self._progress.losses])),
            new_ids={subject: present[subject] for subject in made if subject in present},
        )

    def _of(self, verb: str) -> list[tuple[Plan, Ground, list[Step]]]:
        """The steps of that verb, plan by plan, where there are any."""
        found = [(plan, [step for step in plan.steps if step.verb == verb]) for plan in self.plans]
        return [(plan, self._ground(plan.change), steps) for plan, steps in found if steps]

    def _ground(self, change: Change) -> Ground:
        make = GROUNDS[change.operation]
        return self._grounds.setdefault(make.__name__, make(self._sight, self._journal))


def _require_undoable(change: Change) -> None:
    reasons = {
        "intended": "it is still under way.",
        "refused": "it was refused, so that nothing was changed.",
        "unknown": "nobody knows whether it was applied: look at the records.",
    }
    if change.state in reasons:
        raise NotUndoable(change, reasons[change.state])
    if change.undo.level == "none" or change.operation not in GROUNDS:
        raise NotUndoable(change, f"{'; '.join(change.undo.losses)}.")


def _losses(plans: Sequence[Plan]) -> list[str]:
    """What the changes that need steps had said would not come back, and what they changed unseen."""
    promised = [loss for plan in plans if plan.steps for loss in plan.change.undo.losses]
    return [*promised, *(f"{key}: it was changed unseen" for plan in plans for key in _unseen(plan.change))]


def _unseen(change: Change) -> list[str]:
    """The records that an upsert changed, and that its merge fields had not told beforehand."""
    if change.operation != "upsert" or not isinstance(change.answer, dict):
        return []
    return [key for key in change.answer["updated"] if key not in change.after]


def _ids_in(changes: Sequence[Change]) -> list[str]:
    """Every id that may have another by now: the subjects, what cells link to, files."""
    ids: dict[str, None] = {}
    for change in changes:
        for subject, image in [*change.before.items(), *change.after.items()]:
            ids[subject] = None
            values = image.fields.values() if image else ()
            items = [item for value in values if isinstance(value, list) for item in value]
            named = [item.get("id") if isinstance(item, dict) else item for item in items]
            ids.update({key: None for key in named if isinstance(key, str)})
        parent = change.arguments.get("record_id")
        ids.update({parent: None} if isinstance(parent, str) else {})
    return list(ids)
