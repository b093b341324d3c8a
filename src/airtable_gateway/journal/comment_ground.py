"""Taking changes of comments back: texts as they were, deleted ones written again, new ones deleted."""

from collections.abc import Sequence
from typing import Any

from airtable_gateway.journal.change import Change, Image
from airtable_gateway.journal.comment_writes import (
    CreateComment,
    DeleteComment,
    UpdateComment,
    comment_image,
)
from airtable_gateway.journal.ground import Pen, Progress, Survey
from airtable_gateway.journal.plan import GONE, Difference, Plan, Step
from airtable_gateway.journal.port import KeptFiles
from airtable_gateway.journal.sight import Sight


class CommentGround:
    """See `Ground`."""

    def __init__(self, sight: Sight, _: KeptFiles) -> None:
        self._sight = sight
        self._gone: set[str] = set()

    async def survey(self, change: Change, progress: Progress) -> Survey:
        """See `Ground.survey`."""
        now = {subject: await self._now(change, progress, subject) for subject in change.after}

        def same(_: str, one: Any, other: Any) -> bool:
            return bool(one == other)

        return Survey(now, same, same)

    async def obstacles(self, plan: Plan, progress: Progress) -> list[Difference]:
        """See `Ground.obstacles`: the record is gone."""
        record_id = _record(plan.change, progress)
        if plan.steps and record_id in self._gone:
            return [Difference(record_id, "", None, None, GONE)]
        return []

    async def recreate(self, pen: Pen, plan: Plan, steps: Sequence[Step], progress: Progress) -> list[Step]:
        """See `Ground.recreate`."""
        place = plan.change.place
        for step in steps:
            parent = step.values.get("parentId")
            write = CreateComment(
                place.base_id,
                place.table_id,
                _record(plan.change, progress),
                step.values["text"],
                progress.id_now(parent) if parent else None,
            )
            last_id = progress.id_now(step.subject)
            made = await pen.take_back(write, plan.change, [last_id])
            progress.replaced(step.subject, made.id)
        return []

    async def restore(self, pen: Pen, plan: Plan, steps: Sequence[Step], progress: Progress) -> None:
        """See `Ground.restore`."""
        place, record_id = plan.change.place, _record(plan.change, progress)
        for step in steps:
            comment_id, text = progress.id_now(step.subject), step.values["text"]
            write = UpdateComment(place.base_id, place.table_id, record_id, comment_id, text)
            await pen.take_back(write, plan.change)

    async def remove(self, pen: Pen, plan: Plan, steps: Sequence[Step], progress: Progress) -> None:
        """See `Ground.remove`."""
        place, record_id = plan.change.place, _record(plan.change, progress)
        for step in steps:
            comment_id = progress.id_now(step.subject)
            await pen.take_back(
                DeleteComment(place.base_id, place.table_id, record_id, comment_id), plan.change
            )

    async def _now(self, change: Change, progress: Progress, subject: str) -> Image | None:
        spot = await self._sight.spot(change.place.base_id, change.place.table_id)
        record_id = _record(change, progress)
        records = await self._sight.records(spot, [record_id])
        if records[record_id] is None:
            self._gone.add(record_id)
            return None
        comment = await self._sight.comment(spot, record_id, progress.id_now(subject))
        return comment_image(comment) if comment else None


def _record(change: Change, progress: Progress) -> str:
    """The record that the comment is on, under its present id."""
    record_id: Any = change.arguments["record_id"]
    return progress.id_now(record_id)
