"""Taking changes of tables and fields back: names, descriptions and options as they were."""

from collections.abc import Mapping, Sequence
from typing import Any

from airtable_gateway.errors import FieldNotFound, TableNotFound
from airtable_gateway.journal.change import Change, Image
from airtable_gateway.journal.ground import Pen, Progress, Survey
from airtable_gateway.journal.plan import Difference, Plan, Step
from airtable_gateway.journal.port import KeptFiles
from airtable_gateway.journal.schema_changes import UpdateField, UpdateTable
from airtable_gateway.journal.schema_images import field_image, table_image
from airtable_gateway.journal.sight import Sight

_TOLD = frozenset(
    {"isValid", "result", "referencedFieldIds", "isReversed", "prefersSingleRecordLink", "inverseLinkFieldId"}
)
"""Options that Airtable tells and does not take."""


class SchemaGround:
    """See `Ground`. Nothing is made or removed here: Airtable's API does not delete tables and fields."""

    def __init__(self, sight: Sight, _: KeptFiles) -> None:
        self._sight = sight

    async def survey(self, change: Change, progress: Progress) -> Survey:  # noqa: ARG002 - ids do not change
        """See `Ground.survey`."""
        now = {subject: await self._now(change, subject) for subject in change.after}

        def same(_: str, one: Any, other: Any) -> bool:
            return bool(_taken(one) == _taken(other))

        return Survey(now, same, same)

    async def obstacles(self, plan: Plan, progress: Progress) -> list[Difference]:  # noqa: ARG002 - as above
        """See `Ground.obstacles`: there are none."""
        return []

    async def recreate(self, pen: Pen, plan: Plan, steps: Sequence[Step], progress: Progress) -> list[Step]:
        """See `Ground.recreate`: no plan has such steps."""
        raise NotImplementedError

    async def restore(
        self,
        pen: Pen,
        plan: Plan,
        steps: Sequence[Step],
        progress: Progress,  # noqa: ARG002 - ids do not change
    ) -> None:
        """See `Ground.restore`."""
        place = plan.change.place
        for step in steps:
            values = {key: _taken(value) for key, value in step.values.items()}
            if plan.change.operation == "update_table":
                await pen.take_back(UpdateTable(place.base_id, step.subject, **values), plan.change)
            else:
                write = UpdateField(place.base_id, place.table_id, step.subject, **values)
                await pen.take_back(write, plan.change)

    async def remove(self, pen: Pen, plan: Plan, steps: Sequence[Step], progress: Progress) -> None:
        """See `Ground.remove`: no plan has such steps."""
        raise NotImplementedError

    async def _now(self, change: Change, subject: str) -> Image | None:
        place = change.place
        try:
            spot = await self._sight.spot(place.base_id, place.table_id, fresh=True)
            if spot.schema is None:
                return None
            if change.operation == "update_table":
                return table_image(spot.schema)
            return field_image(spot.schema.field(subject))
        except (TableNotFound, FieldNotFound):
            return None


def _taken(value: Any) -> Any:
    """The options that Airtable takes; any other part is as it is."""
    if not isinstance(value, Mapping):
        return value
    return {key: option for key, option in value.items() if key not in _TOLD}
